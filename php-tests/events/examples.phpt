--TEST--
What MadelineProto's documentation shows of updates, in each dialect: a handler class, a callback, getUpdates(), generators, several accounts
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\CombinedAPI;
use danog\MadelineProto\CombinedEventHandler;
use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000001:sandbox-bot-token', 'bot.madeline');
$alice = $sandbox->user();
$alice->messages->sendMessage(peer: '@live_bot', message: 'hello');
$said = fn (int $count = 1) => implode(', ', array_reverse(array_column($alice->messages->getHistory(peer: '@live_bot', limit: $count)['messages'], 'message')));
chdir($sandbox->directory);

/** Answers what is written to it, and stops: a class as releases 5 to 7 had them, and one of release 8. */
class Answering extends EventHandler
{
    public function getReportPeers()
    {
        return ['@alice'];
    }
    public function onStart()
    {
        yield $this->setReportPeers(yield $this->getReportPeers());
    }
    public function onUpdateNewChannelMessage(array $update): Generator
    {
        return $this->onUpdateNewMessage($update);
    }
    public function onUpdateNewMessage(array $update): Generator
    {
        if ($update['message']['_'] === 'messageEmpty' || $update['message']['out'] ?? false) {
            return;
        }
        $sent = yield $this->messages->sendMessage(['peer' => $update, 'message' => '<b>' . $update['message']['message'] . '</b>', 'parse_mode' => 'HTML']);
        yield $this->messages->editMessage(['peer' => $update, 'id' => yield $this->extractMessageId($sent), 'message' => 'edited']);
        $this->stop();
    }
}
class Plain extends EventHandler
{
    public function getReportPeers()
    {
        return ['@alice'];
    }
    public function onUpdateNewMessage(array $update): void
    {
        if ($update['message']['_'] === 'messageEmpty' || ($update['message']['out'] ?? false)) {
            return;
        }
        $this->messages->sendMessage(peer: $update, message: 'plain ' . $update['message']['message'], reply_to_msg_id: $update['message']['id'] ?? null);
        $this->stop();
    }
}
class Combined extends CombinedEventHandler
{
    private int $left = 2;

    public function onUpdateNewMessage($update, $path)
    {
        if (isset($update['message']['out']) && $update['message']['out']) {
            return;
        }
        yield $this->{$path}->messages->sendMessage(['peer' => $update, 'message' => 'combined ' . basename($path)]);
        if (--$this->left === 0) {
            foreach ($this->CombinedAPI->instances as $instance) {
                $instance->stop();
            }
        }
    }
}

// Updates begin when they are asked for first.
$api = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
$api->getUpdates(['timeout' => 0]);
unset($api);
foreach (['v8', 'v7', 'v4'] as $dialect) {
    echo "== $dialect\n";
    ini_set('madelineproto.dialect', $dialect);

    // The class does it all.
    $sandbox->push('alice', 'live', 'one');
    Plain::startAndLoopBot('live.madeline', '6000002:live-bot-token');
    echo $said(), "\n";

    // In the styles of earlier releases.
    $api = new API('live.madeline');
    $api->start();
    $sandbox->push('alice', 'live', 'two');
    $api->setEventHandler(Answering::class);
    $api->async(true);
    $api->loop();
    echo $said(), "\n";
    $sandbox->push('alice', 'live', 'three');
    $api->startAndLoop(Answering::class);
    $sandbox->push('alice', 'live', 'four');
    $api->loop(function () use ($api) {
        yield $api->start();
        yield $api->startAndLoopAsync(Plain::class);
    });
    echo $said(4), "\n";

    // A callback.
    $sandbox->push('alice', 'live', 'five');
    $api->setCallback(function ($update) use ($api) {
        if ($update['_'] === 'updateNewMessage' && empty($update['message']['out'])) {
            echo 'called back: ', $update['message']['message'], "\n";
            $api->stop();
        }
    });
    $api->loop();

    // Asking for updates.
    $sandbox->push('alice', 'live', 'six');
    $sandbox->push('alice', 'live', 'seven');
    for ($offset = 0, $left = 2; $left > 0;) {
        foreach ($api->getUpdates(['offset' => $offset, 'limit' => 50, 'timeout' => 1]) as $update) {
            $offset = $update['update_id'] + 1;
            if ($update['update']['_'] === 'updateNewMessage' && empty($update['update']['message']['out'])) {
                echo 'asked for: ', $update['update']['message']['message'], "\n";
                --$left;
            }
        }
    }
    $api->getUpdates(['offset' => $offset, 'timeout' => 0]);
    unset($api);

    // Several accounts: in one loop, forked, combined.
    $apis = [new API('bot.madeline'), new API('live.madeline')];
    foreach ($apis as $index => $api) {
        $api->start();
        $api->setNoop();
    }
    API::startAndLoopMulti($apis, Once::class);
    $apis[0]->setEventHandler(Once::class);
    $apis[1]->setEventHandler(Once::class);
    $apis[0]->loopFork();
    $apis[1]->loop();
    unset($apis, $api);
    $combined = new CombinedAPI('combined.madeline', ['bot.madeline' => [], 'live.madeline' => []]);
    $combined->start();
    $combined->setEventHandler(Combined::class);
    $sandbox->push('alice', 'bot', 'eight');
    $sandbox->push('alice', 'live', 'eight');
    $combined->async(true);
    $combined->loop();
    echo $said(), "\n";
    unset($combined);
}

class Once extends EventHandler
{
    public function onStart()
    {
        echo 'started ', $this->getSelf()['username'], "\n";
        $this->stop();
    }
}
?>
--EXPECT--
== v8
plain one
edited
three, edited, four, plain four
called back: five
asked for: six
asked for: seven
started bot
started live_bot
started live_bot
started bot
combined live.madeline
== v7
plain one
edited
three, edited, four, plain four
called back: five
asked for: six
asked for: seven
started bot
started live_bot
started live_bot
started bot
combined live.madeline
== v4
plain one
edited
three, edited, four, plain four
called back: five
asked for: six
asked for: seven
started bot
started live_bot
started live_bot
started bot
combined live.madeline
