--TEST--
Facts about peers that nobody knows, or that may not be seen
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\PeerNotInDbException;

$sandbox = Sandbox::start();
$api = $sandbox->user();

/** What the exception says of the way out. */
function hint(callable $call): void
{
    try {
        $call();
        echo "nothing was thrown\n";
    } catch (PeerNotInDbException $e) {
        echo $e->getMessage(), ' | ', preg_match('/(The session does not know .{1,60})/m', $e->getTLTrace(), $said) ? $said[1] : 'no hint', "\n";
    }
}
foreach (['getType', 'isBot', 'isForum', 'getFullInfo', 'getPwrChat', 'fullChatLastUpdated', 'refreshPeerCache', 'refreshFullPeerCache'] as $method) {
    echo $method, ': ';
    thrown(fn () => $api->$method('@nobody_has_this_name'));
}
thrown(fn () => $api->getFullInfo(['_' => 'document']));
thrown(fn () => $api->getFullInfo('@closed_channel'));
thrown(fn () => $api->getPwrChat());
thrown(fn () => $api->peerIsset(0));
thrown(fn () => $api->peerIsset(['_' => 'document']));
hint(fn () => $api->getInfo(5000002));
hint(fn () => $api->getInfo('@nobody_has_this_name'));
hint(fn () => $api->getInfo(['_' => 'inputPeerUser', 'user_id' => 5000002, 'access_hash' => 0]));
hint(fn () => $api->getPwrChat(['_' => 'inputPeerUser', 'user_id' => 5000002, 'access_hash' => 0]));
hint(fn () => $api->getType(['_' => 'inputPeerEmpty']));
hint(fn () => $api->messages->sendMessage(peer: -1007000009, message: 'x'));
hint(fn () => $api->messages->forwardMessages(from_peer: 'me', id: [1], to_peer: -77));
hint(fn () => $sandbox->api('nobody.madeline')->getInfo('me'));
?>
--EXPECT--
getType: danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
isBot: danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
isForum: danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
getFullInfo: danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
getPwrChat: danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
fullChatLastUpdated: danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
refreshPeerCache: danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
refreshFullPeerCache: danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\Exception: Invalid constructor given document
danog\MadelineProto\RPCError\ChannelPrivateError: CHANNEL_PRIVATE (code 400, rpc CHANNEL_PRIVATE)
ArgumentCountError: danog\MadelineProto\InternalDoc::getPwrChat() expects at least 1 argument, 0 given
InvalidArgumentException: An invalid ID was specified!
danog\MadelineProto\Exception: Invalid constructor given document
This peer is not present in the internal peer database | The session does not know 5000002: an id alone is no address: name the peer by its @us
This peer is not present in the internal peer database | The session does not know @nobody_has_this_name: nobody has this username now, or it i
This peer is not present in the internal peer database | The session does not know 5000002: an id alone is no address: name the peer by its @us
This peer is not present in the internal peer database | The session does not know 5000002: an id alone is no address: name the peer by its @us
This peer is not present in the internal peer database | The session does not know inputPeerEmpty: give an id that the session has met, a @user
This peer is not present in the internal peer database | The session does not know -1007000009: an id alone is no address: name the peer by its
This peer is not present in the internal peer database | The session does not know -77: an id alone is no address: name the peer by its @userna
This peer is not present in the internal peer database | The session does not know inputPeerSelf: nobody is logged in
