--TEST--
A broadcast goes to everybody whom the filter lets through while the script waits; its progress can be watched
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Broadcast\{Action, Filter, Progress, Status};

$sandbox = Sandbox::start(function (array &$world) {
    $world['chats']['friends'] = ['title' => 'Friends', 'creator' => 'alice', 'members' => ['bob']];
    $world['channels']['talk'] = ['title' => 'Talk', 'creator' => 'alice', 'megagroup' => true];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'text' => 'hello'];
    $world['messages'][] = ['in' => 'friends', 'from' => 'bob', 'text' => 'hi'];
    $world['messages'][] = ['in' => 'talk', 'from' => 'alice', 'text' => 'welcome'];
    $world['messages'][] = ['in' => 'news', 'from' => 'alice', 'text' => 'news'];
});
$api = $sandbox->user();
$everybody = $api->getDialogIds();
sort($everybody);
$types = [];
foreach ($everybody as $id) {
    $types[$api->getType($id)][] = $id;
}
ksort($types);
echo implode(' ', array_keys($types)), "\n";
$finish = function (int $id) use ($api): Progress {
    for ($wait = 0; $wait < 1000 && $api->getBroadcastProgress($id)->status !== Status::FINISHED; $wait++) {
        $api->sleep(0.01);
    }
    return $api->getBroadcastProgress($id);
};
$texts = fn (int $peer): array => array_reverse(array_column($api->messages->getHistory(peer: $peer, limit: 3)['messages'], 'message'));

echo "to all, two messages each:\n";
$id = $api->broadcastMessages([['message' => 'one'], ['message' => '<b>two</b>', 'parse_mode' => 'html']]);
echo $api->getBroadcastProgress($id)->status->name, ' ', $api->getBroadcastProgress($id)->percent, "\n";
$done = $finish($id);
echo $done->status->name, " $done->percent% $done->pendingCount $done->failCount ", $done->successCount === count($everybody) ? 'all' : $done->successCount, ' ', $done->broadcastId === $id, "\n";
foreach ($everybody as $peer) {
    echo implode(', ', array_slice($texts($peer), -2)), "; ";
}
echo "\n", preg_replace('/\d+/', 'n', (string) $done), "\n", preg_replace('/\d+/', 'n', json_encode($done)), "\n";

echo "by kind:\n";
foreach ([[true, false, false, false], [false, true, false, false], [false, false, true, false], [false, false, false, true]] as $allowed) {
    $done = $finish($api->broadcastMessages([['message' => 'by kind']], new Filter(...$allowed)));
    echo $done->successCount, ' ';
}
echo count($types['user'] ?? []), ' ', count($types['bot']), ' ', count($types['chat']) + count($types['supergroup']), ' ', count($types['channel']), "\n";

echo "but not to these, or only to these:\n";
echo $finish($api->broadcastMessages([['message' => 'x']], new Filter(true, true, true, true, [5000002])))->successCount === count($everybody) - 1 ? "one less\n" : "wrong\n";
echo $finish($api->broadcastMessages([['message' => 'only']], new Filter(false, false, false, false, [], [5000002]), true))->successCount, ' ', $texts(5000002)[2], "\n";

echo "forwarded:\n";
$message = $api->extractMessageId($api->messages->sendMessage(peer: 'me', message: 'look at this'));
$done = $finish($api->broadcastForwardMessages('me', [$message], true, new Filter(true, false, false, false, [5000001]), false, 0.001));
echo $done->successCount, ' ', $texts(5000002)[2], "\n";

echo "by an action:\n";
final class Note implements Action
{
    public array $peers = [];
    public function act(int $broadcastId, int $peer, ?\Amp\Cancellation $cancellation): void
    {
        $this->peers[] = $peer;
        if ($peer === 5000002) {
            throw new Exception('not to him');
        }
    }
}
$note = new Note;
$done = $finish($api->broadcastCustom($note));
sort($note->peers);
$everybody = $api->getDialogIds();
sort($everybody);
echo $note->peers === $everybody ? 'all' : 'wrong', " $done->failCount ", $done->successCount === count($everybody) - 1 ? 'all but one' : $done->successCount, "\n";

echo "cancelled:\n";
$id = $api->broadcastMessages([['message' => 'never']], delay: 60);
$api->sleep(0.1);
$api->cancelBroadcast($id);
$progress = $api->getBroadcastProgress($id);
echo $progress->status->name, ' ', $progress->successCount < 2 ? 'early' : 'late', "\n";
$api->cancelBroadcast($done->broadcastId);
echo $api->getBroadcastProgress($done->broadcastId)->status->name, "\n";
var_dump($api->getBroadcastProgress(999));
?>
--EXPECT--
bot channel chat supergroup user
to all, two messages each:
GATHERING_PEERS 0
FINISHED 100% 0 0 all 1
one, two; one, two; one, two; one, two; one, two; one, two; 
Broadcast n: n%, FINISHED, n sent, n failed, n left
{"_":"updateBroadcastProgress","status":"FINISHED","percent":n,"broadcastId":n,"pendingCount":n,"successCount":n,"failCount":n}
by kind:
1 2 2 1 1 2 2 1
but not to these, or only to these:
one less
1 only
forwarded:
1 look at this
by an action:
all 1 all but one
cancelled:
CANCELLED early
FINISHED
NULL
