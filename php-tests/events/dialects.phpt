--TEST--
Handlers of each release get updates in its form: plain of release 8, constructors and generators of 5 to 7, snake case of 4
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

function show(string $what, array $update): void
{
    $keys = array_flip(['from_id', 'peer_id', 'to_id', 'message']);
    echo $what, ': ', json_encode(array_intersect_key($update['message'], $keys)), "\n";
}

class Eight extends EventHandler
{
    public function onStart(): void
    {
        global $sandbox;
        $sandbox->push('alice', 'live', 'hello');
    }

    public function onUpdateNewMessage(array $update): void
    {
        show('8', $update);
        $this->stop();
    }
}
Eight::startAndLoop($sandbox->path('live.madeline'));

class Seven extends EventHandler
{
    private string $greeting;

    public function __construct(?\danog\MadelineProto\APIWrapper $MadelineProto)
    {
        parent::__construct($MadelineProto);
        $this->greeting = 'made with ' . ($MadelineProto instanceof API ? 'the API' : 'nothing');
    }

    public function onStart()
    {
        global $sandbox;
        echo $this->greeting, ', ', (yield $this->getSelf())['username'], "\n";
        $sandbox->push('alice', 'live', 'hello');
    }

    public function onUpdateNewMessage($update)
    {
        if ($update['message']['out']) {
            return;
        }
        show('7', $update);
        $sent = yield $this->messages->sendMessage(['peer' => $update, 'message' => 'hi']);
        echo $sent['_'], "\n";
        $this->stop();
    }
}
Seven::startAndLoop($sandbox->path('live.madeline'));

$api = new API($sandbox->path('live.madeline'));
$api->async(true);
$api->startAndLoop(Seven::class);
unset($api);

// A generator alone is a sign, too.
class Generating extends EventHandler
{
    public function onStart(): void
    {
        global $sandbox;
        $sandbox->push('alice', 'live', 'hello');
    }

    public function onUpdateNewMessage($update)
    {
        if ($update['message']['out']) {
            return;
        }
        yield show('generator', $update);
        $this->stop();
    }
}
Generating::startAndLoop($sandbox->path('live.madeline'));

class Four extends EventHandler
{
    public function onUpdateNewMessage($update)
    {
        if ($update['message']['out']) {
            return;
        }
        show('4', $update);
        $this->stop();
    }

    public function onStart()
    {
        global $sandbox;
        $sandbox->push('alice', 'live', 'hello');
    }
}
$api = new API($sandbox->path('live.madeline'));
$api->start();
echo $api->get_self()['username'], "\n";
$api->setEventHandler('\Four');
$api->loop();
?>
--EXPECT--
8: {"from_id":5000001,"peer_id":5000001,"message":"hello"}
made with the API, live_bot
7: {"from_id":{"_":"peerUser","user_id":5000001},"peer_id":{"_":"peerUser","user_id":5000001},"message":"hello"}
updates
made with the API, live_bot
7: {"from_id":{"_":"peerUser","user_id":5000001},"peer_id":{"_":"peerUser","user_id":5000001},"message":"hello"}
updates
generator: {"from_id":{"_":"peerUser","user_id":5000001},"peer_id":{"_":"peerUser","user_id":5000001},"message":"hello"}
live_bot
4: {"from_id":5000001,"to_id":{"_":"peerUser","user_id":5000001},"peer_id":{"_":"peerUser","user_id":5000001},"message":"hello"}
