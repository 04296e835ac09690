--TEST--
A handler that waits holds up no plugin; what they throw is made known, and after a crash all get what one had in hand
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

const BOT = <<<'PHP'
    <?php
    use danog\MadelineProto\PluginEventHandler;
    trait Notes
    {
        public function onUpdateNewMessage(array $update): void
        {
            $text = $update['message']['message'];
            $name = self::class;
            echo "$name begins $text\n";
            if ($text === 'wait') {
                $this->sleep(self::SECONDS);
            } elseif ($text === 'throw' && $name === 'Second') {
                $this->sleep(0.1);
                throw new LogicException('of a plugin that has waited');
            } elseif ($text === 'stop' && $name === 'Third') {
                $this->sleep(0.2);
                $this->stop();
            }
            echo "$name ends $text\n";
        }
    }
    final class Second extends PluginEventHandler
    {
        use Notes;
        const SECONDS = 0.2;
    }
    final class Third extends PluginEventHandler
    {
        use Notes;
        const SECONDS = 0.1;
    }
    class First extends danog\MadelineProto\EventHandler
    {
        use Notes;
        const SECONDS = LONG;
        public static function getPlugins(): array
        {
            return [Second::class, Third::class];
        }
        public function onStart(): void
        {
            echo "started\n";
        }
    }
    First::startAndLoop('live.madeline');
    PHP;

function show(Background $script): void
{
    echo preg_replace(['/^(#|Stack).*\n/m', '/ in .*/'], '', $script->output()), "-\n";
}

$script = $sandbox->background(str_replace('LONG', '0.4', BOT), 'one')->printed('started');
$sandbox->push('alice', 'live', 'wait');
$script->printed('First ends wait');
$sandbox->push('alice', 'live', 'throw');
$script->printed('LogicException');
$sandbox->push('alice', 'live', 'stop');
$script->wait();
show($script);

$script = $sandbox->background(str_replace('LONG', '600', BOT), 'two')->printed('started');
$sandbox->push('alice', 'live', 'wait');
$script->printed('Second ends wait')->kill();
$sandbox->push('alice', 'live', 'stop');
$script = $sandbox->background(str_replace('LONG', '0.4', BOT), 'three');
$script->wait();
$lines = array_filter(explode("\n", $script->output()), fn (string $line) => str_contains($line, 'wait'));
sort($lines);
echo implode("\n", $lines), "\n";
?>
--EXPECT--
started
First begins wait
Second begins wait
Third begins wait
Third ends wait
Second ends wait
First ends wait
First begins throw
First ends throw
Second begins throw
Third begins throw
Third ends throw
LogicException: of a plugin that has waited
First begins stop
First ends stop
Second begins stop
Second ends stop
Third begins stop
Third ends stop
-
First begins wait
First ends wait
Second begins wait
Second ends wait
Third begins wait
Third ends wait
