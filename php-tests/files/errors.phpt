--TEST--
What cannot be uploaded or downloaded says why, and leaves nothing behind that cannot be gone on with
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\BotApiFileId;
use danog\MadelineProto\LocalFile;

$sandbox = Sandbox::start();
$api = $sandbox->user();
/** Without the directory of this run. */
function short(callable $call): void
{
    global $sandbox;
    ob_start();
    thrown($call);
    echo str_replace($sandbox->directory, 'DIR', ob_get_clean());
}
$small = $sandbox->path('small.txt');
file_put_contents($small, 'hello');

echo "Uploads:\n";
short(fn () => $api->upload($sandbox->path('missing')));
short(fn () => $api->upload($sandbox->directory));
short(fn () => $api->upload("a\0b"));
short(fn () => $api->upload(5.5 . ''));
short(fn () => $api->upload(true));
short(fn () => $api->upload(new stdClass));
short(fn () => new LocalFile(''));
short(fn () => new BotApiFileId('x', 0, 'a', false));
$huge = fopen($sandbox->path('huge'), 'w');
ftruncate($huge, 4001 << 20);
short(fn () => $api->upload($sandbox->path('huge')));
file_put_contents($sandbox->path('empty'), '');
short(fn () => $api->upload($sandbox->path('empty')));
short(fn () => $api->uploadFromCallable(fn () => 'too short', 100));
short(fn () => $api->uploadFromCallable(fn () => str_repeat('x', 200), 100));
short(fn () => $api->uploadFromCallable(fn () => null, 100));
short(fn () => $api->uploadFromCallable(fn () => throw new DomainException('mine'), 100));
short(fn () => $api->upload($small, '', fn () => throw new DomainException('of the callback')));
$shrinking = $sandbox->path('shrinking');
file_put_contents($shrinking, str_repeat('x', 20 << 20));
short(fn () => $api->upload($shrinking, '', function () use ($shrinking) {
    ftruncate(fopen($shrinking, 'r+'), 0);
}));
$file = $api->upload($small);
echo $file['parts'], "\n";

