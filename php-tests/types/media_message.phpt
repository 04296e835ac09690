--TEST--
A typed message stands for its file; one without a file is an error
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$api = ($sandbox = Sandbox::start())->user();
$message = $api->sendDocument('me', danog\MadelineProto\Tools::stringToStream('hello'), fileName: 'a.txt');
$without = $api->sendMessage('me', 'x');
$media = $message->media;
echo $media::class, ' ', $media->size, "\n";
$id = $media->location['id'];
echo file_get_contents($api->downloadToFile($message, $sandbox->path('hello'))), ' ', $api->getStream($message)->read(), "\n";
var_dump($api->getDownloadInfo($message) == $media->getDownloadInfo(), $api->getFileInfo($message) == $api->getFileInfo($media));
var_dump($api->sendDocument('me', $message)->media->location['id'] === $id);
var_dump($api->extractMessage($api->messages->sendMedia(peer: 'me', media: $message))['media']['document']['id'] === $id);
echo $api->upload($message)['name'], ' ', $api->upload(new danog\MadelineProto\FileCallback($message, fn () => null))['parts'], "\n";
var_dump($api->getDownloadLink($message, 'https://files.example/') === $media->getDownloadLink('https://files.example/'));
// Its read() marks it as read: it is no stream.
thrown(fn () => $api->uploadFromStream($message));
thrown(fn () => $api->openBuffered($message));
thrown(fn () => $api->downloadToFile($without, $sandbox->path('never')));
thrown(fn () => $api->upload($without));
thrown(fn () => $api->sendDocument('me', $without));
thrown(fn () => $api->messages->sendMedia(peer: 'me', media: $without));
?>
--EXPECT--
danog\MadelineProto\EventHandler\Media\Document 5
hello hello
bool(true)
bool(true)
bool(true)
bool(true)
a.txt 1
bool(true)
danog\MadelineProto\Exception: expected a stream, or an object with read(), found danog\MadelineProto\EventHandler\Message\PrivateMessage
danog\MadelineProto\Exception: expected a stream, or an object with read(), found danog\MadelineProto\EventHandler\Message\PrivateMessage
AssertionError: expected a file, found message 47 of chat 5000001, which has none
AssertionError: expected a file, found message 47 of chat 5000001, which has none
AssertionError: expected a file, found message 47 of chat 5000001, which has none
AssertionError: expected a file, found message 47 of chat 5000001, which has none
