--TEST--
Posts of channels: their discussion, views and signatures; screenshots of private chats
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['channels']['talk'] = ['id' => 7000011, 'title' => 'Talk', 'username' => 'talk', 'creator' => 'alice', 'megagroup' => true];
    $world['channels']['news']['discussion'] = 'talk';
    $world['channels']['silent'] = ['id' => 7000012, 'title' => 'Silent', 'username' => 'silent_one', 'creator' => 'alice'];
    $world['messages'][] = ['in' => 'news', 'text' => 'A post'];
    $world['messages'][] = ['in' => 'silent', 'text' => 'Nobody answers'];
    $world['messages'][] = ['in' => ['alice', 'erin'], 'id' => 61, 'from' => 'erin', 'text' => 'Hello, Alice'];
});
$api = $sandbox->user();
$api->getDialogIds();
$newest = fn ($peer) => $api->wrapMessage($api->messages->getHistory(peer: $peer, limit: 1)['messages'][0]);
[$post, $silent, $private] = [$newest('@news_channel'), $newest('@silent_one'), $newest('@erin_e')];

echo "Discussion:\n";
$copy = $post->getDiscussion();
echo $copy::class, ' ', json_encode([$copy->chatId, $copy->message, $copy->senderId === $post->chatId, $copy->fwdInfo->forwardedChannelMsgId === $post->id]), "\n";
echo $copy->reply('a comment')->message, ' ', $newest('@talk')->replyToMsgId === $copy->id ? 'to it' : 'to none', "\n";
var_dump($silent->getDiscussion());

echo "Views:\n";
$views = $post->views;
var_dump($post->view(), $newest('@news_channel')->views - $views);

echo "Settings:\n";
$facts = function () use ($api) {
    $api->refreshFullPeerCache('@news_channel');
    return json_encode(array_intersect_key($api->getFullInfo('@news_channel')['Chat'], ['signatures' => 0, 'noforwards' => 0]));
};
$post->enableSignatures();
echo $facts(), "\n";
$post->disableSignatures();
$post->enableProtection();
echo $facts(), "\n";
$post->disableProtection();
echo $facts(), "\n";
$member = $post->getMember('me');
echo $member::class, ' ', json_encode([$member->userId, $member->rank]), "\n";

echo "Refused:\n";
thrown(fn () => $post->disableSignatures());
// As in MadelineProto it asks for what supergroups have.
thrown(fn () => $post->hideHistory());
thrown(fn () => $post->unhideHistory());
thrown(fn () => $post->getMember('@erin_e'));
thrown(fn () => $post->getMember());

echo "Screenshots:\n";
$taken = $private->screenShot();
echo $taken::class, ' ', json_encode([$taken->ids, $taken->out, $taken->chatId]), "\n";
$erin = $sandbox->user('9996612005', name: 'erin.madeline');
$seen = $erin->messages->getHistory(peer: '@alice', limit: 1)['messages'][0];
echo $seen['action']['_'], ' ', $erin->wrapMessage($seen)->senderId, "\n";
thrown(fn () => $api->wrapMessage(['action' => 5] + $seen));
?>
--EXPECT--
Discussion:
danog\MadelineProto\EventHandler\Message\GroupMessage [-1000007000011,"A post",true,true]
a comment to it
NULL
Views:
NULL
int(1)
Settings:
{"signatures":true,"noforwards":false}
{"signatures":false,"noforwards":true}
{"signatures":false,"noforwards":false}
danog\MadelineProto\EventHandler\Participant\Creator [5000001,"Owner"]
Refused:
danog\MadelineProto\RPCErrorException: CHAT_NOT_MODIFIED (code 400, rpc CHAT_NOT_MODIFIED)
danog\MadelineProto\RPCError\ChannelInvalidError: CHANNEL_INVALID (code 400, rpc CHANNEL_INVALID)
danog\MadelineProto\RPCError\ChannelInvalidError: CHANNEL_INVALID (code 400, rpc CHANNEL_INVALID)
danog\MadelineProto\RPCErrorException: USER_NOT_PARTICIPANT (code 400, rpc USER_NOT_PARTICIPANT)
ArgumentCountError: danog\MadelineProto\EventHandler\Message\ChannelMessage::getMember() expects exactly 1 argument, 0 given
Screenshots:
danog\MadelineProto\EventHandler\Message\Service\DialogScreenshotTaken [[],true,5000005]
messageActionScreenshotTaken 5000001
danog\MadelineProto\Exception: message.action: expected an array, found int
