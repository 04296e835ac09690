--TEST--
Presses of buttons as objects: a bot answers them, and changes, pins and deletes the message, in chats and through inline messages
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Query\{ChatButtonQuery, ChatGameQuery};
use danog\MadelineProto\ParseMode;

$sandbox = Sandbox::start(function (array &$world) {
    $world['callback_timeout_ms'] = 20000;
    $world['channels']['talk'] = ['id' => 7000011, 'title' => 'Talk', 'username' => 'talk', 'creator' => 'alice', 'megagroup' => true, 'members' => ['live']];
    $keyboard = [[['text' => 'Yes', 'data' => ['hex' => 'ff00']]]];
    $chess = ['game' => ['short_name' => 'chess', 'title' => 'Chess'], 'keyboard' => [[['text' => 'Play', 'game' => true]]]];
    $world['messages'][] = ['in' => 'talk', 'id' => 5, 'from' => 'live', 'text' => 'In the group', 'keyboard' => $keyboard];
    $world['messages'][] = ['in' => ['alice', 'live'], 'id' => 70, 'from' => 'live'] + $chess;
    // The bot is not in this chat. Its author lives in another data centre than the bot.
    $world['messages'][] = ['in' => ['alice', 'carol'], 'id' => 71, 'from' => 'carol', 'via' => 'live', 'text' => 'Through a bot', 'keyboard' => $keyboard];
    $world['messages'][] = ['in' => ['alice', 'carol'], 'id' => 72, 'from' => 'carol', 'via' => 'live'] + $chess;
    $world['messages'][] = ['in' => 'talk', 'id' => 6, 'from' => 'alice', 'via' => 'live', 'text' => 'Through a bot', 'keyboard' => $keyboard];
});
$api = $sandbox->user();
$bot = $sandbox->bot('6000002:live-bot-token');
$api->getDialogIds();
$bot->getUpdates(['timeout' => 0]);
/** The press as the bot gets it, and what the user will be answered; without data that of a game. */
$press = function (string $peer, int $id, ?string $data) use ($api, $bot): array {
    static $next = 0;
    $answer = $api->messages->getBotCallbackAnswer(['peer' => $peer, 'msg_id' => $id] + ($data === null ? ['game' => true] : ['data' => $data]), ['async' => true]);
    for (;;) {
        foreach ($bot->getUpdates(['offset' => $next, 'timeout' => 10]) as ['update_id' => $number, 'update' => $update]) {
            $next = $number + 1;
            if (str_ends_with($update['_'], 'CallbackQuery')) {
                return [$bot->wrapUpdate($update), $answer, $update];
            }
        }
    }
};
$seen = fn (string $peer) => $api->messages->getHistory(peer: $peer, limit: 100)['messages'];
$shown = function (string $peer, int $id) use ($seen): string {
    $message = array_values(array_filter($seen($peer), fn ($message) => $message['id'] === $id))[0] ?? null;
    $button = fn ($row) => $row['buttons'][0]['text'];
    return $message === null ? 'gone' : json_encode([$message['message'], array_column($message['entities'] ?? [], '_'), array_map($button, $message['reply_markup']['rows'] ?? [])]);
};
$keyboard = fn (string $text) => ['_' => 'replyInlineMarkup', 'rows' => [['_' => 'keyboardButtonRow', 'buttons' => [
    ['_' => 'keyboardButtonCallback', 'text' => $text, 'data' => $text],
]]]];

echo "In a private chat:\n";
[$query, $answer, $raw] = $press('@live_bot', 45, 'hello');
echo $query::class, ' ', json_encode([$query->queryId === $raw['query_id'], $query->userId, $query->chatInstance === $raw['chat_instance'],
    $query->chatId, $query->messageId, $query->data, $query->matches, $query->matchesAll]), "\n";
var_dump($query->answer('Hello yourself', true, 'https://t.me/live_bot', 7));
echo json_encode($answer->await()), "\n";
$edited = $query->editText('<b>new</b>', $keyboard('One'), ParseMode::HTML, true);
echo $edited::class, ' ', $edited->id === $query->messageId ? $edited->message : 'another', ' ', $shown('@live_bot', 45), "\n";
echo $query->editReplyMarkup($keyboard('Two'))->keyboard->buttons[0][0]->label, ' ', $shown('@live_bot', 45), "\n";
$pinned = fn () => array_column($api->messages->search(peer: '@live_bot', q: '', filter: ['_' => 'inputMessagesFilterPinned'], limit: 9)['messages'], 'id');
$query->pin(silent: true);
echo json_encode($pinned()), ' ';
echo json_encode([$query->unpin(), $pinned()]), "\n";
[$query, $answer] = $press('@live_bot', 45, 'Two');
$query->answer('short');
echo json_encode($answer->await()), "\n";
$query->delete();
echo $shown('@live_bot', 45), "\n";

