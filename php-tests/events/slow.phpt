--TEST--
A handler that computes for seconds: updates wait outside of the process' memory, and none is missing
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$api = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
unset($api);

function resident(): int
{
    preg_match('/^VmRSS:\s*(\d+)/m', file_get_contents('/proc/self/status'), $found);
    return (int) $found[1];
}

class Slow extends EventHandler
{
    private const COUNT = 30000;
    private int $last = -1;
    private int $before = 0;

    public function onStart(): void
    {
        $this->before = resident();
        $GLOBALS['sandbox']->push('alice', 'live', 'first');
    }

    public function onUpdateNewMessage(array $update): void
    {
        if (++$this->last === 0) {
            // Some 60 MB arrive meanwhile.
            for ($n = 1; $n <= 60; ++$n) {
                $GLOBALS['sandbox']->push('alice', 'live', str_repeat('x', 2000) . ' {n}', self::COUNT / 60);
            }
            echo resident() - $this->before < 40_000 ? "little memory\n" : 'much memory: ' . resident() - $this->before . "\n";
        } elseif ((int) explode(' ', $update['message']['message'])[1] !== ($this->last - 1) % (self::COUNT / 60) + 1) {
            echo "not in order: $this->last\n";
            $this->stop();
        }
        if ($this->last === self::COUNT) {
            echo "all came\n";
            $this->stop();
        }
    }
}
Slow::startAndLoop($sandbox->path('live.madeline'));
?>
--EXPECT--
little memory
all came
