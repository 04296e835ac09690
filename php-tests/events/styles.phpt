--TEST--
Who gets the updates: a class, an object, a callable, nobody; loops with and without a callable
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$api = $sandbox->bot('6000002:live-bot-token', 'live.madeline');

class Handler extends EventHandler
{
    public string $name = 'of the class';
    public int $turns = 0;

    public function onUpdateNewMessage($update)
    {
        echo $this->name, ': ', $update['message']['message'], "\n";
        // As in release 4, and in any of the old names.
        assert($this->API->get_self() === $this->getSelf());
        $this->async(true);
        $this->stop();
    }

    public function onLoop()
    {
        ++$this->turns;
    }
}

// A callable alone is run, and its result is the loop's.
var_dump($api->loop(fn () => 'result'));
var_dump($api->loop(function () use ($api) {
    $self = yield $api->getSelf();
    return $self['username'];
}));

// Nothing gets the updates: there is nothing to loop for.
var_dump($api->hasEventHandler(), $api->getEventHandler(), $api->loop());

$api->setEventHandler(Handler::class);
var_dump($api->hasEventHandler(), $api->getEventHandler()::class, $api->getEventHandler(EventHandler::class)::class);
var_dump($api->getEventHandler(ArrayObject::class));
$sandbox->push('alice', 'live', 'one');
$api->loop();
var_dump($api->getEventHandler()->turns > 0);

$object = new Handler($api);
$object->name = 'of the object';
$api->setEventHandler($object);
$sandbox->push('alice', 'live', 'two');
$api->loop();
var_dump($api->getEventHandler() === $object);

$turns = 0;
$api->setLoopCallback(function () use (&$turns) {
    ++$turns;
});
$api->setCallback(function (array $update) use ($api) {
    echo 'callback: ', $update['message']['message'], "\n";
    $api->stop();
});
var_dump($api->hasEventHandler());
$sandbox->push('alice', 'live', 'three');
$api->loop();
var_dump($turns > 0);

$api->setNoop();
var_dump($api->loop());
$api->setEventHandler($object);
$api->unsetEventHandler();
var_dump($api->hasEventHandler(), $api->hasPlugin('Some'), $api->getPlugin('Some'));

// Updates of the script's own.
class Custom extends EventHandler
{
    public function onUpdateCustomEvent($update)
    {
        echo json_encode($update), "\n";
        $this->stop();
    }
}
$api->setEventHandler(Custom::class);
$api->sendCustomEvent(['any' => 'thing']);
$api->loop();

// restart(): once more from onStart() on.
class Restarting extends EventHandler
{
    private int $starts = 0;

    public function onStart()
    {
        echo 'start ', ++$this->starts, "\n";
        $this->starts < 3 ? $this->restart() : $this->stop();
    }

    public function onStop()
    {
        echo "stop\n";
    }
}
$api->setEventHandler(Restarting::class);
$api->loop();
?>
--EXPECT--
string(6) "result"
string(8) "live_bot"
bool(false)
NULL
bool(false)
bool(true)
string(7) "Handler"
string(7) "Handler"
NULL
of the class: one
bool(true)
of the object: two
bool(true)
bool(false)
callback: three
bool(true)
bool(false)
bool(false)
bool(false)
NULL
{"_":"updateCustomEvent","payload":{"any":"thing"}}
start 1
stop
start 2
stop
start 3
stop
