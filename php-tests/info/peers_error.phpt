--TEST--
Facts about peers that nobody knows, or that may not be seen
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->user();
foreach (['getType', 'isBot', 'isForum', 'getFullInfo', 'getPwrChat', 'fullChatLastUpdated', 'refreshPeerCache', 'refreshFullPeerCache'] as $method) {
    echo $method, ': ';
    thrown(fn () => $api->$method('@nobody_has_this_name'));
}
thrown(fn () => $api->getFullInfo(['_' => 'document']));
thrown(fn () => $api->getFullInfo('@closed_channel'));
thrown(fn () => $api->getPwrChat());
thrown(fn () => $api->peerIsset(0));
thrown(fn () => $api->peerIsset(['_' => 'document']));
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
