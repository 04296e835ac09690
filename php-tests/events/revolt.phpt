--TEST--
Where Revolt's loop is there, it runs beside the updates: timers tick, handlers that wait let others begin, signals end it
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler;
use Revolt\EventLoop;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$api = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
unset($api);

$script = <<<'PHP'
    <?php
    use Revolt\EventLoop;
    require REVOLT;
    final class Bot extends danog\MadelineProto\EventHandler
    {
        private int $ticks = 0;
        private int $left = 3;

        public function onStart(): void
        {
            EventLoop::repeat(0.02, function () { ++$this->ticks; });
            EventLoop::queue(function () {
                echo 'in a fiber: ', $this->getSelf()['username'], "\n";
            });
            echo "started\n";
        }
        public function onUpdateNewMessage(array $update): void
        {
            $text = $update['message']['message'];
            if ($update['message']['out'] || !is_numeric($text)) {
                return;
            }
            echo "begin $text\n";
            $suspension = EventLoop::getSuspension();
            EventLoop::delay($text / 10, fn () => $suspension->resume());
            $suspension->suspend();
            $this->messages->sendMessage(peer: $update, message: "waited");
            echo "end $text\n";
            if ($text === '4') {
                echo $this->ticks > 5 ? "it ticked\n" : "it did not tick\n";
                $this->sleep(0.1);
                exit(6);
            }
        }
        public function onStop(): void
        {
            echo "stopped\n";
        }
    }
    Bot::startAndLoop('live.madeline');
    echo "after the loop\n";
    PHP;
$script = str_replace('REVOLT', var_export(dirname(__DIR__) . '/support/revolt.php', true), $script);

$bot = $sandbox->background($script, 'exit')->printed('in a fiber');
foreach ([4, 2, 0] as $text) {
    $sandbox->push('alice', 'live', $text);
}
echo $bot->wait(), "\n", $bot->output();

$bot = $sandbox->background($script, 'signal')->printed('in a fiber');
$sandbox->push('alice', 'live', '1');
$bot->printed('begin 1')->signal(SIGTERM);
echo $bot->wait(), "\n", $bot->output();
?>
--EXPECT--
6
started
in a fiber: live_bot
begin 4
begin 2
begin 0
end 0
end 2
end 4
it ticked
stopped
0
started
in a fiber: live_bot
begin 1
end 1
stopped
after the loop