echo "Downloads:\n";
$message = $api->extractMessage($api->messages->sendMedia(peer: 'me', message: '', media: ['_' => 'inputMediaUploadedDocument', 'file' => $file]));
short(fn () => $api->downloadToFile($message, $sandbox->path('no/such/directory')));
short(fn () => $api->downloadToFile($message, ''));
short(fn () => $api->downloadToDir($message, $sandbox->path('none')));
short(fn () => $api->downloadToStream($message, 'a string'));
short(fn () => $api->downloadToCallable($message, 'no function'));
short(fn () => $api->downloadToCallable($message, fn () => 1, null, true, 3, 2));
short(fn () => $api->downloadToCallable($message, fn () => throw new DomainException('mine')));
foreach ([null, 5, [], ['_' => 'messageMediaGeo'], ['_' => 'message', 'id' => 5], 'not an id', ['_' => 'user', 'id' => 5]] as $media) {
    short(fn () => $api->downloadToFile($media, $sandbox->path('never')));
}
$forged = $message['media'];
$forged['document']['access_hash']++;
short(fn () => $api->downloadToFile($forged, $sandbox->path('forged')));
$id = $api->MTProtoToBotAPI($message)['document']['file_id'];
$bytes = base64_decode(strtr($id, '-_', '+/'));
// A byte of the access hash that is no part of a run of zeros, which have a form of their own.
$at = current(array_filter(range(-9, -4), fn (int $at): bool => !in_array("\0", [$bytes[$at], $bytes[$at - 1]], true)));
$other = rtrim(strtr(base64_encode(substr_replace($bytes, $bytes[$at] === "\x7f" ? "\x7e" : "\x7f", $at, 1)), '+/', '-_'), '=');
short(fn () => $api->downloadToFile($other, $sandbox->path('forged')));
short(fn () => $api->downloadToFile(new BotApiFileId($other, 5, 'a.txt', false), $sandbox->path('forged')));
short(fn () => $api->messages->sendMedia(peer: 'me', message: '', media: $other));
$longer = $message['media'];
$longer['document']['size'] = 100;
short(fn () => $api->downloadToFile($longer, $sandbox->path('longer')));
echo "Media of another kind:\n";
short(fn () => $api->messages->sendMedia(peer: 'me', message: '', media: ['_' => 'inputMediaUploadedPhoto', 'file' => $small]));
short(fn () => $api->messages->sendMedia(peer: 'me', message: '', media: ['_' => 'messageMediaVenue']));
short(fn () => $api->messages->sendMedia(peer: 'me', message: '', media: ['_' => 'inputMediaPhoto', 'id' => $message]));
short(fn () => $api->messages->sendMedia(peer: 'me', message: '', media: ['_' => 'inputMediaUploadedDocument', 'file' => 5.5, 'mime_type' => [], 'attributes' => []]));
var_dump(file_exists($sandbox->path('never')), file_exists($sandbox->path('forged')), file_exists($sandbox->path('longer')));
echo file_get_contents($api->downloadToFile($message, $sandbox->path('fine'))), "\n";
?>
--EXPECTF--
Uploads:
danog\MadelineProto\Exception: File does not exist
danog\MadelineProto\Exception: expected a file, DIR is a directory
danog\MadelineProto\Exception: expected a path, found one with a NUL byte in it: "a\0b"
danog\MadelineProto\Exception: File does not exist
danog\MadelineProto\Exception: expected a file to upload (a path, a URL, a stream or a file of Telegram's), found bool
danog\MadelineProto\Exception: expected a stream, or an object with read(), found stdClass
InvalidArgumentException: LocalFile::__construct(): expected the path of a file, found an empty string
AssertionError: BotApiFileId::__construct(): expected a positive size, found 0
danog\MadelineProto\Exception: Given file is too big!
danog\MadelineProto\RPCErrorException: FILE_PART_EMPTY (code 400, rpc FILE_PART_EMPTY)
danog\MadelineProto\Exception: the callable ended after 9 bytes, where 100 were announced
danog\MadelineProto\Exception: the callable shall give 100 bytes at 0, it gave 200
danog\MadelineProto\Exception: the callable shall give 100 bytes at 0 as a string, it gave null
DomainException: mine
DomainException: of the callback
danog\MadelineProto\Exception: DIR/shrinking ended after %d bytes, where 20971520 were announced
1
Downloads:
danog\MadelineProto\Exception: cannot lock DIR/no/such/directory.lock: No such file or directory (os error 2)
danog\MadelineProto\Exception: expected the path of a file, found an empty string
danog\MadelineProto\Exception: expected a directory, DIR/none is none
danog\MadelineProto\Exception: expected a stream to write to, or an object with write(), found string
danog\MadelineProto\Exception: expected a callable that takes the parts of the file, found string
danog\MadelineProto\Exception: expected 0 <= offset <= end, or end -1, found offset 3 and end 2
DomainException: mine
danog\MadelineProto\Exception: expected a file of Telegram's, found null
danog\MadelineProto\Exception: expected a file of Telegram's, found int
danog\MadelineProto\Exception: expected a file of Telegram's, found an array with neither _, file_id nor InputFileLocation
danog\MadelineProto\Exception: Invalid constructor provided: messageMediaGeo
danog\MadelineProto\Exception: message has no media: no file is in it
danog\MadelineProto\Exception: expected a file id of the bot API, found 'not an id': it is not in base64url, or empty
danog\MadelineProto\Exception: user has no photo: no file is in it
danog\MadelineProto\RPCErrorException: LOCATION_INVALID (code 400, rpc LOCATION_INVALID)
danog\MadelineProto\RPCErrorException: LOCATION_INVALID (code 400, rpc LOCATION_INVALID)
danog\MadelineProto\RPCErrorException: LOCATION_INVALID (code 400, rpc LOCATION_INVALID)
danog\MadelineProto\RPCErrorException: MEDIA_EMPTY (code 400, rpc MEDIA_EMPTY)
danog\MadelineProto\Exception: the file ends after 5 bytes, where 100 were announced
Media of another kind:
danog\MadelineProto\RPCError\ImageProcessFailedError: IMAGE_PROCESS_FAILED (code 400, rpc IMAGE_PROCESS_FAILED)
danog\MadelineProto\Exception: Could not convert media object of type messageMediaVenue
danog\MadelineProto\Exception: Could not convert object of type InputPhoto
danog\MadelineProto\Exception: expected a file to upload (a path, a URL, a stream or a file of Telegram's), found float
bool(false)
bool(false)
bool(false)
hello
