--TEST--
wrapUpdate() makes objects of messages, inline queries and the progress of broadcasts; of other updates there are none yet
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler;
use danog\MadelineProto\EventHandler\{InlineQuery, InlineQueryPeerType, Update};

$sandbox = Sandbox::start();
$api = $sandbox->user();

echo "Messages:\n";
$message = ['_' => 'message', 'id' => 9, 'peer_id' => 5000001, 'from_id' => 5000001, 'date' => 1700000000, 'message' => 'text'];
foreach (['updateNewMessage', 'updateNewChannelMessage', 'updateNewScheduledMessage', 'updateEditMessage', 'updateEditChannelMessage'] as $name) {
    $object = $api->wrapUpdate(['_' => $name, 'message' => $message, 'pts' => 1, 'pts_count' => 1]);
    echo $name, ' ', $object::class, ' ', json_encode([$object->id, $object->scheduled, $object == $api->wrapMessage($message, $object->scheduled)]), "\n";
}
$service = ['_' => 'messageService', 'id' => 9, 'peer_id' => -80, 'date' => 1, 'action' => ['_' => 'messageActionChatEditTitle', 'title' => 'x']];
echo $api->wrapUpdate(['_' => 'updateNewMessage', 'message' => $service])->title, "\n";
var_dump($api->wrapUpdate(['_' => 'updateNewMessage', 'message' => ['_' => 'messageEmpty', 'id' => 1]]));
$api->getUpdates(['timeout' => 0]);
$sandbox->user('9996612005', name: 'erin.madeline')->sendMessage('@alice', 'from Erin');
foreach ($api->getUpdates(['timeout' => 5]) as ['update' => $update]) {
    $object = $api->wrapUpdate($update);
    echo $update['_'], ' ', $object?->message ?? 'none', "\n";
}

echo "Inline queries:\n";
$raw = ['_' => 'updateBotInlineQuery', 'query_id' => 5, 'user_id' => 5000001, 'query' => 'cats', 'offset' => '20',
    'geo' => ['_' => 'geoPoint', 'long' => 4.5, 'lat' => 52, 'access_hash' => 6, 'accuracy_radius' => 10], 'peer_type' => ['_' => 'inlineQueryPeerTypeMegagroup']];
$query = $api->wrapUpdate($raw);
var_dump($query instanceof InlineQuery, $query->queryId, $query->query, $query->userId, $query->offset, $query->geo->lat, $query->peerType === InlineQueryPeerType::Megagroup);
echo json_encode($query), "\n";
var_dump(unserialize(serialize($query)) == $query);
$query->matches = ['cats'];
echo json_encode([$query->matches, $query->matchesAll]), "\n";
foreach (InlineQueryPeerType::cases() as $type) {
    echo json_encode([$api->wrapUpdate(['peer_type' => ['_' => $type->value]] + $raw)->peerType, $type->value]), "\n";
}
// Telegram leaves both out where it does not know them, as for secret chats.
unset($raw['geo'], $raw['peer_type']);
$query = $api->wrapUpdate($raw);
var_dump($query->geo, $query->peerType, $api->wrapUpdate(['geo' => ['_' => 'geoPointEmpty']] + $raw)->geo);

echo "Progress:\n";
$id = $api->broadcastMessages([['message' => 'x']], new danog\MadelineProto\Broadcast\Filter(false, false, false, false, [], []));
$progress = $api->getBroadcastProgress($id);
var_dump($progress instanceof Update, $api->wrapUpdate(['_' => 'updateBroadcastProgress', 'progress' => $progress]) === $progress);
var_dump(unserialize(serialize($progress)) == $progress);

echo "None:\n";
foreach (['updateUserStatus', 'updateNewEncryptedMessage', 'updateStory', 'updatePhoneCall', 'updatePinnedMessages', 'updateConfig', 'updates', 'user'] as $name) {
    echo json_encode($api->wrapUpdate(['_' => $name])), ' ';
}
echo "\n";

echo "In handlers, and of earlier releases:\n";
echo (new ReflectionMethod(EventHandler::class, 'wrapUpdate'))->getReturnType(), "\n";
ini_set('madelineproto.dialect', 'v4');
$old = $sandbox->user(name: 'old.madeline');
$old->getDialogIds();
echo $old->wrapUpdate(['_' => 'updateBotCallbackQuery', 'query_id' => 1, 'user_id' => 2, 'chat_instance' => 3, 'peer' => ['_' => 'peerChannel', 'channel_id' => 7000001],
    'msg_id' => 4, 'data' => 'x'])->chatId, "\n";
?>
--EXPECT--
Messages:
updateNewMessage danog\MadelineProto\EventHandler\Message\PrivateMessage [9,false,true]
updateNewChannelMessage danog\MadelineProto\EventHandler\Message\PrivateMessage [9,false,true]
updateNewScheduledMessage danog\MadelineProto\EventHandler\Message\PrivateMessage [9,true,true]
updateEditMessage danog\MadelineProto\EventHandler\Message\PrivateMessage [9,false,true]
updateEditChannelMessage danog\MadelineProto\EventHandler\Message\PrivateMessage [9,false,true]
x
NULL
updateNewMessage from Erin
Inline queries:
bool(true)
int(5)
string(4) "cats"
int(5000001)
string(2) "20"
float(52)
bool(true)
{"_":"danog\\MadelineProto\\EventHandler\\InlineQuery","queryId":5,"query":"cats","userId":5000001,"offset":"20","geo":{"long":4.5,"lat":52,"accessHash":6,"accuracyRadius":10,"_":"danog\\MadelineProto\\EventHandler\\Media\\GeoPoint"},"peerType":"Megagroup","matches":null,"matchesAll":null}
bool(true)
[["cats"],null]
["PM","inlineQueryPeerTypePM"]
["Chat","inlineQueryPeerTypeChat"]
["BotPM","inlineQueryPeerTypeBotPM"]
["Broadcast","inlineQueryPeerTypeBroadcast"]
["Megagroup","inlineQueryPeerTypeMegagroup"]
["SameBotPM","inlineQueryPeerTypeSameBotPM"]
NULL
NULL
NULL
Progress:
bool(true)
bool(true)
bool(true)
None:
null null null null null null null null 
In handlers, and of earlier releases:
?danog\MadelineProto\EventHandler\Update
-1000007000001
