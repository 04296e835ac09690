--TEST--
What the server leaves out of the result of a call that sends comes from the call; each part of a long text has its own
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\ParseMode;
use danog\MadelineProto\Tools;

$sandbox = Sandbox::start(null, '--control 0');
$api = $sandbox->user();
$first = $api->sendMessage('@bob_b', 'first')->id;
$fault = $sandbox->ask(['do' => 'short_result', 'on' => ['user' => 'alice', 'method' => 'messages.sendMessage', 'times' => 99]])['id'];
$show = fn (Message $message) => print(json_encode([$message->message, $message->chatId, $message->senderId, $message->out, $message->replyToMsgId,
    $message->threadId, $message->silent, $message->protected, array_map(fn ($entity) => $entity->toBotAPI()['type'], $message->entities),
    array_map(fn ($row) => array_column($row, 'label'), $message->keyboard?->buttons ?? [])]) . "\n");
$show($api->sendMessage('@bob_b', 'plain'));
$show($api->sendMessage('@bob_b', '<b>bold</b>', ParseMode::HTML, replyToMsgId: $first, silent: true, noForwards: true, replyMarkup: [
    'inline_keyboard' => [[['text' => 'Site', 'url' => 'https://example.com/']], [['text' => 'Other', 'callback_data' => 'x']]],
]));
$show($message = $api->sendMessage('@bob_b', 'site', replyMarkup: ['_' => 'replyInlineMarkup', 'rows' => $rows = [
    ['_' => 'keyboardButtonRow', 'buttons' => [['_' => 'keyboardButtonUrl', 'text' => 'Site', 'url' => 'https://example.com/']]],
]]));
echo $message->keyboard->press('Site', true), ' ', is_array($rows[0]['buttons'][0]) ? 'array' : 'object', "\n";
$result = $api->messages->sendMessage(peer: '@bob_b', message: 'quoted', reply_to: ['_' => 'inputReplyToMessage', 'reply_to_msg_id' => $first, 'quote_text' => 'fir']);
echo $result['_'], ' ', json_encode($api->extractMessage($result)['reply_to']), "\n";
echo json_encode($result['request']['body']['reply_to']), "\n";

echo "In parts:\n";
$sizes = function (Message $message): string {
    for ($sizes = []; $message !== null; $message = $message->nextSent) {
        $entities = array_map(fn ($entity) => "$entity->offset+$entity->length", $message->entities);
        $sizes[] = $message->message[0] . strlen($message->message) . ' ' . implode(' ', $entities) . " $message->replyToMsgId " . ($message->media?->size ?? '-');
    }
    return implode(', ', $sizes);
};
$long = '<b>' . implode("\n", array_map(fn ($i) => str_repeat(chr(97 + $i), 2000), range(0, 4))) . '</b>';
echo $sizes($api->sendMessage('@bob_b', $long, ParseMode::HTML, replyToMsgId: $first)), "\n";
$parts = $api->messages->sendMessage(peer: '@bob_b', message: $long, parse_mode: 'HTML');
echo json_encode(array_map(fn ($part) => [$part['request']['_'], strlen($part['request']['body']['message'])], $parts)), "\n";
echo $sizes($api->sendDocument('@bob_b', Tools::stringToStream('hello'), caption: $long, parseMode: ParseMode::HTML, fileName: 'a.txt')), "\n";
$sandbox->ask(['do' => 'clear', 'id' => $fault]);
echo $sizes($api->sendMessage('@bob_b', $long, ParseMode::HTML, replyToMsgId: $first)), "\n";
echo $sizes($api->sendDocument('@bob_b', Tools::stringToStream('hello'), caption: $long, parseMode: ParseMode::HTML, fileName: 'a.txt')), "\n";
?>
--EXPECT--
["plain",5000002,5000001,true,null,null,false,false,[],[]]
["bold",5000002,5000001,true,46,null,true,true,["bold"],[["Site"],["Other"]]]
["site",5000002,5000001,true,null,null,false,false,[],[["Site"]]]
https://example.com/ array
updateShortSentMessage {"_":"messageReplyHeader","reply_to_scheduled":false,"forum_topic":false,"quote":true,"reply_to_msg_id":46,"quote_text":"fir"}
{"_":"inputReplyToMessage","reply_to_msg_id":46,"quote_text":"fir"}
In parts:
a4002 0+4001 46 -, c4002 0+4001 46 -, e2000 0+2000 46 -
[["messages.sendMessage",4002],["messages.sendMessage",4002],["messages.sendMessage",2000]]
a1024 0+1024  5, a2978 0+2977  -, c4002 0+4001  -, e2000 0+2000  -
a4001 0+4001 46 -, c4001 0+4001 46 -, e2000 0+2000 46 -
a1024 0+1024  5, a2977 0+2977  -, c4001 0+4001  -, e2000 0+2000  -
