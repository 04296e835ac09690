--TEST--
Handlers, plugins and callbacks are told how far a broadcast is
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Broadcast\{Filter, Progress, Status};
use danog\MadelineProto\EventHandler;
use danog\MadelineProto\PluginEventHandler;

$sandbox = Sandbox::start(function (array &$world) {
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'text' => 'hello'];
}, '--control 0')->configure();
$sandbox->user();

class Plugin extends PluginEventHandler
{
    public function onUpdateBroadcastProgress(Progress $progress): void
    {
        $progress->status === Status::FINISHED and print "the plugin knows as well\n";
    }
}

class Watching extends EventHandler
{
    public static array $seen = [];

    public static function getPlugins(): array
    {
        return [Plugin::class];
    }

    public function onStart(): void
    {
        $id = $this->broadcastMessages([['message' => 'to two']], new Filter(true, true, true, true, [], [5000001, 5000002]), false, 0.2);
        echo 'begun: ', $this->getBroadcastProgress($id)->status->name, "\n";
    }

    public function onUpdateBroadcastProgress(Progress $progress): void
    {
        // It may have gone on before anybody could be told of the beginning.
        $progress->percent and self::$seen[] = "{$progress->status->name} $progress->percent%, $progress->successCount sent, $progress->failCount failed";
        if ($progress->status === Status::FINISHED) {
            $this->stop();
        }
    }

    public function onAny(array $update): void
    {
        $update['_'] === 'updateBroadcastProgress' and print "not this one\n";
    }
}
Watching::startAndLoop($sandbox->path('user.madeline'));
echo implode("\n", Watching::$seen), "\n-\n";

// Cancelled by who sees it; two at the same time.
class Cancelling extends EventHandler
{
    private array $left = [];
    private array $ended = [];

    public function onStart(): void
    {
        $filter = new Filter(true, true, true, true, [], [5000001, 5000002]);
        $this->left[$this->broadcastMessages([['message' => 'cancelled']], $filter, false, 600.0)] = Status::CANCELLED;
        $this->left[$this->broadcastMessages([['message' => 'not cancelled']], $filter)] = Status::FINISHED;
    }

    public function onUpdateBroadcastProgress(Progress $progress): void
    {
        $id = $progress->broadcastId;
        if ($progress->successCount === 1 && $progress->status === Status::BROADCASTING && $this->left[$id] === Status::CANCELLED) {
            $this->cancelBroadcast($id);
        }
        if ($progress->status === ($this->left[$id] ?? null)) {
            $this->ended[] = "{$progress->status->name} $progress->successCount";
            unset($this->left[$id]);
        }
        if (!$this->left) {
            sort($this->ended);
            echo implode("\n", $this->ended), "\n";
            $this->stop();
        }
    }
}
Cancelling::startAndLoop($sandbox->path('user.madeline'));
echo "-\n";

// A callback gets an array.
ini_set('madelineproto.dialect', 'v7');
$api = new API($sandbox->path('user.madeline'));
$api->start();
$api->setCallback(function (array $update) use ($api) {
    if ($update['_'] === 'updateBroadcastProgress' && $update['progress']->status === Status::FINISHED) {
        echo get_class($update['progress']), ' ', json_encode($update['progress']), "\n";
        $api->stop();
    }
});
$api->broadcastMessages([['message' => 'seen by a callback']], new Filter(true, true, true, true, [], [5000001]));
$api->loop();
?>
--EXPECT--
begun: GATHERING_PEERS
the plugin knows as well
BROADCASTING 50%, 1 sent, 0 failed
FINISHED 100%, 1 sent, 1 failed
-
CANCELLED 1
FINISHED 1
-
danog\MadelineProto\Broadcast\Progress {"_":"updateBroadcastProgress","status":"FINISHED","percent":100,"broadcastId":4,"pendingCount":0,"successCount":1,"failCount":0}
