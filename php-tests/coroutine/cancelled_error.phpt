--TEST--
cancellation of calls that are async or several: what is none, what was requested before, what is wrong beside it
--FILE--
<?php
require __DIR__ . '/coroutine.inc';

final class Requested
{
    public function throwIfRequested(): never
    {
        throw new RuntimeException('The operation was cancelled');
    }
}
final class Patient
{
    public function throwIfRequested(): void
    {
    }
}
$api = user();
foreach ([['async' => true], ['noResponse' => true]] as $manner) {
    $send = fn (mixed $cancellation, string $peer = '@bot') => $api->messages->sendMessage(['peer' => $peer, 'message' => 'unsent'], $manner + ['cancellation' => $cancellation]);
    thrown(fn () => $send(5));
    thrown(fn () => $send(new stdClass()));
    thrown(fn () => $send(new Requested()));
    // Whether somebody has a name is asked within the wait that can be ended.
    thrown(fn () => $send(new Patient(), '@nobody_at_all')?->await());
    thrown(fn () => $send(new Patient(), ''));
}
$several = fn (mixed $for_all, array ...$sets) => $api->messages->sendMessage([...$sets, 'multiple' => true, 'cancellation' => $for_all]);
$set = ['peer' => '@bot', 'message' => 'unsent'];
thrown(fn () => $several('now', $set));
thrown(fn () => $several(new Requested(), $set, $set));
thrown(fn () => $several(null, $set + ['cancellation' => new Requested()]));
thrown(fn () => $several(new Patient(), ['peer' => '@nobody_at_all'] + $set));
thrown(fn () => $several(new Patient(), ['message' => NAN, 'peer' => 'me'] + $set, ['peer' => []]));

$texts = array_column($api->messages->getHistory(peer: '@bot', limit: 100)['messages'], 'message');
var_dump(in_array('unsent', $texts, true));
?>
--EXPECT--
TypeError: cancellation must be of type Amp\Cancellation, int given
TypeError: cancellation must be of type Amp\Cancellation, stdClass given
RuntimeException: The operation was cancelled
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
TypeError: cancellation must be of type Amp\Cancellation, int given
TypeError: cancellation must be of type Amp\Cancellation, stdClass given
RuntimeException: The operation was cancelled
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
TypeError: cancellation must be of type Amp\Cancellation, string given
RuntimeException: The operation was cancelled
RuntimeException: The operation was cancelled
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\Exception: Undefined array key "_" (code 2)
bool(false)
