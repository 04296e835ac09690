--TEST--
Signals, exit() and the end of the script: the handler in hand is finished, onStop() runs, then what Shutdown knows
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(arguments: '--control 0');
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

const HANDLER = <<<'PHP'
    <?php
    use danog\MadelineProto\Shutdown;
    class Bot extends danog\MadelineProto\EventHandler
    {
        public function onStart(): void
        {
            Shutdown::addCallback(function () { echo "hook\n"; });
            Shutdown::addCallback(function () { echo "never\n"; }, 'removed');
            var_dump(Shutdown::removeCallback('removed'), Shutdown::removeCallback('removed'));
            register_shutdown_function(function () { echo "shut down\n"; });
            echo "started\n";
        }
        public function onUpdateNewMessage(array $update): void
        {
            $text = $update['message']['message'];
            echo "begin $text\n";
            if ($text === 'exit') {
                exit(7);
            }
            if ($text === 'endless') {
                while (true);
            }
            if ($text === 'long') {
                $end = microtime(true) + 1;
                while (microtime(true) < $end);
            }
            echo "end $text\n";
        }
        public function onStop(): void
        {
            echo "stop\n";
        }
    }
    PHP;

const RUN = <<<'PHP'

    Bot::startAndLoop('live.madeline');
    echo "after the loop\n";
    exit(3);
    PHP;

function report(string $what, Background $script): void
{
    $status = $script->wait();
    echo "== $what: $status\n", $script->output();
}

$script = $sandbox->background(HANDLER . RUN, 'idle')->printed('started');
$script->signal(SIGINT)->printed('after the loop');
report('SIGINT while nothing happens', $script);

$script = $sandbox->background(HANDLER . RUN, 'busy')->printed('started');
$sandbox->push('alice', 'live', 'long');
$script->printed('begin long')->signal(SIGTERM);
report('SIGTERM during a handler', $script);

$script = $sandbox->background(HANDLER . RUN, 'exit')->printed('started');
$sandbox->push('alice', 'live', 'exit');
report('exit() in a handler', $script);

// The script's own handlers go first.
$own = <<<'PHP'

    pcntl_async_signals(true);
    pcntl_signal(SIGINT, function () { echo "own handler\n"; });
    pcntl_signal(SIGTERM, function () { throw new RuntimeException('own exception'); });
    try {
        Bot::startAndLoop('live.madeline');
    } catch (RuntimeException $e) {
        echo $e->getMessage(), "\n";
    }
    PHP;
$script = $sandbox->background(HANDLER . $own, 'own')->printed('started');
$script->signal(SIGINT)->printed('own handler')->signal(SIGTERM);
report('handlers of the script', $script);

$script = $sandbox->background(HANDLER . "\npcntl_signal(SIGINT, function () { echo \"dispatched\\n\"; exit(6); });\nBot::startAndLoop('live.madeline');", 'dispatch')->printed('started');
report('a handler without pcntl_async_signals()', $script->signal(SIGINT));

$script = $sandbox->background(HANDLER . "\nclass Quiet extends Bot { public function onStop(): void { exit(9); } }\nQuiet::startAndLoop('live.madeline');", 'stop')->printed('started');
report('exit() in onStop()', $script->signal(SIGTERM));

// Last: it is not done with its update, and would get it again.
$script = $sandbox->background(HANDLER . RUN, 'endless')->printed('started');
$sandbox->push('alice', 'live', 'endless');
$script->printed('begin endless')->signal(SIGINT);
usleep(200_000);
$script->signal(SIGINT);
report('a second SIGINT', $script);
?>
--EXPECT--
== SIGINT while nothing happens: 3
bool(true)
bool(false)
started
stop
after the loop
hook
shut down
== SIGTERM during a handler: 3
bool(true)
bool(false)
started
begin long
end long
stop
after the loop
hook
shut down
== exit() in a handler: 7
bool(true)
bool(false)
started
begin exit
stop
hook
shut down
== handlers of the script: 0
bool(true)
bool(false)
started
own handler
stop
own exception
hook
shut down
== a handler without pcntl_async_signals(): 6
bool(true)
bool(false)
started
dispatched
stop
hook
shut down
== exit() in onStop(): 9
bool(true)
bool(false)
started
hook
shut down
== a second SIGINT: signal 2
bool(true)
bool(false)
started
begin endless
