--TEST--
Methods with #[Cron] run when the handler starts and then at intervals, beside updates, until they are stopped
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\Loop\PeriodicLoop;
use danog\MadelineProto\EventHandler\Attributes\Cron;
use danog\MadelineProto\EventHandler\Attributes\Handler;
use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\SimpleEventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$live = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
unset($live);

class Bot extends SimpleEventHandler
{
    public static ?Sandbox $sandbox = null;
    public static array $runs = [];
    private bool $waited = false;

    public function onStart(): void
    {
        echo "started\n";
        thrown(fn () => $this->getPeriodicLoop('often'));
    }

    #[Cron(period: 0.01)]
    public function often(PeriodicLoop $loop): ?bool
    {
        $runs = self::$runs['often'] = (self::$runs['often'] ?? 0) + 1;
        if ($runs === 1) {
            echo $loop, ' ', json_encode([$loop->isRunning(), $loop->isPaused(), $loop->start(), $loop->resume()]), ' ';
            echo json_encode($this->getSelf()['username']), "\n";
            var_dump($loop === $this->getPeriodicLoop('often'), array_keys($this->getPeriodicLoops()));
        }
        // Returning true ends it.
        return $runs === 5;
    }

    #[Cron(period: 3600)]
    public function seldom(): void
    {
        self::$runs['seldom'] = (self::$runs['seldom'] ?? 0) + 1;
    }

    #[Cron(0.01)]
    public function failing(): void
    {
        $runs = self::$runs['failing'] = (self::$runs['failing'] ?? 0) + 1;
        if ($runs < 3) {
            throw new RuntimeException("failed $runs");
        }
        $this->getPeriodicLoop('failing')->stop();
    }

    #[Cron(0.01)]
    public function slow(PeriodicLoop $loop): void
    {
        self::$runs['slow'] = (self::$runs['slow'] ?? 0) + 1;
        // An answer of the server, while the others run.
        $this->getFullInfo('@live_bot');
        if (self::$runs['slow'] === 3) {
            $loop->stop();
        }
    }

    #[Cron(0.01)]
    public function watch(PeriodicLoop $loop): bool
    {
        $loops = $this->getPeriodicLoops();
        $running = array_keys(array_filter($loops, fn (PeriodicLoop $loop) => $loop->isRunning()));
        if ($running !== ['seldom', 'watch']) {
            return false;
        }
        if (!$this->waited) {
            // Out of turn.
            $this->waited = true;
            var_dump($loops['seldom']->isPaused(), $loops['seldom']->resume(), $loops['often']->resume());
            return false;
        }
        if (self::$runs['seldom'] < 2) {
            return false;
        }
        self::$sandbox->push('alice', 'live', 'end');
        return true;
    }

    #[Handler]
    public function message(Message $message): void
    {
        var_dump($this->getPeriodicLoop('often')->start());
        $this->stop();
    }

    public function onStop(): void
    {
        ksort(self::$runs);
        echo json_encode(self::$runs), "\n";
        var_dump(array_filter($this->getPeriodicLoops(), fn (PeriodicLoop $loop) => $loop->isRunning()));
    }
}
Bot::$sandbox = $sandbox;
Bot::startAndLoop($sandbox->path('live.madeline'));
?>
--EXPECTF--
started
InvalidArgumentException: getPeriodicLoop(): name: the handler has no method often() with the attribute Cron, or has not started yet
often [true,false,false,false] "live_bot"
bool(true)
array(5) {
  [0]=>
  string(5) "often"
  [1]=>
  string(6) "seldom"
  [2]=>
  string(7) "failing"
  [3]=>
  string(4) "slow"
  [4]=>
  string(5) "watch"
}
RuntimeException: failed 1 in %s:%d
Stack trace:
%a
RuntimeException: failed 2 in %s:%d
Stack trace:
%a
bool(true)
bool(true)
bool(false)
bool(true)
{"failing":3,"often":5,"seldom":2,"slow":3}
array(0) {
}
