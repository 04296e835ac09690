--TEST--
What is no message, or a strange one, is refused; properties cannot be changed; objects are not made by scripts
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message\GroupMessage;

$api = Sandbox::start()->user();
$plain = ['_' => 'message', 'id' => 9, 'peer_id' => 5000001, 'date' => 1700000000, 'message' => 'text'];
$wrap = fn (array $of) => thrown(fn () => $api->wrapMessage($of + $plain));
thrown(fn () => $api->wrapMessage([]));
thrown(fn () => $api->wrapMessage('text'));
$wrap(['_' => 'user']);
$wrap(['_' => 'encryptedMessageService']);
foreach (['id' => '9', 'peer_id' => 'me', 'from_id' => [], 'date' => null, 'message' => 5, 'ttl_period' => 'x', 'post_author' => 1,
    'out' => 1, 'silent' => 'yes', 'entities' => 1, 'reply_to' => 4, 'fwd_from' => ['_' => 'messageFwdHeader'], 'media' => 'x', 'reply_markup' => 'x'] as $key => $value) {
    $wrap([$key => $value]);
}
$wrap(['peer_id' => 0]);
$wrap(['peer_id' => ['_' => 'peerChat', 'chat_id' => PHP_INT_MIN]]);
$wrap(['peer_id' => -1000007099999]);
$wrap(['reactions' => ['_' => 'messageReactions', 'results' => [1]]]);
$message = $api->wrapMessage($plain);
thrown(fn () => $message->id = 5);
thrown(function () use ($message) { $message->entities[] = 1; });
thrown(function () use ($message) { unset($message->message); });
thrown(fn () => $message->session);
thrown(fn () => new GroupMessage());
thrown(fn () => $api->sendDocument('me', $message));
thrown(fn () => $api->downloadToFile($message, '/nowhere'));
thrown(fn () => $message->getHTML('x', 'y'));
$message->nextSent = $message;
$message->matches = ['a'];
thrown(fn () => $message->matches = 'a');
?>
--EXPECTF--
danog\MadelineProto\Exception: wrapMessage(): expected a message, found an array without "_"
TypeError: danog\MadelineProto\InternalDoc::wrapMessage(): Argument #1 ($message) must be of type array, string given, called in %s on line %d
danog\MadelineProto\Exception: wrapMessage(): expected a message, found user
danog\MadelineProto\Exception: wrapMessage(): there are no objects for encryptedMessageService yet: use the array
danog\MadelineProto\Exception: message.id: expected an int, found string
danog\MadelineProto\Exception: message.peer_id: expected a peer, found string
danog\MadelineProto\Exception: message.from_id: expected a peer, found array
danog\MadelineProto\Exception: message.date: expected an int, found nothing
danog\MadelineProto\Exception: message.message: expected a string, found int
danog\MadelineProto\Exception: message.ttl_period: expected an int, found string
danog\MadelineProto\Exception: message.post_author: expected a string, found int
danog\MadelineProto\Exception: message.out: expected a bool, found int
danog\MadelineProto\Exception: message.silent: expected a bool, found string
danog\MadelineProto\Exception: message.entities: expected an array, found int
danog\MadelineProto\Exception: message.reply_to: expected an array, found int
danog\MadelineProto\Exception: message.fwd_from.date: expected an int, found nothing
danog\MadelineProto\Exception: message.media: expected an array, found string
danog\MadelineProto\Exception: message.reply_markup: expected an array, found string
danog\MadelineProto\Exception: message.peer_id: expected a peer, found 0
danog\MadelineProto\Exception: message.peer_id: expected a peer, found array
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\Exception: message.reactions.results: expected a list of objects, found int in it
Error: Cannot modify readonly property danog\MadelineProto\EventHandler\AbstractMessage::$id
Error: Cannot modify readonly property danog\MadelineProto\EventHandler\Message::$entities
Error: Cannot unset readonly property danog\MadelineProto\EventHandler\Message::$message
Error: Cannot access protected property danog\MadelineProto\EventHandler\Message\PrivateMessage::$session
Error: Call to protected danog\MadelineProto\EventHandler\AbstractMessage::__construct() from global scope
AssertionError: expected a file, found message 9 of chat 5000001, which has none
AssertionError: expected a file, found message 9 of chat 5000001, which has none
nothing was thrown; result: "text"
TypeError: Cannot assign string to property danog\MadelineProto\EventHandler\Message::$matches of type ?array
