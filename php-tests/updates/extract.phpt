--TEST--
extractUpdates, extractMessage, extractMessageId and extractMessageUpdate take results apart; short forms become whole messages
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
ini_set('madelineproto.log_level', 'none');
$api = $sandbox->user();
$result = $api->messages->sendMessage(peer: 'me', message: 'hello');
echo implode(' ', array_column($api->extractUpdates($result), '_')), "\n";
echo $api->extractMessageUpdate($result)['_'], ' ', $api->extractMessage($result)['message'], "\n";
var_dump($api->extractMessageId($result) === $api->extractMessage($result)['id']);
echo json_encode($api->extractUpdates(['_' => 'updateShort', 'update' => ['_' => 'updateConfig'], 'date' => 1])), "\n";
echo count($api->extractUpdates([$result, $result])), "\n";

$sent = ['_' => 'updateShortSentMessage', 'out' => false, 'id' => 7, 'pts' => 3, 'pts_count' => 1, 'date' => 5,
    'request' => ['_' => 'messages.sendMessage', 'body' => ['peer' => '@bot', 'message' => 'hello']]];
$private = ['_' => 'updateShortMessage', 'out' => false, 'silent' => true, 'id' => 8, 'user_id' => 6000001, 'message' => 'hi', 'pts' => 4, 'pts_count' => 1, 'date' => 6];
$group = ['_' => 'updateShortChatMessage', 'id' => 9, 'from_id' => 6000001, 'chat_id' => -5, 'message' => 'all', 'pts' => 5, 'pts_count' => 1, 'date' => 7];
function facts(array $update): void
{
    $message = $update['message'];
    echo json_encode([$update['_'], $update['pts'], $message['out'], $message['silent'], $message['id'], $message['from_id'], $message['peer_id'], $message['message'], $message['date'], $message['to_id'] ?? null]), "\n";
}
foreach ([$sent, $private, $group] as $short) {
    facts($api->extractUpdates($short)[0]);
}
unset($api);
foreach (['v7', 'v4'] as $dialect) {
    ini_set('madelineproto.dialect', $dialect);
    $api = new \danog\MadelineProto\API($sandbox->path('user.madeline'));
    facts($api->extractMessageUpdate($sent));
    unset($api);
}
?>
--EXPECTF--
%SupdateNewMessage%S
updateNewMessage hello
bool(true)
[{"_":"updateConfig"}]
%d
["updateNewMessage",3,true,false,7,5000001,6000001,"hello",5,null]
["updateNewMessage",4,false,true,8,6000001,6000001,"hi",6,null]
["updateNewMessage",5,false,false,9,6000001,-5,"all",7,null]
["updateNewMessage",3,true,false,7,{"_":"peerUser","user_id":5000001},{"_":"peerUser","user_id":6000001},"hello",5,null]
["updateNewMessage",3,true,false,7,5000001,{"_":"peerUser","user_id":6000001},"hello",5,{"_":"peerUser","user_id":6000001}]
