--TEST--
Updates that lack something, or have something of another type, are refused; so is what Telegram refuses, and what is not there yet
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message\ReportReason;
use danog\MadelineProto\EventHandler\Query\{ChatButtonQuery, InlineButtonQuery};
use danog\MadelineProto\EventHandler\InlineQuery;

$sandbox = Sandbox::start();
$bot = $sandbox->bot('6000002:live-bot-token');
$wrap = fn (mixed ...$update) => thrown(fn () => $bot->wrapUpdate(...$update));
/** Without each field, and with each of another type. */
$each = function (array $update) use ($wrap) {
    foreach ($update as $key => $value) {
        if ($key !== '_') {
            $wrap(array_diff_key($update, [$key => 1]));
            $wrap([$key => is_array($value) ? 'x' : [[]]] + $update);
        }
    }
};

echo "No updates:\n";
$wrap();
$wrap('text');
$wrap([]);
$wrap(['_' => 5]);
$circle = ['_' => 'updateNewMessage'];
$circle['message'] = &$circle;
$wrap($circle);
$wrap(['_' => 'updateNewMessage']);
$wrap(['_' => 'updateEditMessage', 'message' => 'text']);
$wrap(['_' => 'updateNewMessage', 'message' => ['_' => 'user']]);
$wrap(['_' => 'updateNewMessage', 'message' => ['_' => 'message', 'peer_id' => 5000001]]);
$wrap(['_' => 'updateBroadcastProgress']);
$wrap(['_' => 'updateBroadcastProgress', 'progress' => new stdClass]);

echo "Presses in chats:\n";
$press = ['_' => 'updateBotCallbackQuery', 'query_id' => 1, 'user_id' => 2, 'chat_instance' => 3, 'peer' => 5000001, 'msg_id' => 4, 'data' => 'x'];
$each($press);
$wrap(['game_short_name' => 5] + $press);

echo "Presses through a bot:\n";
$id = ['_' => 'inputBotInlineMessageID64', 'dc_id' => 2, 'owner_id' => 3, 'id' => 4, 'access_hash' => 5];
$inline = ['_' => 'updateInlineBotCallbackQuery', 'query_id' => 1, 'user_id' => 2, 'chat_instance' => 3, 'msg_id' => $id, 'data' => 'x'];
$each($inline);
foreach ([['_' => 'inputMessageID'], ['_' => null], ['dc_id' => 1 << 40], ['id' => -1 << 31], ['id' => -1 + (-1 << 31)], ['owner_id' => 'me'], ['access_hash' => null]] as $other) {
    $wrap(['msg_id' => $other + $id] + $inline);
}
echo $bot->wrapUpdate(['msg_id' => ['_' => 'inputBotInlineMessageID', 'dc_id' => 2, 'id' => 4, 'access_hash' => -1]] + $inline)->inlineMessageId, "\n";

echo "Inline queries:\n";
$query = ['_' => 'updateBotInlineQuery', 'query_id' => 5, 'user_id' => 5000001, 'query' => 'cats', 'offset' => ''];
$each($query);
$point = ['_' => 'geoPoint', 'long' => 4.5, 'lat' => 52.1, 'access_hash' => 6];
foreach ([['geo' => 'here'], ['geo' => ['lat' => 'x'] + $point], ['geo' => ['long' => null] + $point], ['geo' => ['access_hash' => 1.5] + $point],
    ['peer_type' => 'x'], ['peer_type' => []], ['peer_type' => ['_' => 'inlineQueryPeerTypeMoon']]] as $other) {
    $wrap($other + $query);
}

echo "Objects:\n";
[$press, $inline, $query] = [$bot->wrapUpdate($press), $bot->wrapUpdate($inline), $bot->wrapUpdate($query)];
thrown(fn () => new ChatButtonQuery());
thrown(fn () => new InlineQuery([]));
thrown(fn () => $press->data = 'y');
thrown(fn () => $press->matches = 'y');
thrown(fn () => $inline->rawId);
thrown(fn () => json_encode(unserialize('O:' . strlen(ChatButtonQuery::class) . ':"' . ChatButtonQuery::class . '":0:{}')));
thrown(fn () => unserialize(str_replace('s:9:"messageId";i:4;', 's:9:"messageId";s:1:"x";', serialize($press))));
thrown(fn () => unserialize('O:' . strlen(ChatButtonQuery::class) . ':"' . ChatButtonQuery::class . '":0:{}')->delete());
thrown(fn () => unserialize('O:' . strlen(ChatButtonQuery::class) . ':"' . ChatButtonQuery::class . '":0:{}')->answer('x'));
thrown(fn () => unserialize('O:' . strlen(InlineButtonQuery::class) . ':"' . InlineButtonQuery::class . '":0:{}')->editText('x'));

