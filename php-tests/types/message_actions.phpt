--TEST--
Messages as objects are answered, deleted, read, pinned, edited, forwarded, reacted to and translated
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\AbstractMessage;
use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\EventHandler\Message\GroupMessage;
use danog\MadelineProto\EventHandler\Message\PrivateMessage;
use danog\MadelineProto\ParseMode;

$sandbox = Sandbox::start(function (array &$world) {
    $world['channels']['talk'] = ['id' => 7000011, 'title' => 'Talk', 'username' => 'talk', 'creator' => 'alice', 'megagroup' => true, 'members' => ['erin']];
    $world['chats'] = ['basic' => ['id' => 80, 'title' => 'Basic', 'creator' => 'alice', 'members' => ['erin']]];
    $world['messages'][] = ['in' => 'talk', 'id' => 5, 'from' => 'erin', 'text' => 'Of Erin'];
    $world['messages'][] = ['in' => 'basic', 'id' => 60, 'from' => 'erin', 'text' => 'In the group'];
    $world['messages'][] = ['in' => ['alice', 'erin'], 'id' => 61, 'from' => 'erin', 'text' => 'Hello, Alice'];
});
$api = $sandbox->user();
$erin = $sandbox->user('9996612005', name: 'erin.madeline');
$api->getDialogIds();
$erin->getDialogIds();
/** A message as an object. */
$found = fn (int|string $peer, int $id) => $api->wrapMessage(array_values(array_filter(
    $api->messages->getHistory(peer: $peer, limit: 100)['messages'], fn ($message) => $message['id'] === $id,
))[0]);
/** What the other one sees. */
$seen = fn (int|string $peer) => $erin->messages->getHistory(peer: $peer, limit: 1)['messages'][0];
[$private, $basic, $group] = [$found('@erin_e', 61), $found(-80, 60), $found('@talk', 5)];
$peers = [PrivateMessage::class => '@alice', GroupMessage::class => '@talk'];

echo "Answers:\n";
foreach ([$private, $basic, $group] as $message) {
    $reply = $message->reply('<b>so</b>', ParseMode::HTML, silent: true);
    $theirs = $seen($message->chatId === -80 ? -80 : $peers[$message::class]);
    echo basename(strtr($reply::class, '\\', '/')), ' ', $reply->replyToMsgId === $message->id ? 'to it' : 'to none', ' ',
        $theirs['message'], ' ', $theirs['entities'][0]['_'], ' ', json_encode([$theirs['silent'], isset($theirs['reply_to'])]), "\n";
    $answered = $reply->getReply();
    var_dump($answered->id === $message->id && $answered->message === $message->message, $answered === $reply->getReply());
}
$text = $private->sendText('*bold*', ParseMode::MARKDOWN);
echo $text->message, ' ', json_encode([$text->isReply(), $text->getReply()]), "\n";
var_dump($reply->getReply(GroupMessage::class) === $answered, $reply->getReply(PrivateMessage::class), $reply->getReply('\\' . Message::class) === $answered);
$gone = $text->reply('to what will be gone');
$text->delete();
var_dump($gone->getReply());

echo "Deleted:\n";
$ids = fn (\danog\MadelineProto\API $api, $peer) => array_column($api->messages->getHistory(peer: $peer, limit: 100)['messages'], 'message');
$gone->delete(revoke: false);
echo json_encode([in_array($gone->message, $ids($api, '@erin_e')), in_array($gone->message, $ids($erin, '@alice'))]), "\n";
$reply->delete();
echo json_encode([in_array('so', $ids($api, '@talk')), in_array('so', $ids($erin, '@talk'))]), "\n";

echo "Read:\n";
$unread = fn ($peer) => $api->messages->getPeerDialogs(peers: [$peer])['dialogs'][0]['unread_count'];
$erin->sendMessage('@alice', 'one more');
$erin->sendMessage('@talk', 'one more');
foreach (['@erin_e' => $private, '@talk' => $group] as $peer => $message) {
    $newest = $api->wrapMessage($api->messages->getHistory(peer: $peer, limit: 1)['messages'][0]);
    echo json_encode([$unread($peer), $newest->read(), $unread($peer)]), ' ';
    $erin->sendMessage($peer === '@talk' ? '@talk' : '@alice', 'and one');
    echo json_encode([$message->read(true), $unread($peer)]), "\n";
}

echo "Pinned:\n";
$pinned = fn ($of, $peer) => array_column($of->messages->search(peer: $peer, q: '', filter: ['_' => 'inputMessagesFilterPinned'], limit: 9)['messages'], 'message');
$private->pin(pmOneside: true);
echo json_encode([$pinned($api, '@erin_e'), $pinned($erin, '@alice')]), "\n";
var_dump($private->unpin(true));
$private->pin(silent: true);
echo json_encode([$pinned($api, '@erin_e'), $pinned($erin, '@alice')]), "\n";
$private->unpin();
echo json_encode([$pinned($api, '@erin_e'), $pinned($erin, '@alice')]), "\n";

