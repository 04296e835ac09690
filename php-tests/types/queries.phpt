--TEST--
wrapUpdate() makes objects of updates with messages and of queries; of all others it makes null
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\CallbackQuery;
use danog\MadelineProto\EventHandler\InlineQuery;
use danog\MadelineProto\EventHandler\InlineQueryPeerType;
use danog\MadelineProto\TL\Types\Bytes;

$api = Sandbox::start()->api();
$show = function (array $update) use ($api): void {
    $object = $api->wrapUpdate($update);
    echo $object === null ? 'null' : json_encode($object, JSON_UNESCAPED_SLASHES), "\n";
};
$message = ['_' => 'message', 'id' => 2, 'peer_id' => 5, 'date' => 3, 'message' => 'text'];
foreach (['NewMessage', 'NewChannelMessage', 'EditMessage', 'EditChannelMessage', 'NewScheduledMessage'] as $name) {
    $object = $api->wrapUpdate(['_' => "update$name", 'message' => $message]);
    echo "$name: ", $object::class, ' ', json_encode($object->scheduled), "\n";
}
$show(['_' => 'updateNewMessage', 'message' => ['_' => 'messageEmpty', 'id' => 4]]);

echo "Buttons:\n";
$pressed = ['_' => 'updateBotCallbackQuery', 'query_id' => 77, 'user_id' => 5, 'peer' => -9, 'msg_id' => 8, 'chat_instance' => -3];
$show($pressed + ['data' => new Bytes("a\0b")]);
$show($pressed + ['data' => 'text']);
$show($pressed + ['game_short_name' => 'chess']);
$show(['peer' => ['_' => 'peerChat', 'chat_id' => 9], 'data' => ''] + $pressed);
$id = ['_' => 'inputBotInlineMessageID', 'dc_id' => 2, 'id' => 1 << 40, 'access_hash' => -1];
$inline = ['_' => 'updateInlineBotCallbackQuery', 'query_id' => 77, 'user_id' => 5, 'msg_id' => $id, 'chat_instance' => 4];
$show($inline + ['data' => 'x']);
$show(['msg_id' => ['_' => 'inputBotInlineMessageID64', 'dc_id' => 2, 'owner_id' => 6, 'id' => 7, 'access_hash' => 8]] + $inline + ['game_short_name' => 'go']);
$query = $api->wrapUpdate($inline + ['data' => 'x']);
var_dump($query instanceof CallbackQuery, unserialize(serialize($query)) == $query);
thrown(fn () => $query->rawId);

echo "Inline queries:\n";
$typed = ['_' => 'updateBotInlineQuery', 'query_id' => 7, 'user_id' => 5, 'query' => 'cats', 'offset' => ''];
$show($typed);
$show($typed + ['peer_type' => ['_' => 'inlineQueryPeerTypeBotPM'], 'geo' => ['_' => 'geoPoint', 'long' => 1.5, 'lat' => 2.5, 'access_hash' => 3, 'accuracy_radius' => 10]]);
$show($typed + ['peer_type' => ['_' => 'inlineQueryPeerTypeNew'], 'geo' => ['_' => 'geoPointEmpty']]);
$query = $api->wrapUpdate($typed + ['peer_type' => ['_' => 'inlineQueryPeerTypeMegagroup']]);
var_dump($query instanceof InlineQuery, $query->peerType === InlineQueryPeerType::Megagroup, $query->matches);

echo "Others:\n";
$show(['_' => 'updateUserTyping', 'user_id' => 5, 'action' => ['_' => 'sendMessageTypingAction']]);
$show([]);

