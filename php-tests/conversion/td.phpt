--TEST--
TDLib's forms: tdToMTProto(), MTProtoToTd(), MTProtoToTdcli(), tdcliToTd(), tdToTdcli() and their old names
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$alice = Sandbox::start()->user();
$alice->getInfo('@bob_b');
$print = fn (mixed $value) => print(json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES) . "\n");

echo "tdcli and td:\n";
$tdcli = ['ID' => 'SendMessage', 'chat_id_' => 5, 'input_message_content_' => ['ID' => 'InputMessageText', 'text_' => 'a', 'plain' => 1], 'list_' => [['ID' => 'X']]];
$td = $alice->tdcliToTd($tdcli);
$print($td);
$print($alice->tdToTdcli($td));
$print($alice->tdcliToTd([$tdcli, 'text', "\x00" => null]));
$print([$alice->tdcliToTd(5), $alice->tdToTdcli('text'), $alice->tdToTdcli([]), $alice->MTProtoToTd(null)]);

echo "a call:\n";
$print($alice->tdToMTProto($td));
$print($alice->tdToMTProto(['_' => 'sendMessage', 'chat_id' => '@bob_b', 'reply_to_message_id' => 6, 'disable_notification' => true, 'from_background' => true,
    'input_message_content' => ['_' => 'inputMessageText', 'text' => 'a', 'disable_web_page_preview' => true]]));
$call = $alice->tdToMTProto(['_' => 'sendMessage', 'chat_id' => '@bob_b', 'input_message_content' => ['_' => 'inputMessageText', 'text' => 'a']]);
$name = $call['_'];
unset($call['_']);
$sent = $alice->extractMessageUpdate($alice->methodCall($name, $call));

echo "a message:\n";
$td = $alice->MTProtoToTd($sent);
var_dump($td['message']['id'] === $sent['message']['id'], $td['message']['date'] === $sent['message']['date'], abs($td['message']['ttl_expires_in'] + time()) < 100);
unset($td['message']['id'], $td['message']['date'], $td['message']['ttl_expires_in']);
$print($td);
$tdcli = $alice->MTProtoToTdcli($sent);
$print([$tdcli['ID'], $tdcli['message_']['ID'], $tdcli['message_']['content_']]);
$message = ['_' => 'message', 'id' => 1, 'date' => 2, 'message' => 'text', 'out' => false, 'post' => true, 'peer_id' => 5000001, 'from_id' => 5000002, 'ttl' => 7, 'views' => 8,
    'entities' => [['_' => 'messageEntityBold', 'offset' => 0, 'length' => 1]], 'reply_to' => ['_' => 'messageReplyHeader', 'reply_to_msg_id' => 9],
    'fwd_from' => ['from_id' => 5000002, 'date' => 11], 'reply_markup' => ['_' => 'replyKeyboardHide'],
    'media' => ['_' => 'messageMediaWebPage', 'webpage' => ['_' => 'webPageEmpty', 'id' => 1]]];
$print(array_diff_key($alice->MTProtoToTd($message), ['ttl_expires_in' => 0]));
$print($alice->MTProtoToTd(['fwd_from' => ['from_id' => -1000007000001, 'date' => 11, 'channel_post' => 12]] + $message)['forward_info']);
$print(array_column($alice->MTProtoToTd([$message, $message]), 'content'));
$print($alice->MTProtoToTd(['_' => 'updateMessageID', 'id' => 1]));

echo "old names:\n";
$print($alice->td_to_mtproto($alice->tdcli_to_td(['ID' => 'SendMessage', 'chat_id_' => 5, 'input_message_content_' => ['ID' => 'InputMessageText', 'text_' => 'a']]))['peer']);
$print($alice->mtproto_to_tdcli($sent)['ID'] . ' ' . $alice->mtproto_to_td($sent)['_'] . ' ' . $alice->td_to_tdcli(['_' => 'ok'])['ID']);
?>
--EXPECT--
tdcli and td:
{"_":"sendMessage","chat_id":5,"input_message_content":{"_":"inputMessageText","text":"a","plain":1},"list":[{"_":"x"}]}
{"ID":"SendMessage","chat_id_":5,"input_message_content_":{"ID":"InputMessageText","text_":"a","plain_":1},"list_":[{"ID":"X"}]}
{"0":{"_":"sendMessage","chat_id":5,"input_message_content":{"_":"inputMessageText","text":"a","plain":1},"list":[{"_":"x"}]},"1":"text","\u0000":null}
[5,"text",[],null]
a call:
{"_":"messages.sendMessage","text":"a","plain":1,"peer":5,"reply_to_msg_id":null,"silent":null,"background":null,"reply_markup":null}
{"_":"messages.sendMessage","text":"a","disable_web_page_preview":true,"peer":"@bob_b","reply_to_msg_id":6,"silent":true,"background":true,"reply_markup":null,"no_webpage":true}
a message:
bool(true)
bool(true)
bool(true)
{"_":"updateNewMessage","disable_notification":false,"message":{"_":"message","sender_user_id":5000001,"chat_id":5000002,"send_state":{"_":"messageIsSuccessfullySent"},"can_be_edited":true,"can_be_deleted":true,"is_post":false,"edit_date":null,"forward_info":null,"reply_to_message_id":null,"ttl":0,"via_bot_user_id":null,"views":null,"content":{"_":"messageText","text":"a"},"reply_markup":null}}
["UpdateNewMessage","Message",{"ID":"MessageText","text_":"a"}]
{"_":"message","id":1,"sender_user_id":5000002,"chat_id":5000002,"send_state":{"_":"messageIsIncoming"},"can_be_edited":false,"can_be_deleted":false,"is_post":true,"date":2,"edit_date":null,"forward_info":{"_":"messageForwardedFromUser","date":11,"sender_user_id":5000002},"reply_to_message_id":9,"ttl":7,"via_bot_user_id":null,"views":8,"content":{"_":"messageText","text":"text","web_page":{"_":"webPageEmpty","id":1},"entities":[{"_":"messageEntityBold","offset":0,"length":1}]},"reply_markup":{"_":"replyKeyboardHide"}}
{"_":"messageForwardedPost","chat_id":-1000007000001,"date":11,"channel_post":12,"sender_user_id":-1000007000001}
[{"_":"messageText","text":"text","web_page":{"_":"webPageEmpty","id":1},"entities":[{"_":"messageEntityBold","offset":0,"length":1}]},{"_":"messageText","text":"text","web_page":{"_":"webPageEmpty","id":1},"entities":[{"_":"messageEntityBold","offset":0,"length":1}]}]
{"_":"updateMessageID","id":1}
old names:
5
"UpdateNewMessage updateNewMessage Ok"