echo "Calls:\n";
thrown(fn () => $press->answer());
thrown(fn () => $press->answer('x', 'yes', []));
thrown(fn () => $press->answer('x'));
thrown(fn () => $press->editText('x', 'none'));
thrown(fn () => $press->editText('x'));
thrown(fn () => $press->editReplyMarkup());
thrown(fn () => $press->pin());
thrown(fn () => $press->report('spam', ''));
thrown(fn () => $press->report(ReportReason::SPAM, ''));
thrown(fn () => $inline->answer('x'));
thrown(fn () => $inline->editText('x'));
thrown(fn () => $inline->editReplyMarkup([]));
thrown(fn () => $inline->delete());
?>
--EXPECTF--
No updates:
ArgumentCountError: danog\MadelineProto\InternalDoc::wrapUpdate() expects exactly 1 argument, 0 given
TypeError: danog\MadelineProto\InternalDoc::wrapUpdate(): Argument #1 ($update) must be of type array, string given, called in %s on line %d
danog\MadelineProto\Exception: wrapUpdate(): expected an update, found an array without "_"
danog\MadelineProto\Exception: wrapUpdate(): expected an update, found an array without "_"
danog\MadelineProto\Exception: wrapUpdate(): arrays are nested too deep, or contain themselves
danog\MadelineProto\Exception: update.message: expected an array, found nothing
danog\MadelineProto\Exception: update.message: expected an array, found string
danog\MadelineProto\Exception: wrapMessage(): expected a message, found user
danog\MadelineProto\Exception: message.id: expected an int, found nothing
danog\MadelineProto\Exception: update.progress: expected a danog\MadelineProto\Broadcast\Progress, found nothing
danog\MadelineProto\Exception: update.progress: expected a danog\MadelineProto\Broadcast\Progress, found stdClass
Presses in chats:
danog\MadelineProto\Exception: update.query_id: expected an int, found nothing
danog\MadelineProto\Exception: update.query_id: expected an int, found array
danog\MadelineProto\Exception: update.user_id: expected an int, found nothing
danog\MadelineProto\Exception: update.user_id: expected an int, found array
danog\MadelineProto\Exception: update.chat_instance: expected an int, found nothing
danog\MadelineProto\Exception: update.chat_instance: expected an int, found array
danog\MadelineProto\Exception: update.peer: expected a peer, found nothing
danog\MadelineProto\Exception: update.peer: expected a peer, found array
danog\MadelineProto\Exception: update.msg_id: expected an int, found nothing
danog\MadelineProto\Exception: update.msg_id: expected an int, found array
danog\MadelineProto\Exception: update.data: expected bytes, found nothing
danog\MadelineProto\Exception: update.data: expected bytes, found array
danog\MadelineProto\Exception: update.game_short_name: expected a string, found int
Presses through a bot:
danog\MadelineProto\Exception: update.query_id: expected an int, found nothing
danog\MadelineProto\Exception: update.query_id: expected an int, found array
danog\MadelineProto\Exception: update.user_id: expected an int, found nothing
danog\MadelineProto\Exception: update.user_id: expected an int, found array
danog\MadelineProto\Exception: update.chat_instance: expected an int, found nothing
danog\MadelineProto\Exception: update.chat_instance: expected an int, found array
danog\MadelineProto\Exception: update.msg_id: expected an object, found nothing
danog\MadelineProto\Exception: update.msg_id: expected an array, found string
danog\MadelineProto\Exception: update.data: expected bytes, found nothing
danog\MadelineProto\Exception: update.data: expected bytes, found array
danog\MadelineProto\Exception: update.msg_id: expected inputBotInlineMessageID or inputBotInlineMessageID64, found inputMessageID
danog\MadelineProto\Exception: update.msg_id: expected inputBotInlineMessageID or inputBotInlineMessageID64, found an array without "_"
danog\MadelineProto\Exception: update.msg_id.dc_id: expected an int of 32 bits, found 1099511627776
nothing was thrown; result: {"_":"danog\\MadelineProto\\EventHandler\\Query\\InlineButtonQuery","inlineMessageId":"AgAAAAMAAAAAAAAAAAAAgAUAAAAAAAAA","data":{"_":"bytes","bytes":"eA=="},"matches":null,"matchesAll":null,"queryId":1,"userId":2,"chatInstance":3}
danog\MadelineProto\Exception: update.msg_id.id: expected an int of 32 bits, found -2147483649
danog\MadelineProto\Exception: update.msg_id.owner_id: expected an int, found string
danog\MadelineProto\Exception: update.msg_id.access_hash: expected an int, found nothing
AgAAAAQAAAAAAAAA__________8
Inline queries:
danog\MadelineProto\Exception: update.query_id: expected an int, found nothing
danog\MadelineProto\Exception: update.query_id: expected an int, found array
danog\MadelineProto\Exception: update.user_id: expected an int, found nothing
danog\MadelineProto\Exception: update.user_id: expected an int, found array
danog\MadelineProto\Exception: update.query: expected a string, found nothing
danog\MadelineProto\Exception: update.query: expected a string, found array
danog\MadelineProto\Exception: update.offset: expected a string, found nothing
danog\MadelineProto\Exception: update.offset: expected a string, found array
danog\MadelineProto\Exception: update.geo: expected an array, found string
danog\MadelineProto\Exception: update.geo.lat: expected a float, found string
danog\MadelineProto\Exception: update.geo.long: expected a float, found nothing
danog\MadelineProto\Exception: update.geo.access_hash: expected an int, found float
danog\MadelineProto\Exception: update.peer_type: expected an array, found string
danog\MadelineProto\Exception: update.peer_type: expected an InlineQueryPeerType, found an array without "_"
danog\MadelineProto\Exception: update.peer_type: expected an InlineQueryPeerType, found inlineQueryPeerTypeMoon
Objects:
Error: Call to protected danog\MadelineProto\Ipc\IpcCapable::__construct() from global scope
Error: Call to protected danog\MadelineProto\Ipc\IpcCapable::__construct() from global scope
Error: Cannot modify readonly property danog\MadelineProto\EventHandler\Query\ButtonQuery::$data
TypeError: Cannot assign string to property danog\MadelineProto\EventHandler\Query\ButtonQuery::$matches of type ?array
Error: Cannot access protected property danog\MadelineProto\EventHandler\Query\InlineButtonQuery::$rawId
Error: Typed property danog\MadelineProto\EventHandler\Query\ChatButtonQuery::$chatId must not be accessed before initialization
TypeError: Cannot assign string to property danog\MadelineProto\EventHandler\Query\ChatButtonQuery::$messageId of type int
Error: Typed property danog\MadelineProto\EventHandler\Query\ChatButtonQuery::$messageId must not be accessed before initialization
Error: Typed property danog\MadelineProto\EventHandler\CallbackQuery::$queryId must not be accessed before initialization
Error: Typed property danog\MadelineProto\EventHandler\Query\InlineButtonQuery::$rawId must not be accessed before initialization
Calls:
ArgumentCountError: danog\MadelineProto\EventHandler\CallbackQuery::answer() expects at least 1 argument, 0 given
TypeError: danog\MadelineProto\EventHandler\CallbackQuery::answer(): Argument #3 ($url) must be of type ?string, array given, called in %s on line %d
danog\MadelineProto\RPCErrorException: QUERY_ID_INVALID (code 400, rpc QUERY_ID_INVALID)
TypeError: danog\MadelineProto\EventHandler\Query\ChatButtonQuery::editText(): Argument #2 ($replyMarkup) must be of type ?array, string given, called in %s on line %d
danog\MadelineProto\RPCErrorException: MESSAGE_ID_INVALID (code 400, rpc MESSAGE_ID_INVALID)
ArgumentCountError: danog\MadelineProto\EventHandler\Query\ChatButtonQuery::editReplyMarkup() expects exactly 1 argument, 0 given
danog\MadelineProto\RPCErrorException: MESSAGE_ID_INVALID (code 400, rpc MESSAGE_ID_INVALID)
TypeError: danog\MadelineProto\EventHandler\Query\ChatButtonQuery::report(): Argument #1 ($reason) must be of type danog\MadelineProto\EventHandler\Message\ReportReason, string given, called in %s on line %d
danog\MadelineProto\Exception: report(): Telegram no longer takes reasons such as inputReportReasonSpam: it asks what a report is about. Answer with $api->messages->report(), as often as it gives reportResultChooseOption
danog\MadelineProto\RPCErrorException: QUERY_ID_INVALID (code 400, rpc QUERY_ID_INVALID)
danog\MadelineProto\RPCErrorException: MESSAGE_ID_INVALID (code 400, rpc MESSAGE_ID_INVALID)
danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
Error: Call to undefined method danog\MadelineProto\EventHandler\Query\InlineButtonQuery::delete()
