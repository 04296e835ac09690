--TEST--
What cannot be done with a message throws: wrong arguments, errors of Telegram, and what has no objects yet
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message\ReportReason;

$sandbox = Sandbox::start(function (array &$world) {
    $world['channels']['talk'] = ['id' => 7000011, 'title' => 'Talk', 'username' => 'talk', 'creator' => 'erin', 'megagroup' => true, 'members' => ['alice']];
    $world['messages'][] = ['in' => 'talk', 'id' => 5, 'from' => 'erin', 'text' => 'Of Erin'];
    $world['messages'][] = ['in' => ['alice', 'erin'], 'id' => 61, 'from' => 'erin', 'text' => 'Hello, Alice'];
});
$api = $sandbox->user();
$api->getDialogIds();
$message = fn (string $peer) => $api->wrapMessage($api->messages->getHistory(peer: $peer, limit: 1)['messages'][0]);
[$private, $group] = [$message('@erin_e'), $message('@talk')];
$post = $api->wrapMessage($api->messages->sendMessage(peer: '@news_channel', message: 'a post')['updates'][2]['message']);

echo "Arguments:\n";
thrown(fn () => $private->reply());
thrown(fn () => $private->reply('x', replyMarkup: 'none'));
thrown(fn () => $private->replyPhoto());
thrown(fn () => $private->getReply('no such class'));
thrown(fn () => $private->getReply(stdClass::class));
thrown(fn () => $private->enableTTL(0));
thrown(fn () => $private->addReaction([]));
thrown(fn () => $private->editReplyMarkup(null));
thrown(fn () => $private->report('spam', ''));
thrown(fn () => $post->block());
thrown(fn () => $post->getStories());

echo "Telegram:\n";
thrown(fn () => $private->reply(''));
thrown(fn () => $private->editText('x'));
thrown(fn () => $private->addReaction('word'));
thrown(fn () => $private->addReaction(5));
echo json_encode($private->getOurReactions()), "\n";
thrown(fn () => $private->translate('german'));
thrown(fn () => $private->forward('@nobody_at_all'));
thrown(fn () => $private->forward('@talk', [99]));
thrown(fn () => $private->enableTTL(5));
thrown(fn () => $group->delete());
thrown(fn () => $group->pin(pmOneside: true));
thrown(fn () => $group->unpin());
thrown(fn () => $private->reply('x', scheduleDate: time() + 60));

echo "Not there:\n";
thrown(fn () => $private->report(ReportReason::SPAM, 'why'));
thrown(fn () => $private->getStories());
$bot = $sandbox->bot('6000002:live-bot-token');
$bot->messages->sendMessage(peer: '@alice', message: 'protected', noforwards: true);
$protected = $message('@live_bot');
var_dump($protected->protected);
thrown(fn () => $protected->forward('me'));
?>
--EXPECTF--
Arguments:
ArgumentCountError: danog\MadelineProto\EventHandler\AbstractMessage::reply() expects at least 1 argument, 0 given
TypeError: danog\MadelineProto\EventHandler\AbstractMessage::reply(): Argument #3 ($replyMarkup) must be of type ?array, string given, called in %s on line %d
ArgumentCountError: danog\MadelineProto\EventHandler\AbstractMessage::replyPhoto() expects at least 1 argument, 0 given
AssertionError: getReply(): class: the name of a class of messages was expected, found "no such class"
AssertionError: getReply(): class: the name of a class of messages was expected, found "stdClass"
InvalidArgumentException: enableTTL(): seconds: a number above 0 was expected, found 0
TypeError: danog\MadelineProto\EventHandler\Message::addReaction(): Argument #1 ($reaction) must be of type string|int, array given, called in %s on line %d
TypeError: danog\MadelineProto\EventHandler\Message::editReplyMarkup(): Argument #1 ($replyMarkup) must be of type array, null given, called in %s on line %d
TypeError: danog\MadelineProto\EventHandler\Message::report(): Argument #1 ($reason) must be of type danog\MadelineProto\EventHandler\Message\ReportReason, string given, called in %s on line %d
InvalidArgumentException: block(): a message of a person or bot was expected, this one is of -1000007000001
InvalidArgumentException: getStories(): a message of a person or bot was expected, this one is of -1000007000001
Telegram:
danog\MadelineProto\RPCErrorException: MESSAGE_EMPTY (code 400, rpc MESSAGE_EMPTY)
danog\MadelineProto\RPCErrorException: MESSAGE_AUTHOR_REQUIRED (code 403, rpc MESSAGE_AUTHOR_REQUIRED)
danog\MadelineProto\RPCErrorException: REACTION_INVALID (code 400, rpc REACTION_INVALID)
danog\MadelineProto\RPCError\PremiumAccountRequiredError: PREMIUM_ACCOUNT_REQUIRED (code 400, rpc PREMIUM_ACCOUNT_REQUIRED)
[]
danog\MadelineProto\RPCErrorException: TO_LANG_INVALID (code 400, rpc TO_LANG_INVALID)
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\RPCErrorException: MESSAGE_ID_INVALID (code 400, rpc MESSAGE_ID_INVALID)
danog\MadelineProto\RPCErrorException: TTL_PERIOD_INVALID (code 400, rpc TTL_PERIOD_INVALID)
danog\MadelineProto\RPCErrorException: MESSAGE_DELETE_FORBIDDEN (code 403, rpc MESSAGE_DELETE_FORBIDDEN)
danog\MadelineProto\RPCErrorException: PIN_RESTRICTED (code 400, rpc PIN_RESTRICTED)
danog\MadelineProto\RPCErrorException: CHAT_NOT_MODIFIED (code 400, rpc CHAT_NOT_MODIFIED)
danog\MadelineProto\RPCErrorException: SCHEDULE_DATE_INVALID (code 400, rpc SCHEDULE_DATE_INVALID)
Not there:
danog\MadelineProto\Exception: report(): Telegram no longer takes reasons such as inputReportReasonSpam: it asks what a report is about. Answer with $api->messages->report(), as often as it gives reportResultChooseOption
danog\MadelineProto\Exception: getStories(): there are no objects for stories yet: use $api->stories->getPeerStories()
bool(true)
InvalidArgumentException: forward(): this message is protected: it may not be forwarded
