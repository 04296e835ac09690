--TEST--
A handler that waits holds up no other: they begin in the order of the updates, and end as they can
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$api = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
unset($api);

/** Texts are how many tenths of a second a handler waits. */
trait Waits
{
    private static int $open = 0;
    private static array $ended = [];

    private function beginning(string $text): void
    {
        ++self::$open;
        echo "begin $text\n";
    }

    private function ending(string $text): void
    {
        --self::$open;
        echo "end $text\n";
        self::$ended[] = $text;
        if (count(self::$ended) === 4) {
            $this->stop();
        }
    }
}

class Fibers extends EventHandler
{
    use Waits;

    public function onUpdateNewMessage(array $update): void
    {
        if ($update['message']['out']) {
            return;
        }
        $text = $update['message']['message'];
        $this->beginning($text);
        $this->sleep($text / 10);
        // A call among them, too.
        $this->messages->sendMessage(peer: $update, message: "waited $text");
        $this->ending($text);
    }
}

class Generators extends EventHandler
{
    use Waits;

    public function onUpdateNewMessage($update)
    {
        if ($update['message']['out']) {
            return;
        }
        $text = $update['message']['message'];
        $this->beginning($text);
        yield $this->sleep($text / 10);
        yield $this->messages->sendMessage(['peer' => $update, 'message' => "waited $text"]);
        $this->ending($text);
    }
}

/** Release 4 had no fibers: one after the other. */
class Plain extends EventHandler
{
    use Waits;

    public function onUpdateNewMessage($update)
    {
        if ($update['message']['out']) {
            return;
        }
        $text = $update['message']['message'];
        $this->beginning($text);
        $this->sleep($text / 10);
        $this->ending($text);
    }
}

foreach ([['v8', Fibers::class], ['v7', Generators::class], ['v4', Generators::class], ['v4', Plain::class]] as [$dialect, $class]) {
    echo "== $dialect $class\n";
    (new ReflectionProperty($class, 'ended'))->setValue(null, []);
    ini_set('madelineproto.dialect', $dialect);
    $api = new API($sandbox->path('live.madeline'));
    $api->setEventHandler($class);
    foreach ([9, 6, 3, 0] as $text) {
        $sandbox->push('alice', 'live', $text);
    }
    $api->loop();
    unset($api);
}

// stop() waits for handlers that still wait; what they throw is made known as ever.
class Stopping extends EventHandler
{
    public function onUpdateNewMessage(array $update): void
    {
        if ($update['message']['message'] === 'stop') {
            $this->stop();
            return;
        }
        try {
            $this->sleep(0.3);
            throw new DomainException('late');
        } finally {
            echo "finished\n";
        }
    }

    public function onStop(): void
    {
        echo "stopped\n";
    }
}
ini_set('madelineproto.dialect', 'v8');
$api = new API($sandbox->path('live.madeline'));
$api->setEventHandler(Stopping::class);
$sandbox->push('alice', 'live', 'wait');
$sandbox->push('alice', 'live', 'stop');
ob_start();
$api->loop();
echo preg_replace(['/^(#|Stack).*\n/m', '/ in .*/'], '', ob_get_clean());
unset($api);

// Nor do they when they end the loop: exit(), and what cannot be gone on with.
foreach (['exit(5)' => 'exit', 'throw new danog\MadelineProto\SecurityException("late")' => 'security'] as $code => $name) {
    $script = $sandbox->background(<<<PHP
        <?php
        class Late extends danog\MadelineProto\EventHandler
        {
            public function onStart(): void { echo "started\n"; }
            public function onUpdateNewMessage(array \$update): void
            {
                \$this->sleep(0.2);
                echo "awake\n";
                $code;
            }
            public function onStop(): void { echo "stopped\n"; }
        }
        try {
            Late::startAndLoop('live.madeline');
        } catch (danog\MadelineProto\SecurityException \$e) {
            echo get_class(\$e), ': ', \$e->getMessage(), "\n";
        }
        PHP, $name)->printed('started');
    $sandbox->push('alice', 'live', $name);
    echo "== $name: ", $script->wait(), "\n", $script->output();
}
?>
--EXPECT--
== v8 Fibers
begin 9
begin 6
begin 3
begin 0
end 0
end 3
end 6
end 9
== v7 Generators
begin 9
begin 6
begin 3
begin 0
end 0
end 3
end 6
end 9
== v4 Generators
begin 9
begin 6
begin 3
begin 0
end 0
end 3
end 6
end 9
== v4 Plain
begin 9
end 9
begin 6
end 6
begin 3
end 3
begin 0
end 0
finished
DomainException: late
stopped
== exit: 5
started
awake
stopped
== security: 0
started
awake
stopped
danog\MadelineProto\SecurityException: late
