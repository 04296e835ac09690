--TEST--
An event handler gets updates, with everything of the API on $this, and stops
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$live = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
unset($live);

class Bot extends EventHandler
{
    public static ?Sandbox $sandbox = null;
    private int $seen = 0;

    public function onStart(): void
    {
        echo 'started as ', $this->getSelf()['username'], "\n";
        self::$sandbox->push('alice', 'live', 'one');
        self::$sandbox->push('alice', 'live', 'two');
    }

    public function onUpdateNewMessage(array $update): void
    {
        $message = $update['message'];
        echo ++$this->seen, ': ', json_encode(array_intersect_key($message, array_flip(['out', 'from_id', 'peer_id', 'message']))), "\n";
        if ($message['message'] === 'two') {
            $this->messages->sendMessage(peer: $update, message: 'I got ' . $message['message']);
            $this->stop();
        }
    }

    public function onAny(array $update): void
    {
        echo $update['_'], "\n";
    }

    public function onStop(): void
    {
        echo "stopped\n";
    }
}
Bot::$sandbox = $sandbox;
Bot::startAndLoop($sandbox->path('live.madeline'));
echo "done\n";
$alice = $sandbox->user();
echo $alice->messages->getHistory(peer: '@live_bot', limit: 1)['messages'][0]['message'], "\n";
?>
--EXPECT--
started as live_bot
1: {"out":false,"from_id":5000001,"peer_id":5000001,"message":"one"}
2: {"out":false,"from_id":5000001,"peer_id":5000001,"message":"two"}
stopped
done
I got two
