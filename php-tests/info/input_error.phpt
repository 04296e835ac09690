--TEST--
Peers that cannot be one: each odd value is an exception that says what is wrong
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

final class Loud
{
    public function __toString(): string
    {
        throw new LogicException('mine');
    }
}

$api = Sandbox::start()->user();
$recursive = ['_' => 'dialog'];
$recursive['peer'] = &$recursive;
$name = 'alice';
$odd = [
    'null' => null, 'true' => true, 'NaN' => NAN, 'infinity' => INF, 'a large float' => 1e30, 'a float' => 5000001.0, 'a fraction' => 1.5,
    'an empty string' => '', 'a space' => ' ', 'not UTF-8' => "\xff\xfe", 'a zero byte' => "ali\0ce", '50 MB' => str_repeat('x', 50_000_000),
    'digits without end' => str_repeat('9', 100), 'an empty array' => [], 'a list' => [5000001], 'int keys' => [7 => 'x'], 'no name' => ['user_id' => 5000001],
    'a name that is none' => ['_' => 7], 'an unknown name' => ['_' => 'nobody'], 'a name of another type' => ['_' => 'document', 'id' => 1],
    'an id that is text' => ['_' => 'peerUser', 'user_id' => 'x'], 'no id' => ['_' => 'peerUser'], 'an array of itself' => $recursive,
    'an object' => new stdClass, 'a throwing object' => new Loud, 'a closure' => fn () => 'alice', 'a resource' => STDIN,
    'the largest int' => PHP_INT_MAX, 'the smallest int' => PHP_INT_MIN, 'zero' => 0, 'a reference' => &$name,
];
foreach ($odd as $what => $value) {
    $outcomes = [];
    foreach (['getInfo', 'getType', 'isBot', 'isForum', 'peerIsset', 'getFullInfo', 'getPwrChat', 'refreshPeerCache', 'setReportPeers'] as $method) {
        try {
            $outcome = json_encode($api->$method($value), JSON_PARTIAL_OUTPUT_ON_ERROR);
            $outcome = strlen($outcome) > 20 ? 'a result' : $outcome;
        } catch (Throwable $e) {
            $outcome = $e::class . ': ' . strtok($e->getMessage(), "\n");
        }
        $outcomes[$outcome][] = $method;
    }
    echo "$what:\n";
    foreach ($outcomes as $outcome => $methods) {
        echo '  ', addcslashes(substr($outcome, 0, 160), "\0..\37!@\177..\377"), ' (', implode(', ', $methods), ")\n";
    }
}
$recursive = $odd = null;
?>
--EXPECT--
null:
  danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database (getInfo, getType, isBot, isForum, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
  false (peerIsset)
true:
  danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database (getInfo, getType, isBot, isForum, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
  false (peerIsset)
NaN:
  InvalidArgumentException: An invalid ID was specified\! (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
infinity:
  InvalidArgumentException: An invalid ID was specified\! (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
a large float:
  AssertionError: Invalid ID 5076964154930102272 provided\! (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
a float:
  a result (getInfo, getFullInfo, getPwrChat)
  "user" (getType)
  false (isBot, isForum)
  true (peerIsset)
  null (refreshPeerCache, setReportPeers)
a fraction:
  danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database (getInfo, getType, isBot, isForum, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
  false (peerIsset)
an empty string:
  danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database (getInfo, getType, isBot, isForum, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
  false (peerIsset)
a space:
  danog\MadelineProto\RPCError\UsernameInvalidError: USERNAME_INVALID (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
not UTF-8:
  danog\MadelineProto\RPCError\UsernameInvalidError: USERNAME_INVALID (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
a zero byte:
  danog\MadelineProto\RPCError\UsernameInvalidError: USERNAME_INVALID (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
50 MB:
  danog\MadelineProto\Exception: contacts.resolveUsername cannot be written with this schema: contacts.resolveUsername \342\206\222 username: expected at most 16777215 byt (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
digits without end:
  AssertionError: Invalid ID 9223372036854775807 provided\! (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
an empty array:
  danog\MadelineProto\Exception: Undefined array key "_" (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache)
  null (setReportPeers)
a list:
  danog\MadelineProto\Exception: Undefined array key "_" (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache)
  null (setReportPeers)
int keys:
  danog\MadelineProto\Exception: Undefined array key "_" (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
no name:
  danog\MadelineProto\Exception: Undefined array key "_" (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
a name that is none:
  danog\MadelineProto\Exception: Undefined array key "_" (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
an unknown name:
  danog\MadelineProto\TL\Exception: Could not extract type "nobody", you should update MadelineProto\! (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
a name of another type:
  danog\MadelineProto\Exception: Invalid constructor given document (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
an id that is text:
  danog\MadelineProto\RPCError\UsernameInvalidError: USERNAME_INVALID (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
no id:
  danog\MadelineProto\Exception: Undefined array key "user_id" (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
an array of itself:
  danog\MadelineProto\Exception: The peer is an array that is nested too deep, or contains itself (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
an object:
  danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database (getInfo, getType, isBot, isForum, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
  false (peerIsset)
a throwing object:
  LogicException: mine (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
a closure:
  danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database (getInfo, getType, isBot, isForum, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
  false (peerIsset)
a resource:
  danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database (getInfo, getType, isBot, isForum, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
  false (peerIsset)
the largest int:
  AssertionError: Invalid ID 9223372036854775807 provided\! (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
the smallest int:
  AssertionError: Invalid ID -9223372036854775808 provided\! (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
zero:
  InvalidArgumentException: An invalid ID was specified\! (getInfo, getType, isBot, isForum, peerIsset, getFullInfo, getPwrChat, refreshPeerCache, setReportPeers)
a reference:
  a result (getInfo, getFullInfo, getPwrChat)
  "user" (getType)
  false (isBot, isForum)
  true (peerIsset)
  null (refreshPeerCache, setReportPeers)
