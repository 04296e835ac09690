--TEST--
Handlers that call themselves and the API again, and what others do while one waits: destroy its objects, fork, end the loop
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');
$push = fn (string $text) => $sandbox->push('alice', 'live', $text);

// A handler within a handler, each with a call.
class Recursive extends EventHandler
{
    private int $depth = 0;

    public function onStart(): void
    {
        $GLOBALS['push']('recursion');
    }

    public function onUpdateNewMessage(array $update): void
    {
        if ($update['message']['out']) {
            return;
        }
        $text = $update['message']['message'];
        if (++$this->depth < 200) {
            $this->getInfo(5000001);
            $this->onUpdateNewMessage($update);
            return;
        }
        echo "$this->depth deep: $text\n";
        $this->messages->sendMessage(peer: $update, message: 'from the depth');
        $this->stop();
    }
}
Recursive::startAndLoop($sandbox->path('live.madeline'));
echo "-\n";

// What a handler needs that waits is destroyed meanwhile.
class Waiting extends EventHandler
{
    public function onUpdateNewMessage($update)
    {
        if ($update['message']['out']) {
            return;
        }
        if ($update['message']['message'] === 'wait') {
            echo "waits\n";
            $this->sleep(0.3);
            echo $this->getSelf()['username'], "\n";
            $this->stop();
        } else {
            $GLOBALS['api']->unsetEventHandler();
            unset($GLOBALS['api'], $GLOBALS['handler']);
            gc_collect_cycles();
            echo "destroyed what it had\n";
        }
    }

    public function __destruct()
    {
        echo "handler destroyed\n";
    }
}
$api = new API($sandbox->path('live.madeline'));
$api->start();
$handler = new Waiting($api);
$api->setEventHandler($handler);
$push('wait');
$push('destroy');
$api->loop();
echo "-\n";

// A fork while another handler waits, and one by the handler that has waited: their parent handles the rest.
$script = $sandbox->background(<<<'PHP'
    <?php
    class Forking extends danog\MadelineProto\EventHandler
    {
        public function onStart() { echo "started\n"; }
        public function onUpdateNewMessage($update)
        {
            $text = $update['message']['message'];
            if ($text === 'wait') {
                echo "waits\n";
                $this->sleep(0.5);
                echo "has waited\n";
                $this->fork('afterwards');
                $this->stop();
            } elseif ($text === 'fork') {
                $this->fork('meanwhile');
            }
        }
        private function fork(string $when)
        {
            $pid = pcntl_fork();
            if ($pid !== 0) {
                pcntl_waitpid($pid, $status);
                echo "child $when: ", pcntl_wexitstatus($status), "\n";
            }
        }
        public function onStop() { echo "stopped\n"; }
    }
    try {
        Forking::startAndLoop('live.madeline');
    } catch (\danog\MadelineProto\Exception $e) {
        echo $e->getMessage(), "\n";
        exit(4);
    }
    PHP, 'fork')->printed('started');
$push('wait');
$script->printed('waits');
$push('fork');
var_dump($script->wait());
echo $script->output(), "-\n";

// exit() ends the script while another handler waits: that one's update comes again.
$bot = <<<'PHP'
    <?php
    class Ending extends danog\MadelineProto\EventHandler
    {
        public function onStart() { echo "started\n"; }
        public function onUpdateNewMessage($update)
        {
            $text = $update['message']['message'];
            echo "begin $text\n";
            if ($text === 'wait') {
                $this->sleep(SECONDS);
            } elseif ($text === 'exit') {
                exit(6);
            }
            echo "end $text\n";
            $text === 'last' and $this->stop();
        }
    }
    Ending::startAndLoop('live.madeline');
    PHP;
$script = $sandbox->background(str_replace('SECONDS', '600', $bot), 'exit')->printed('started');
$push('wait');
$script->printed('begin wait');
$push('handled');
$script->printed('end handled');
$push('exit');
var_dump($script->wait());
$push('last');
$again = $sandbox->background(str_replace('SECONDS', '0', $bot), 'again');
var_dump($again->wait());
echo $script->output(), "-\n", $again->output();
?>
--EXPECT--
200 deep: recursion
-
waits
destroyed what it had
live_bot
handler destroyed
-
int(0)
started
waits
this process is a fork, made by a handler: only its parent goes on with the loop
child meanwhile: 4
has waited
this process is a fork, made while a call was waiting for its answer: only its parent gets it
child afterwards: 4
stopped
-
int(6)
int(0)
started
begin wait
begin handled
end handled
begin exit
-
started
begin wait
begin last
end last
end wait
