--TEST--
Messages as objects are serialized without their API object, which they find again; JSON has their public properties
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\ParseMode;

$sandbox = Sandbox::start();
$api = $sandbox->user();
$message = $api->sendMessage('me', '/say <b>it</b>', ParseMode::HTML);
$copy = unserialize(serialize($message));
var_dump($copy == $message, $copy !== $message, $copy->commandType === $message->commandType, $copy->getHTML());
thrown(fn () => $copy->id = 5);
var_dump(clone $message == $message);

$json = json_decode(json_encode($message), true);
echo implode(' ', array_keys($json)), "\n";
echo json_encode([$json['_'], $json['commandType'], $json['entities'], $json['commandArgs']], JSON_UNESCAPED_SLASHES), "\n";
var_dump($message->jsonSerialize()['id'] === $message->id, array_key_exists('session', $json));

echo "Keyboards press on:\n";
$message = $api->wrapMessage($api->messages->getMessages(id: [42])['messages'][0]);
file_put_contents($sandbox->path('message'), serialize($message));
unset($message, $copy);
echo unserialize(file_get_contents($sandbox->path('message')))->keyboard->press('Yes', true)['message'], "\n";
unset($api);
gc_collect_cycles();
echo unserialize(file_get_contents($sandbox->path('message')))->keyboard->press('No', true)['message'], "\n";

echo "Tampered with:\n";
$text = file_get_contents($sandbox->path('message'));
thrown(fn () => unserialize(str_replace('s:2:"id";i:42;', 's:2:"id";s:1:"x";', $text)));
thrown(fn () => json_encode(unserialize('O:55:"danog\MadelineProto\EventHandler\Message\PrivateMessage":0:{}')));
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
string(14) "/say <b>it</b>"
Error: Cannot modify readonly property danog\MadelineProto\EventHandler\AbstractMessage::$id
bool(true)
_ message fwdInfo command commandType commandArgs protected matches matchesAll media fromScheduled viaBotId editDate editHide keyboard imported psaType nextSent views forwards signature entities groupedId poll scheduled id out chatId senderId replyToMsgId date topicId threadId replyToScheduled mentioned silent ttlPeriod
["danog\\MadelineProto\\EventHandler\\Message\\PrivateMessage","/",[{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":5,"length":2}],["it"]]
bool(true)
bool(false)
Keyboards press on:
You pressed yes.
You pressed no.
Tampered with:
TypeError: Cannot assign string to property danog\MadelineProto\EventHandler\AbstractMessage::$id of type int
Error: Typed property danog\MadelineProto\EventHandler\Message\PrivateMessage::$message must not be accessed before initialization
