--TEST--
botAPIToMTProto(): the bot API's names, keyboards and parse modes as calls take them
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message\Entities\Bold;
use danog\MadelineProto\ParseMode;

$alice = Sandbox::start()->user();
$print = fn (array $value) => print(str_replace(addslashes('danog\MadelineProto\EventHandler\Message\Entities\\'), '', json_encode($value, JSON_UNESCAPED_UNICODE)) . "\n");

$print($alice->botAPIToMTProto(['chat_id' => 'me', 'text' => 'x', 'disable_notification' => true, 'reply_to_message_id' => 5, 'disable_web_page_preview' => true, 'other' => 6]));
$print($alice->botAPIToMTProto(['chat_id' => 1, 'peer' => 2, 'text' => null, 'message' => 'kept']));
$print($alice->botAPIToMTProto([]));
echo "parse_mode:\n";
foreach (['HTML' => '<b>a</b>', 'MarkdownV2' => '*a*', 'text' => '*a*', '' => '<b>a</b>'] as $mode => $text) {
    $print($alice->botAPIToMTProto(['message' => $text, 'parse_mode' => $mode]));
}
$print($alice->botAPIToMTProto(['message' => '*a*', 'parse_mode' => ParseMode::MARKDOWN]));
$print($alice->botAPIToMTProto(['message' => '<b>a</b>', 'parse_mode' => ['_' => 'textParseModeHTML']]));
$print($alice->botAPIToMTProto(['caption' => '*a*', 'message' => '*b*', 'parse_mode' => 'markdown']));
$print($alice->botAPIToMTProto(['text' => '*a*', 'parse_mode' => 'markdown', 'entities' => [new Bold(5, 6), ['_' => 'messageEntityUrl', 'offset' => 7, 'length' => 8]]]));
$print($alice->botAPIToMTProto(['message' => '', 'parse_mode' => 'markdown']));
echo "reply_markup:\n";
$print($alice->botAPIToMTProto(['reply_markup' => ['inline_keyboard' => [
    [['text' => 'a', 'callback_data' => 'b'], ['text' => 'c', 'url' => 'd'], ['text' => 'e', 'url' => 'tg://user?id=5']],
    [['text' => 'f', 'switch_inline_query' => ['query' => 'g', 'allow_user_chats' => true]], ['text' => 'h', 'web_app' => ['url' => 'i']]],
]]])['reply_markup']);
$print($alice->botAPIToMTProto(['reply_markup' => ['keyboard' => [[['text' => 'a', 'request_contact' => true]]], 'resize_keyboard' => true, 'one_time_keyboard' => true]])['reply_markup']);
$print($alice->botAPIToMTProto(['reply_markup' => ['remove_keyboard' => true]])['reply_markup']);
$print($alice->botAPIToMTProto(['reply_markup' => ['force_reply' => true, 'selective' => true]])['reply_markup']);
$tl = ['_' => 'replyInlineMarkup', 'rows' => []];
var_dump($alice->botAPIToMTProto(['reply_markup' => $tl])['reply_markup'] === $tl);

echo "what it gives can be sent:\n";
$arguments = $alice->botAPI_to_MTProto(['chat_id' => 'me', 'text' => '<b>a</b>', 'parse_mode' => 'HTML', 'reply_markup' => ['force_reply' => true]]);
$sent = $alice->extractMessage($alice->messages->sendMessage($arguments));
$print([$sent['message'], $sent['entities'], $sent['reply_markup']['_'] ?? null]);
?>
--EXPECT--
{"chat_id":"me","text":"x","disable_notification":true,"reply_to_message_id":5,"disable_web_page_preview":true,"other":6,"no_webpage":true,"silent":true,"reply_to_msg_id":5,"peer":"me","message":"x"}
{"chat_id":1,"peer":2,"text":null,"message":"kept"}
[]
parse_mode:
{"message":"a","entities":[{"_":"Bold","offset":0,"length":1}]}
{"message":"a","entities":[{"_":"Bold","offset":0,"length":1}]}
{"message":"*a*","parse_mode":"text"}
{"message":"<b>a<\/b>","parse_mode":""}
{"message":"a","entities":[{"_":"Bold","offset":0,"length":1}]}
{"message":"a","entities":[{"_":"Bold","offset":0,"length":1}]}
{"caption":"a","message":"*b*","entities":[{"_":"Bold","offset":0,"length":1}]}
{"text":"*a*","entities":[{"_":"Bold","offset":5,"length":6},{"_":"messageEntityUrl","offset":7,"length":8},{"_":"Bold","offset":0,"length":1}],"message":"a"}
{"message":"","parse_mode":"markdown"}
reply_markup:
{"_":"replyInlineMarkup","rows":[{"_":"keyboardButtonRow","buttons":[{"_":"keyboardButtonCallback","text":"a","data":"b"},{"_":"keyboardButtonUrl","text":"c","url":"d"},{"_":"inputKeyboardButtonUserProfile","text":"e","user_id":5}]},{"_":"keyboardButtonRow","buttons":[{"_":"keyboardButtonSwitchInline","text":"f","query":"g","peer_types":[{"_":"inlineQueryPeerTypePM"}]},{"_":"keyboardButtonWebView","text":"h","url":"i"}]}]}
{"_":"replyKeyboardMarkup","resize":true,"single_use":true,"rows":[{"_":"keyboardButtonRow","buttons":[{"_":"keyboardButtonRequestPhone","text":"a"}]}]}
{"_":"replyKeyboardHide"}
{"_":"replyKeyboardForceReply","selective":true}
bool(true)
what it gives can be sent:
["a",[{"_":"messageEntityBold","offset":0,"length":1}],null]
