--TEST--
Files of secret chats as Media objects: deciphered on the way down, without their keys in JSON, and not sent again as they are
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->user();
file_put_contents($path = $sandbox->path('plain'), $bytes = random_bytes(100_001));
$file = $api->uploadEncrypted($path);
$stored = $api->messages->uploadEncryptedFile(peer: ['_' => 'inputEncryptedChat', 'chat_id' => 1, 'access_hash' => 1], file: $file);
/** The medium as a secret chat would have it. */
$raw = fn (string $kind, array $more = []) => $more + [
    '_' => "decryptedMessageMedia$kind", 'key' => $file['key'], 'iv' => $file['iv'], 'size' => $file['size'], 'file' => $stored, 'date' => 1_700_000_000,
    'thumb' => "\xff\xd8thumb", 'thumb_w' => 40, 'thumb_h' => 30,
];
$show = function (array $raw) use ($api, $sandbox, $bytes) {
    $media = $api->wrapMedia($raw);
    $json = json_decode(json_encode($media), true);
    unset($json['botApiFileId'], $json['botApiFileUniqueId']);
    $json['fileName'] = str_replace($media->location['access_hash'], 'N', $json['fileName']);
    echo (new ReflectionClass($media))->getShortName(), ' ', json_encode($json), "\n";
    var_dump(file_get_contents($media->downloadToFile($sandbox->path('back'))) === $bytes);
    unlink($sandbox->path('back'));
    return $media;
};
$photo = $show($raw('Photo', ['w' => 400, 'h' => 300, 'caption' => 'x']));
$show($raw('Video', ['duration' => 5, 'mime_type' => 'video/mp4', 'w' => 4, 'h' => 3]));
$show($raw('Audio', ['duration' => 6, 'mime_type' => 'audio/ogg']));
$media = $show($raw('Document', ['mime_type' => 'text/plain', 'attributes' => [['_' => 'documentAttributeFilename', 'file_name' => 'hello.txt']]]));
$show($raw('Document', ['mime_type' => 'audio/ogg', 'ttl_seconds' => 8, 'attributes' => [['_' => 'documentAttributeAudio', 'voice' => true, 'duration' => 3]]]));
echo $media->thumb::class, ' ', bin2hex((string) $media->thumb), "\n";
var_dump($media->key === $file['key'], $media->iv === $file['iv'], $media->getDownloadInfo()['key_fingerprint'] === $stored['key_fingerprint']);
var_dump(unserialize(serialize($media)) == $media, $api->getDownloadInfo($raw('Photo')) == $photo->getDownloadInfo());

echo "Of a public sticker:\n";
$sticker = $api->wrapMedia([
    '_' => 'decryptedMessageMediaExternalDocument', 'id' => 5, 'access_hash' => 6, 'date' => 1_600_000_000, 'mime_type' => 'image/webp', 'size' => 7, 'dc_id' => 2,
    'attributes' => [['_' => 'documentAttributeSticker', 'alt' => 'x', 'stickerset' => ['_' => 'inputStickerSetEmpty']]],
]);
echo $sticker::class, ' ';
var_dump($sticker->encrypted, $sticker->key, $sticker->thumb, $sticker->creationDate);

echo "Errors:\n";
thrown(fn () => $api->sendDocument('me', $media));
thrown(fn () => $api->upload($media));
thrown(fn () => $api->messages->sendMedia(peer: 'me', media: $media));
thrown(fn () => $api->getFileInfo($media));
thrown(fn () => $media->getDownloadLink('https://files.example/'));
thrown(fn () => $api->wrapMedia($raw('Photo', ['file' => null])));
thrown(fn () => $api->wrapMedia($raw('Photo', ['date' => null])));
$wrong = $api->wrapMedia($raw('Photo', ['key' => str_repeat('x', 32)]));
thrown(function () use ($wrong, $sandbox) {
    try {
        $wrong->downloadToFile($sandbox->path('never'));
    } catch (Throwable $e) {
        throw new $e(preg_replace('/-?\d+/', 'N', $e->getMessage()));
    }
});
?>
--EXPECTF--
Photo {"size":100001,"fileName":"N.jpg","fileExt":".jpg","creationDate":1700000000,"mimeType":"image\/jpeg","ttl":null,"thumbs":[],"videoThumbs":[],"spoiler":false,"encrypted":true,"thumb":{"_":"bytes","bytes":"\/9h0aHVtYg=="},"thumbHeight":30,"thumbWidth":40,"protected":false,"hasStickers":false}
bool(true)
Video {"size":100001,"fileName":"N.mp4","fileExt":".mp4","creationDate":1700000000,"mimeType":"video\/mp4","ttl":null,"thumbs":[],"videoThumbs":[],"spoiler":false,"encrypted":true,"thumb":{"_":"bytes","bytes":"\/9h0aHVtYg=="},"thumbHeight":30,"thumbWidth":40,"protected":false,"duration":5,"supportsStreaming":false,"width":4,"height":3,"hasStickers":false}
bool(true)
Audio {"size":100001,"fileName":"N.ogg","fileExt":".ogg","creationDate":1700000000,"mimeType":"audio\/ogg","ttl":null,"thumbs":[],"videoThumbs":[],"spoiler":false,"encrypted":true,"thumb":{"_":"bytes","bytes":"\/9h0aHVtYg=="},"thumbHeight":30,"thumbWidth":40,"protected":false,"duration":6,"title":null,"performer":null}
bool(true)
Document {"size":100001,"fileName":"hello.txt","fileExt":".txt","creationDate":1700000000,"mimeType":"text\/plain","ttl":null,"thumbs":[],"videoThumbs":[],"spoiler":false,"encrypted":true,"thumb":{"_":"bytes","bytes":"\/9h0aHVtYg=="},"thumbHeight":30,"thumbWidth":40,"protected":false}
bool(true)
Voice {"size":100001,"fileName":"N.ogg","fileExt":".ogg","creationDate":1700000000,"mimeType":"audio\/ogg","ttl":8,"thumbs":[],"videoThumbs":[],"spoiler":false,"encrypted":true,"thumb":{"_":"bytes","bytes":"\/9h0aHVtYg=="},"thumbHeight":30,"thumbWidth":40,"protected":false,"duration":3,"waveform":null}
bool(true)
danog\MadelineProto\TL\Types\Bytes ffd87468756d62
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
Of a public sticker:
danog\MadelineProto\EventHandler\Media\StaticSticker bool(false)
NULL
NULL
int(1600000000)
Errors:
danog\MadelineProto\Exception: files of secret chats cannot be uploaded again as they are: download them first
danog\MadelineProto\Exception: files of secret chats cannot be uploaded again as they are: download them first
danog\MadelineProto\Exception: files of secret chats cannot be sent again as they are: download them first
danog\MadelineProto\Exception: files of secret chats cannot be sent again as they are: download them first
danog\MadelineProto\Exception: getDownloadLink(): expected a document or photo, which have file ids
danog\MadelineProto\Exception: decryptedMessageMediaPhoto has no file
danog\MadelineProto\Exception: wrapMedia(): expected a file with date, found decryptedMessageMediaPhoto without one
danog\MadelineProto\SecurityException: a file of a secret chat: the key has the fingerprint N, the file N
