--TEST--
Facts about peers: type, bot, forum, whether it is known; everything about one; names; fresh facts
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start();
$api = $sandbox->user();
echo implode(' ', [$api->getType('me'), $api->getType('@bot'), $api->getType('@news_channel')]), "\n";
var_dump($api->isBot('me'), $api->isBot('@bot'), $api->isForum('@news_channel'));
var_dump($api->peerIsset('@bot'), $api->peerIsset('me'), $api->peerIsset('@nobody_has_this_name'), $api->peerIsset(123456789));

$full = $api->getFullInfo('@bot');
var_dump($full['full']['_'], $full['type'], $full['User']['username'], abs($full['inserted'] - time()) < 5);
var_dump($api->fullChatLastUpdated('@bot') === $full['inserted'], $api->fullChatLastUpdated('me'));
var_dump($api->getFullInfo('@bot') === $full);
$channel = $api->getFullInfo('@news_channel');
var_dump($channel['full']['_'], $channel['full']['id'] === $channel['channel_id'], $channel['type']);

$api->refreshPeerCache('@bot', 'me', '@news_channel');
$api->refreshFullPeerCache('@bot');
var_dump($api->getPropicInfo('@bot'));
$resolved = $api->resolveUsername('@bot');
echo $resolved['_'], ' ', $resolved['users'][0]['username'], ' ', json_encode($api->resolve_username('nobody_has_this_name')), "\n";

// In the dialects of earlier releases a peer comes in every form, with Telegram's own ids.
$path = $sandbox->path('user.madeline');
unset($api);
ini_set('madelineproto.log_level', 'none');
ini_set('madelineproto.dialect', 'v7');
$api = new API($path);
$info = $api->getInfo('@news_channel');
echo implode(' ', array_keys($info)), "\n";
echo json_encode([$info['Peer'], $info['DialogPeer'], $info['channel_id'], $info['bot_api_id']]), "\n";
echo implode(' ', [$info['InputPeer']['_'], $info['InputChannel']['_'], $info['InputNotifyPeer']['_'], $info['InputDialogPeer']['peer']['_']]), "\n";
var_dump($info['InputChannel']['access_hash'] === $info['InputPeer']['access_hash']);
echo json_encode($api->messages->getPeerDialogs(peers: [$info['InputDialogPeer']])['_']), "\n";
echo implode(' ', array_diff(array_keys($api->getInfo('@bot')), array_keys($info))), "\n";
var_dump(isset($api->getFullInfo('@bot')['last_update']));
?>
--EXPECT--
user bot channel
bool(false)
bool(true)
bool(false)
bool(true)
bool(true)
bool(false)
bool(false)
string(8) "userFull"
string(3) "bot"
string(3) "bot"
bool(true)
bool(true)
int(0)
bool(true)
string(11) "channelFull"
bool(true)
string(7) "channel"
NULL
contacts.resolvedPeer bot false
Chat DialogPeer NotifyPeer InputDialogPeer InputNotifyPeer InputPeer Peer InputChannel channel_id bot_api_id type
[{"_":"peerChannel","channel_id":7000001},{"_":"dialogPeer","peer":{"_":"peerChannel","channel_id":7000001}},7000001,-1000007000001]
inputPeerChannel inputChannel inputNotifyPeer inputPeerChannel
bool(true)
"messages.peerDialogs"
User InputUser user_id
bool(true)
