--TEST--
What is no event handler, and loops that are not there or there twice
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$api = $sandbox->bot('6000002:live-bot-token', 'live.madeline');

abstract class Unfinished extends EventHandler
{
}
class Nested extends EventHandler
{
    public function onStart()
    {
        thrown(fn () => $this->loop());
        thrown(fn () => $this->getUpdates());
        $this->stop();
    }
}
class Wired extends EventHandler
{
    public function getPlugins()
    {
        return ['SomePlugin'];
    }
}

thrown(fn () => $api->setEventHandler('Nobody'));
thrown(fn () => $api->setEventHandler('ArrayObject'));
thrown(fn () => $api->setEventHandler(new ArrayObject));
thrown(fn () => $api->setEventHandler(5));
thrown(fn () => $api->setEventHandler(Unfinished::class));
thrown(fn () => $api->setCallback('no_such_function'));
thrown(fn () => $api->setCallback());
thrown(fn () => API::startAndLoopMulti([5], Nested::class));
thrown(fn () => API::startAndLoopMulti(['a' => $api], ['b' => Nested::class]));
thrown(fn () => API::startAndLoopMulti(["\xff" => 5], ["\xff" => Nested::class]));
thrown(fn () => API::startAndLoopMulti([$api, $api], Nested::class));
thrown(fn () => EventHandler::startAndLoop($sandbox->path('other.madeline')));
thrown(fn () => Nested::startAndLoop(''));
thrown(fn () => Nested::startAndLoopBot($sandbox->path('other.madeline'), 'no token'));

thrown(fn () => $api->stop());
thrown(fn () => $api->restart());
$api->setEventHandler(Nested::class);
$api->loop();
thrown(fn () => (new Nested)->getSelf());

thrown(fn () => $api->setEventHandler(Wired::class));
?>
--EXPECTF--
InvalidArgumentException: setEventHandler(): the class Nobody does not exist
InvalidArgumentException: setEventHandler(): an event handler is a class that extends danog\MadelineProto\EventHandler, or an object of one; ArrayObject is not
InvalidArgumentException: setEventHandler(): an event handler is a class that extends danog\MadelineProto\EventHandler, or an object of one; ArrayObject is not
InvalidArgumentException: setEventHandler(): an event handler is a class that extends danog\MadelineProto\EventHandler, or an object of one; 5 is not
danog\MadelineProto\Exception: The event handler Unfinished is abstract: call this on a class that extends it
TypeError: danog\MadelineProto\API::setCallback(): Argument #1 ($callback) must be of type callable, string given%S
ArgumentCountError: danog\MadelineProto\API::setCallback() expects exactly 1 argument, 0 given
InvalidArgumentException: startAndLoopMulti(): API objects are expected, 5 is under the key 0
InvalidArgumentException: startAndLoopMulti(): the event handlers have none under the key a of an API object
InvalidArgumentException: startAndLoopMulti(): API objects are expected, 5 is under the key �
danog\MadelineProto\Exception: A loop cannot have the same session twice
danog\MadelineProto\Exception: The event handler danog\MadelineProto\EventHandler is abstract: call this on a class that extends it
danog\MadelineProto\Exception: the session's path is empty
danog\MadelineProto\RPCErrorException: ACCESS_TOKEN_INVALID (code 400, rpc ACCESS_TOKEN_INVALID)
danog\MadelineProto\Exception: There is no loop to stop: no event handler of this session is running
danog\MadelineProto\Exception: There is no loop to stop: no event handler of this session is running
danog\MadelineProto\Exception: The updates of this session are handled by a loop already
danog\MadelineProto\Exception: getUpdates() and a loop cannot share the updates of one session: stop the loop first
danog\MadelineProto\Exception: This API object has no session: its constructor did not run to its end
InvalidArgumentException: getPlugins(): a plugin is the name of a class that extends danog\MadelineProto\PluginEventHandler; SomePlugin is not
