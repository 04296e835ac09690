--TEST--
A typed message stands for its file; one without a file is an error
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Media;
use danog\MadelineProto\EventHandler\Message;

$api = ($sandbox = Sandbox::start())->user();
$raw = $api->sendDocument('me', danog\MadelineProto\Tools::stringToStream('hello'), fileName: 'a.txt');
$media = $api->wrapMedia($raw['media']);
if (class_exists(Message::class)) {
    $message = $api->wrapMessage($raw);
    $without = $api->wrapMessage($api->extractMessage($api->messages->sendMessage(peer: 'me', message: 'x')));
} else {
    // What they have in common with messages that the extension makes.
    eval('namespace danog\MadelineProto\EventHandler; abstract class Message { public function __construct(public readonly ?Media $media) {} }');
    eval('final class Sent extends danog\MadelineProto\EventHandler\Message {}');
    [$message, $without] = [new Sent($media), new Sent(null)];
}
$id = $media->location['id'];
echo file_get_contents($api->downloadToFile($message, $sandbox->path('hello'))), ' ', $api->getStream($message)->read(), "\n";
var_dump($api->getDownloadInfo($message) == $media->getDownloadInfo(), $api->getFileInfo($message) == $api->getFileInfo($media));
var_dump($api->sendDocument('me', $message)['media']['document']['id'] === $id);
var_dump($api->extractMessage($api->messages->sendMedia(peer: 'me', media: $message))['media']['document']['id'] === $id);
echo $api->upload($message)['name'], ' ', $api->upload(new danog\MadelineProto\FileCallback($message, fn () => null))['parts'], "\n";
var_dump($api->getDownloadLink($message, 'https://files.example/') === $media->getDownloadLink('https://files.example/'));
thrown(fn () => $api->downloadToFile($without, $sandbox->path('never')));
thrown(fn () => $api->upload($without));
thrown(fn () => $api->sendDocument('me', $without));
thrown(fn () => $api->messages->sendMedia(peer: 'me', media: $without));
?>
--EXPECTF--
hello hello
bool(true)
bool(true)
bool(true)
bool(true)
a.txt 1
bool(true)
danog\MadelineProto\Exception: message has no media: no file is in it
danog\MadelineProto\Exception: message has no media: no file is in it
danog\MadelineProto\Exception: message has no media: no file is in it
danog\MadelineProto\Exception: message has no media: no file is in it
