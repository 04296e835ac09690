--TEST--
Calls under way at the same time: errors belong to the call that they answer; ends of the session and of the process
--FILE--
<?php
require __DIR__ . '/coroutine.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Tools;

$sandbox = Sandbox::start(function (array &$world) {
    $world['callback_timeout_ms'] = 60_000;
    $world['bots']['bot']['callbacks'][] = ['data' => 'slow', 'message' => 'You pressed slow.', 'delay_ms' => 300];
    $world['messages'][0]['keyboard'][] = [['text' => 'Slow', 'data' => 'slow']];
});
$api = $sandbox->user();
$press = fn (string $data) => $api->messages->getBotCallbackAnswer(button($data), ['async' => true]);

[$bad, $good] = [$press('data invalid'), $press('yes')];
thrown(fn () => $bad->await());
thrown(fn () => $bad->await());
echo $good->await()['message'], "\n";
thrown(fn () => Tools::wait((fn () => yield [$press('slow'), $press('data invalid')])()));

// Of several, the first error in order; arguments are checked before anything waits.
$several = fn (mixed ...$buttons) => $api->messages->getBotCallbackAnswer([...$buttons, 'multiple' => true]);
thrown(fn () => $several(button('slow'), button('data invalid'), button('strange')));
thrown(fn () => $several(button('yes'), 'no'));
thrown(fn () => $several(['peer' => '@nobody_at_all', 'msg_id' => 1]));
thrown(fn () => $api->messages->getBotCallbackAnswer([button('yes')]));
thrown(fn () => $api->messages->getBotCallbackAnswer(['peer' => '@nobody_at_all'], ['async' => true]));
thrown(fn () => $api->messages->getBotCallbackAnswer(['peer' => '@nobody_at_all'], ['noResponse' => true]));

// The session is closed before the answer comes, here to use other settings: calls under way have a second to end.
$silent = $press('silent');
$api->updateSettings($api->getSettings());
thrown(fn () => $silent->await());
// A future keeps its session.
$path = $api->getSessionName();
$kept = $press('slow');
unset($api, $press, $several, $silent);
gc_collect_cycles();
echo $kept->await()['message'], "\n";
unset($kept);

// A child does not wait for what only its parent gets.
$api = new API($path);
$slow = $api->messages->getBotCallbackAnswer(button('slow'), ['async' => true]);
if (($child = pcntl_fork()) === 0) {
    thrown(fn () => $slow->await());
    // Without the parent's shutdown functions, which stop its sandbox.
    pcntl_exec('/bin/true');
}
pcntl_waitpid($child, $status);
echo $slow->await()['message'], "\n";

// Release 8 has no "async".
ini_set('madelineproto.dialect', 'v8');
unset($api, $slow);
gc_collect_cycles();
$api = new API($path);
echo $api->messages->getBotCallbackAnswer(button('yes'), ['async' => true])['message'], "\n";
?>
--EXPECT--
danog\MadelineProto\RPCErrorException: DATA_INVALID (code 400, rpc DATA_INVALID)
danog\MadelineProto\RPCErrorException: DATA_INVALID (code 400, rpc DATA_INVALID)
You pressed yes.
danog\MadelineProto\RPCErrorException: DATA_INVALID (code 400, rpc DATA_INVALID)
danog\MadelineProto\RPCErrorException: DATA_INVALID (code 400, rpc DATA_INVALID)
InvalidArgumentException: multiple: expected an array of arguments under key 1, found string
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
InvalidArgumentException: Parameter names must be provided!
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\Exception: The session was closed before the answer came; the call may have been carried out
You pressed slow.
danog\MadelineProto\Exception: this process is a fork, and the Future was made before: only the parent gets its result
You pressed slow.
You pressed yes.
