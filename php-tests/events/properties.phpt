--TEST--
Properties that a handler names are kept by the session: over ends, signals, exit() and a process that is killed
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(arguments: '--control 0');
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

$code = <<<'PHP'
    <?php
    class Bot extends danog\MadelineProto\EventHandler
    {
        private int $count = 0;
        protected array $texts = [];
        public $forgotten = 'default';
        private $closure;

        public function METHOD(): array
        {
            return ['count', 'texts', 'closure'];
        }
        public function onStart()
        {
            echo "$this->count, ", implode(' ', $this->texts), ", $this->forgotten\n";
            $this->closure = fn () => 1;
            $this->forgotten = 'changed';
            echo "started\n";
        }
        public function onUpdateNewMessage($update)
        {
            ++$this->count;
            $this->texts[] = $text = $update['message']['message'];
            echo "handled $text\n";
            if ($text === 'exit') {
                exit;
            }
            if ($text === 'stop') {
                $this->stop();
            }
        }
        public function onStop()
        {
            $this->forgotten === 'changed' && $this->texts !== [] && end($this->texts) === 'one' && exit(8);
        }
    }
    Bot::startAndLoop('live.madeline');
    PHP;
$run = fn (string $name, string $method = '__sleep') => $sandbox->background(strtr($code, ['METHOD' => $method]), $name)->printed('started');

$script = $run('stop');
$sandbox->push('alice', 'live', 'stop');
var_dump($script->wait());

$script = $run('signal', '__magic_sleep');
$sandbox->push('alice', 'live', 'one');
var_dump($script->printed('handled one')->signal(SIGTERM)->wait());

$script = $run('exit');
$sandbox->push('alice', 'live', 'exit');
var_dump($script->wait());

// What was handled more than a second ago is stored even where nothing can be stored any more.
$script = $run('killed');
$sandbox->push('alice', 'live', 'two');
$script->printed('handled two');
sleep(3);
var_dump($script->signal(SIGKILL)->wait());

$script = $run('last');
var_dump($script->signal(SIGINT)->wait());
foreach (['stop', 'signal', 'exit', 'killed', 'last'] as $name) {
    echo strtok(file_get_contents("$sandbox->directory/$name.out"), "\n"), "\n";
}

// A value that does not fit any more.
$script = $sandbox->background(strtr($code, ['METHOD' => '__sleep', 'private int $count = 0' => 'private array $count = []', '$this->count,' => 'none,']), 'misfit');
echo strtok($script->printed('started')->signal(SIGTERM)->output(), "\n"), "\n";
?>
--EXPECT--
int(0)
int(8)
int(0)
string(8) "signal 9"
int(0)
0, , default
1, stop, default
2, stop one, default
3, stop one exit, default
4, stop one exit two, default
none, stop one exit two, default
