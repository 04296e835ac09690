--TEST--
Where a script has brought danog/loop, its PeriodicLoop runs the methods with #[Cron]
--FILE--
<?php
// In place of the library, whose loops run in Revolt's.
namespace danog\Loop;

final class PeriodicLoop
{
    public static array $started = [];

    public function __construct(private $callback, private string $name, private ?float $interval)
    {
    }

    public function start(): bool
    {
        self::$started[$this->name] = $this;
        echo "$this->name starts, every $this->interval s\n";
        return true;
    }

    public function stop(): bool
    {
        echo "$this->name stops\n";
        return true;
    }

    public function run(): bool
    {
        return ($this->callback)($this);
    }
}

namespace Test;

require __DIR__ . '/../support/sandbox.inc';

use danog\Loop\PeriodicLoop;
use danog\MadelineProto\EventHandler\Attributes\Cron;
use danog\MadelineProto\EventHandler\Attributes\Handler;
use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\SimpleEventHandler;

$sandbox = \Sandbox::start(arguments: '--control 0')->configure();
$live = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
unset($live);

class Bot extends SimpleEventHandler
{
    public static \Sandbox $sandbox;

    public function onStart(): void
    {
        self::$sandbox->push('alice', 'live', 'end');
    }

    #[Cron(2.5)]
    public function often(PeriodicLoop $loop): bool
    {
        var_dump($loop === $this->getPeriodicLoop('often'));
        return true;
    }

    #[Cron(3600)]
    public function failing(): void
    {
        throw new \RuntimeException('failed');
    }

    #[Handler]
    public function message(Message $message): void
    {
        $this->stop();
    }

    public function onUpdateNewMessage(array $update): void
    {
        var_dump(PeriodicLoop::$started['often']->run(), PeriodicLoop::$started['failing']->run());
    }

    public function onStop(): void
    {
        echo implode(' ', array_keys($this->getPeriodicLoops())), "\n";
    }
}
Bot::$sandbox = $sandbox;
Bot::startAndLoop($sandbox->path('live.madeline'));
gc_collect_cycles();
// The handler is gone: there is nothing to run any more.
var_dump(PeriodicLoop::$started['failing']->run());
?>
--EXPECTF--
often starts, every 2.5 s
failing starts, every 3600 s
bool(true)
RuntimeException: failed in %s:%d
Stack trace:
%a
bool(true)
bool(false)
often stops
failing stops
often failing
bool(true)
