--TEST--
Broadcasts that cannot be, peers that cannot be reached, and floods that are waited for
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Broadcast\{Filter, Progress, Status};

$sandbox = Sandbox::start(function (array &$world) {
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'text' => 'hello'];
    $world['errors'][] = ['method' => 'messages.sendMessage', 'peer' => 'bob', 'times' => 1, 'error' => ['code' => 420, 'text' => 'FLOOD_WAIT_1']];
    $world['errors'][] = ['method' => 'messages.sendMessage', 'peer' => 'bot', 'error' => ['code' => 403, 'text' => 'CHAT_WRITE_FORBIDDEN']];
});
$api = $sandbox->user();
// So that the flood is not slept through by the call itself.
$api->updateSettings((new \danog\MadelineProto\Settings\RPC)->setFloodTimeout(0));
$finish = function (int $id) use ($api): Progress {
    for ($wait = 0; $wait < 1000 && $api->getBroadcastProgress($id)->status !== Status::FINISHED; $wait++) {
        $api->sleep(0.01);
    }
    return $api->getBroadcastProgress($id);
};
$api->getDialogIds();
$only = fn (int ...$ids): Filter => new Filter(true, true, true, true, [], $ids);
$done = $finish($api->broadcastMessages([['message' => 'x']], $only(5000002, 6000001, 4444444)));
echo "$done->successCount sent, $done->failCount failed\n";
$done = $finish($api->broadcastMessages(['no array'], $only(5000002)));
echo "$done->successCount sent, $done->failCount failed\n";

thrown(fn () => $api->broadcastMessages('text'));
thrown(fn () => $api->broadcastMessages([], new stdClass));
thrown(fn () => $api->broadcastMessages([], $only(0)));
thrown(fn () => $api->broadcastMessages([], new Filter(true, true, true, true, ['bob'])));
thrown(fn () => $api->broadcastMessages([], null, false, -1.0));
thrown(fn () => $api->broadcastCustom(new stdClass));
thrown(fn () => new Filter(true));
thrown(fn () => (new ReflectionClass(Progress::class))->newInstance());
thrown(fn () => $done->percent = 1);

echo "exit() in an action ends the script:\n";
[$status, $output] = $sandbox->php('<?php
    final class Leave implements danog\MadelineProto\Broadcast\Action {
        public function act(int $broadcastId, int $peer, ?\Amp\Cancellation $cancellation): void { exit(3); }
    }
    $api = new danog\MadelineProto\API("leaves.madeline");
    $api->botLogin("6000001:sandbox-bot-token");
    $api->broadcastCustom(new Leave, new danog\MadelineProto\Broadcast\Filter(true, true, true, true, [], [5000001]));
    $api->sleep(5);
    echo "not reached";
');
echo $status, ' ', $output, "\n";
?>
--EXPECTF--
1 sent, 2 failed
0 sent, 1 failed
TypeError: danog\MadelineProto\InternalDoc::broadcastMessages(): Argument #1 ($messages) must be of type array, string given, called in %s on line %d
TypeError: danog\MadelineProto\InternalDoc::broadcastMessages(): Argument #2 ($filter) must be of type ?danog\MadelineProto\Broadcast\Filter, stdClass given, called in %s on line %d
danog\MadelineProto\Exception: the whitelist of a broadcast has 0, which is no id of a peer
danog\MadelineProto\Exception: the lists of a broadcast's filter are ids of peers: ints were expected
danog\MadelineProto\Exception: -1 is no number of seconds to wait between two peers
TypeError: danog\MadelineProto\InternalDoc::broadcastCustom(): Argument #1 ($action) must be of type danog\MadelineProto\Broadcast\Action, stdClass given, called in %s on line %d
ArgumentCountError: danog\MadelineProto\Broadcast\Filter::__construct() expects at least 4 arguments, 1 given
ReflectionException: Access to non-public constructor of class danog\MadelineProto\Broadcast\Progress
Error: Cannot modify readonly property danog\MadelineProto\Broadcast\Progress::$percent
exit() in an action ends the script:
3
