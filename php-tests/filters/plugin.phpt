--TEST--
Plugins have filters and crons of their own; filters that ask the server or the session
--FILE--
<?php
namespace Test;

require __DIR__ . '/../support/sandbox.inc';

use danog\Loop\PeriodicLoop;
use danog\MadelineProto\EventHandler\Attributes\Cron;
use danog\MadelineProto\EventHandler\Attributes\Handler;
use danog\MadelineProto\EventHandler\Filter\FilterCommand;
use danog\MadelineProto\EventHandler\Filter\FilterFromBot;
use danog\MadelineProto\EventHandler\Filter\FilterFromSenders;
use danog\MadelineProto\EventHandler\Filter\FilterPeer;
use danog\MadelineProto\EventHandler\Filter\FilterReplyToSelf;
use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\PluginEventHandler;
use danog\MadelineProto\SimpleEventHandler;

$sandbox = \Sandbox::start(arguments: '--control 0')->configure();
$erin = $sandbox->user('9996612005', name: 'erin.madeline');
$alice = $sandbox->user();
$asked = $alice->sendMessage('@erin_e', 'a question');
$alice->sendMessage('@erin_e', 'another one');
unset($alice);
gc_collect_cycles();

class Plugin extends PluginEventHandler
{
    #[FilterCommand('ping')]
    public function ping(Message $message): void
    {
        User::$seen[] = "plugin: $message->message";
    }

    #[Cron(3600)]
    public function once(PeriodicLoop $loop): void
    {
        User::$seen[] = "plugin: $loop, " . implode(' ', array_keys($this->getPeriodicLoops()));
    }
}

class User extends SimpleEventHandler
{
    public static \Closure $write;
    public static array $seen = [];

    public static function getPlugins(): array
    {
        return [Plugin::class];
    }

    public function onStart(): void
    {
        $filter = (new FilterFromBot)->initialize($this);
        foreach (['@live_bot', '@erin_e'] as $peer) {
            $message = $this->wrapMessage(['_' => 'message', 'id' => 2, 'peer_id' => $this->getId($peer), 'date' => 3, 'message' => 'text']);
            echo "$peer: ", json_encode($filter->apply($message)), "\n";
        }
        (self::$write)();
    }

    #[FilterReplyToSelf]
    public function answered(Message $message): void
    {
        User::$seen[] = "answered: $message->message";
    }

    #[FilterPeer('@erin_e')]
    public function withErin(Message $message): void
    {
        User::$seen[] = "with Erin: $message->message";
    }

    #[FilterFromSenders('@live_bot', 'erin_e')]
    public function fromErin(Message $message): void
    {
        User::$seen[] = "from Erin: $message->message";
    }

    #[FilterFromSenders('@live_bot')]
    public function fromBot(Message $message): void
    {
        User::$seen[] = "from the bot: $message->message";
    }

    #[FilterCommand('end')]
    public function last(Message $message): void
    {
        $this->stop();
    }

    public function onStop(): void
    {
        // They run beside one another.
        sort(self::$seen);
        echo implode("\n", self::$seen), "\n";
    }
}
User::$write = function () use ($erin, $asked) {
    $erin->sendMessage('@alice', '/ping');
    $messages = $erin->messages->getHistory(peer: '@alice', limit: 10)['messages'];
    $question = array_values(array_filter($messages, fn ($message) => $message['message'] === 'a question'))[0];
    $erin->sendMessage('@alice', 'an answer', replyToMsgId: $question['id']);
    $erin->sendMessage('@alice', 'to myself', replyToMsgId: $messages[0]['id']);
    $erin->sendMessage('@alice', '/end');
};
User::startAndLoop($sandbox->path('user.madeline'));
?>
--EXPECT--
@live_bot: true
@erin_e: false
answered: an answer
from Erin: /end
from Erin: /ping
from Erin: an answer
from Erin: to myself
plugin: /ping
plugin: once, once
with Erin: /end
with Erin: /ping
with Erin: an answer
with Erin: to myself