echo "Edited:\n";
$own = $private->sendText('first');
$edited = $own->editText('<i>second</i>', ParseMode::HTML, noWebpage: true);
echo $edited::class, ' ', $edited->message, ' ', $seen('@alice')['entities'][0]['_'], ' ', $edited->id === $own->id ? 'the same' : 'another', "\n";
echo $own->replyOrEdit('third')->id === $own->id ? 'edited' : 'answered', ' ', $seen('@alice')['message'], "\n";
$answer = $private->replyOrEdit('fourth', replyMarkup: null);
echo $answer->replyToMsgId === $private->id ? 'answered' : 'edited', ' ', $seen('@alice')['message'], "\n";

echo "Forwarded:\n";
$forwarded = $private->forward('@talk');
echo count($forwarded), ' ', $forwarded[0]::class, ' ', $forwarded[0]->fwdInfo->fromId === $private->senderId ? 'of Erin' : '', ' ', $seen('@talk')['message'], "\n";
$forwarded = $private->forward(-80, [$own->id, $answer->id], dropAuthor: true, silent: true);
echo json_encode([array_map(fn ($message) => [$message->message, $message->fwdInfo, $message->silent], $forwarded), $seen(-80)['message']]), "\n";

echo "Reactions:\n";
$reactions = fn () => array_map(fn ($result) => ($result['reaction']['emoticon'] ?? $result['reaction']['document_id']) . $result['count'], $seen('@talk')['reactions']['results'] ?? []);
$post = $api->wrapMessage($api->messages->getHistory(peer: '@talk', limit: 1)['messages'][0]);
echo json_encode([$post->getOurReactions(), $post->addReaction('❤'), $post->addReaction('❤', big: true), $reactions()], JSON_UNESCAPED_UNICODE), "\n";
$again = $api->wrapMessage($api->messages->getHistory(peer: '@talk', limit: 1)['messages'][0]);
echo json_encode([$again->getOurReactions(), $post->delReaction('👍'), $post->delReaction('❤'), $post->getOurReactions(), $reactions()], JSON_UNESCAPED_UNICODE), "\n";

echo "Translated:\n";
echo $private->translate('de'), "\n";

echo "Keyboards:\n";
$bot = $sandbox->bot('6000002:live-bot-token');
$keyboard = fn (string $text) => ['_' => 'replyInlineMarkup', 'rows' => [['_' => 'keyboardButtonRow', 'buttons' => [
    ['_' => 'keyboardButtonCallback', 'text' => $text, 'data' => $text],
]]]];
$asked = $bot->sendMessage('@alice', 'Which?', replyMarkup: $keyboard('one'));
$changed = $asked->editReplyMarkup($keyboard('two'));
$shown = $api->messages->getHistory(peer: '@live_bot', limit: 1)['messages'][0];
echo $changed->message, ' ', $changed->id === $asked->id ? 'the same' : 'another', ' ', $shown['message'], ' ', $shown['reply_markup']['rows'][0]['buttons'][0]['text'], "\n";
$asked->editText('That', replyMarkup: $keyboard('three'));
$shown = $api->messages->getHistory(peer: '@live_bot', limit: 1)['messages'][0];
echo $shown['message'], ' ', $shown['reply_markup']['rows'][0]['buttons'][0]['text'], "\n";

echo "After unserialize():\n";
$again = unserialize(serialize($private));
echo $again->reply('again')->replyToMsgId === $private->id ? 'answered ' : 'sent ', $seen('@alice')['message'], "\n";
?>
--EXPECT--
Answers:
PrivateMessage to it so messageEntityBold [true,true]
bool(true)
bool(true)
GroupMessage to it so messageEntityBold [true,true]
bool(true)
bool(true)
GroupMessage to it so messageEntityBold [true,true]
bool(true)
bool(true)
bold [false,null]
bool(true)
NULL
bool(true)
NULL
Deleted:
[false,true]
[false,false]
Read:
[1,true,0] [true,0]
[1,true,0] [true,0]
Pinned:
[["Hello, Alice"],[]]
NULL
[["Hello, Alice"],["Hello, Alice"]]
[[],[]]
Edited:
danog\MadelineProto\EventHandler\Message\PrivateMessage second messageEntityItalic the same
edited third
answered fourth
Forwarded:
1 danog\MadelineProto\EventHandler\Message\GroupMessage of Erin Hello, Alice
[[["third",null,true],["fourth",null,true]],"fourth"]
Reactions:
[[],["❤"],["❤"],["❤1"]]
[["❤"],["❤"],[],[],[]]
Translated:
[de] Hello, Alice
Keyboards:
Which? the same Which? two
That three
After unserialize():
answered again