echo "In a group:\n";
[$query, $answer] = $press('@talk', 5, "\xff\0");
echo $query::class, ' ', json_encode([$query->chatId, $query->messageId, bin2hex($query->data)]), "\n";
// As JSON the data is bytes; serialized, a press finds its API object again.
echo json_encode(array_diff_key(json_decode(json_encode($query), true), ['queryId' => 1, 'chatInstance' => 1])), "\n";
$again = unserialize(serialize($query));
var_dump($again == $query, $again !== $query);
unset($query);
var_dump($again->answer(''));
echo json_encode($answer->await()), "\n";
echo $again->editText('new')->message, ' ', $shown('@talk', 5), "\n";
$again->delete(revoke: false);
echo $shown('@talk', 5), "\n";

echo "Of a game:\n";
[$query, $answer] = $press('@live_bot', 70, null);
echo $query::class, ' ', json_encode([$query->gameShortName, $query->chatId, $query->messageId]), ' ', implode(' ', array_keys($query->jsonSerialize())), "\n";
$query->answer(message: '', url: 'https://example.com/chess');
echo json_encode($answer->await()), "\n";
$query->delete();
echo $shown('@live_bot', 70), "\n";

echo "Through a bot:\n";
[$query, $answer, $raw] = $press('@carol', 71, "\xff\0");
echo $query::class, ' ', json_encode([$query->userId, bin2hex($query->data), $raw['msg_id']['dc_id'], $raw['msg_id']['owner_id']]), ' ', implode(' ', array_keys($query->jsonSerialize())), "\n";
$number = unpack('Vdc/Powner/Vid/Phash', danog\MadelineProto\Tools::base64urlDecode($query->inlineMessageId));
var_dump($number === ['dc' => 1, 'owner' => 5000003, 'id' => $raw['msg_id']['id'], 'hash' => $raw['msg_id']['access_hash']]);
$query->answer('Seen');
echo $answer->await()['message'], "\n";
var_dump($query->editText('_new_', $keyboard('One'), ParseMode::MARKDOWN, noWebpage: true));
echo $shown('@carol', 71), "\n";
var_dump(unserialize(serialize($query))->editReplyMarkup($keyboard('Two')));
echo $shown('@carol', 71), "\n";
[$query, $answer] = $press('@carol', 72, null);
echo $query::class, ' ', $query->gameShortName, "\n";
$query->answer('', url: 'https://example.com/chess');
echo $answer->await()['url'], "\n";
[$query, $answer] = $press('@talk', 6, "\xff\0");
$query->answer('And in a group');
echo $answer->await()['message'], ' ', $query->editText('new'), $shown('@talk', 6), "\n";
?>
--EXPECT--
In a private chat:
danog\MadelineProto\EventHandler\Query\ChatButtonQuery [true,5000001,true,5000001,45,"hello",null,null]
bool(true)
{"_":"messages.botCallbackAnswer","alert":true,"has_url":true,"native_ui":true,"message":"Hello yourself","url":"https:\/\/t.me\/live_bot","cache_time":7}
danog\MadelineProto\EventHandler\Message\PrivateMessage new ["new",["messageEntityBold"],["One"]]
Two ["new",["messageEntityBold"],["Two"]]
[45] [null,[]]
{"_":"messages.botCallbackAnswer","alert":false,"has_url":false,"native_ui":true,"message":"short","cache_time":300}
gone
In a group:
danog\MadelineProto\EventHandler\Query\ChatButtonQuery [-1000007000011,5,"ff00"]
{"_":"danog\\MadelineProto\\EventHandler\\Query\\ChatButtonQuery","chatId":-1000007000011,"messageId":5,"data":{"_":"bytes","bytes":"\/wA="},"matches":null,"matchesAll":null,"userId":5000001}
bool(true)
bool(true)
bool(true)
{"_":"messages.botCallbackAnswer","alert":false,"has_url":false,"native_ui":true,"message":"","cache_time":300}
new ["new",[],[]]
gone
Of a game:
danog\MadelineProto\EventHandler\Query\ChatGameQuery ["chess",5000001,70] _ chatId messageId gameShortName queryId userId chatInstance
{"_":"messages.botCallbackAnswer","alert":false,"has_url":true,"native_ui":true,"message":"","url":"https:\/\/example.com\/chess","cache_time":300}
gone
Through a bot:
danog\MadelineProto\EventHandler\Query\InlineButtonQuery [5000001,"ff00",1,5000003] _ inlineMessageId data matches matchesAll queryId userId chatInstance
bool(true)
Seen
NULL
["new",["messageEntityItalic"],["One"]]
NULL
["new",["messageEntityItalic"],["Two"]]
danog\MadelineProto\EventHandler\Query\InlineGameQuery chess
https://example.com/chess
And in a group ["new",[],[]]