echo "Errors:\n";
foreach ([
    ['_' => 'updateNewMessage'],
    ['_' => 'updateNewMessage', 'message' => 'text'],
    ['_' => 'updateEditMessage', 'message' => ['_' => 'user']],
    ['query_id' => 'x'] + $pressed + ['data' => ''],
    array_diff_key($pressed, ['msg_id' => 0]) + ['data' => ''],
    $pressed,
    ['peer' => []] + $pressed + ['data' => ''],
    ['msg_id' => 5] + $inline + ['data' => ''],
    ['msg_id' => ['_' => 'message']] + $inline + ['data' => ''],
    ['msg_id' => ['_' => 'inputBotInlineMessageID64', 'dc_id' => 2]] + $inline + ['data' => ''],
    ['query' => null] + $typed,
    $typed + ['geo' => ['_' => 'geoPoint']],
    $typed + ['peer_type' => 5],
] as $update) {
    thrown(fn () => $api->wrapUpdate($update));
}
thrown(fn () => $api->wrapUpdate('text'));
?>
--EXPECTF--
NewMessage: danog\MadelineProto\EventHandler\Message\PrivateMessage false
NewChannelMessage: danog\MadelineProto\EventHandler\Message\PrivateMessage false
EditMessage: danog\MadelineProto\EventHandler\Message\PrivateMessage false
EditChannelMessage: danog\MadelineProto\EventHandler\Message\PrivateMessage false
NewScheduledMessage: danog\MadelineProto\EventHandler\Message\PrivateMessage true
null
Buttons:
{"_":"danog\\MadelineProto\\EventHandler\\Query\\ChatButtonQuery","chatId":-9,"messageId":8,"data":{"_":"bytes","bytes":"YQBi"},"matches":null,"matchesAll":null,"queryId":77,"userId":5,"chatInstance":-3}
{"_":"danog\\MadelineProto\\EventHandler\\Query\\ChatButtonQuery","chatId":-9,"messageId":8,"data":{"_":"bytes","bytes":"dGV4dA=="},"matches":null,"matchesAll":null,"queryId":77,"userId":5,"chatInstance":-3}
{"_":"danog\\MadelineProto\\EventHandler\\Query\\ChatGameQuery","chatId":-9,"messageId":8,"gameShortName":"chess","queryId":77,"userId":5,"chatInstance":-3}
{"_":"danog\\MadelineProto\\EventHandler\\Query\\ChatButtonQuery","chatId":-9,"messageId":8,"data":{"_":"bytes","bytes":""},"matches":null,"matchesAll":null,"queryId":77,"userId":5,"chatInstance":-3}
{"_":"danog\\MadelineProto\\EventHandler\\Query\\InlineButtonQuery","inlineMessageId":"AgAAAAAAAAAAAQAA__________8","data":{"_":"bytes","bytes":"eA=="},"matches":null,"matchesAll":null,"queryId":77,"userId":5,"chatInstance":4}
{"_":"danog\\MadelineProto\\EventHandler\\Query\\InlineGameQuery","inlineMessageId":"AgAAAAYAAAAAAAAABwAAAAgAAAAAAAAA","gameShortName":"go","queryId":77,"userId":5,"chatInstance":4}
bool(true)
bool(true)
Error: Cannot access protected property danog\MadelineProto\EventHandler\Query\InlineButtonQuery::$rawId
Inline queries:
{"_":"danog\\MadelineProto\\EventHandler\\InlineQuery","queryId":7,"query":"cats","userId":5,"offset":"","geo":null,"peerType":null,"matches":null,"matchesAll":null}
{"_":"danog\\MadelineProto\\EventHandler\\InlineQuery","queryId":7,"query":"cats","userId":5,"offset":"","geo":{"long":1.5,"lat":2.5,"accessHash":3,"accuracyRadius":10,"_":"danog\\MadelineProto\\EventHandler\\Media\\GeoPoint"},"peerType":"BotPM","matches":null,"matchesAll":null}
{"_":"danog\\MadelineProto\\EventHandler\\InlineQuery","queryId":7,"query":"cats","userId":5,"offset":"","geo":null,"peerType":null,"matches":null,"matchesAll":null}
bool(true)
bool(true)
NULL
Others:
null
null
Errors:
danog\MadelineProto\Exception: update.message: expected an array, found nothing
danog\MadelineProto\Exception: update.message: expected an array, found string
danog\MadelineProto\Exception: wrapMessage(): expected a message, found user
danog\MadelineProto\Exception: update.query_id: expected an int, found string
danog\MadelineProto\Exception: update.msg_id: expected an int, found nothing
danog\MadelineProto\Exception: update.data: expected bytes, found nothing
danog\MadelineProto\Exception: update.peer: expected a peer, found array
danog\MadelineProto\Exception: update.msg_id: expected an array, found int
danog\MadelineProto\Exception: update.msg_id: expected an InputBotInlineMessageID, found message
danog\MadelineProto\Exception: update.msg_id.owner_id: expected an int, found nothing
danog\MadelineProto\Exception: update.query: expected a string, found nothing
danog\MadelineProto\Exception: GeoPoint::__construct(): expected an array with long, lat and access_hash, found one without long
danog\MadelineProto\Exception: update.peer_type: expected an array, found int
TypeError: danog\MadelineProto\InternalDoc::wrapUpdate(): Argument #1 ($update) must be of type array, string given, called in %s on line %d
