--TEST--
A Media object downloads its file, and stands for it wherever a file is expected
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Media;
use danog\MadelineProto\EventHandler\Media\Gif;
use danog\MadelineProto\FileCallback;
use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\LocalFile;

$sandbox = Sandbox::start(null, '--control 0');
$api = $sandbox->user();
file_put_contents($path = $sandbox->path('letter.txt'), $bytes = random_bytes(300_000));
file_put_contents($png = $sandbox->path('wide.png'), base64_decode('iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAADklEQVR42mNgYPj/nwEABgIB/9nMsZcAAAAASUVORK5CYII='));
$film = __DIR__ . '/../../crates/client/src/files/media/samples/film.mp4';
$message = raw($api, $api->sendDocument('me', new LocalFile($path)));
$media = $api->wrapMedia($message['media']);
$id = $message['media']['document']['id'];
$same = fn (string $file) => var_export(file_get_contents($file) === $bytes, true);
$read = function (object $stream): string {
    for ($all = ''; ($part = $stream->read()) !== null; $all .= $part);
    return $all;
};

echo "Downloads:\n";
$told = [];
$saved = $media->downloadToFile($sandbox->path('saved'), function ($percent, $speed, $time) use (&$told) {
    $told[] = $percent;
});
echo basename($saved), ' ', $same($saved), ' ', end($told), "\n";
mkdir($sandbox->path('a')) && mkdir($sandbox->path('b'));
echo str_replace([$sandbox->directory, $id], ['…', 'N'], $in = $media->downloadToDir($sandbox->path('a'))), ' ', $same($in), "\n";
chdir($sandbox->path('b'));
echo str_replace([$sandbox->directory, $id], ['…', 'N'], $in = $media->downloadToDir()), ' ', $same($in), "\n";
var_dump($read($media->getStream()) === $bytes, $read($media->getStream(null, 1000, 2500)) === substr($bytes, 1000, 1500));
echo $same($api->downloadToFile($media, $sandbox->path('by api'))), ' ', $same($api->downloadToFile(new FileCallback($media, fn () => null), $sandbox->path('told'))), "\n";
var_dump($read($api->getStream($media, null, $size)) === $bytes, $size);
var_dump($api->getDownloadInfo($media) === $media->getDownloadInfo(), $media->getDownloadInfo()['mime']);
echo str_replace($id, 'N', preg_replace('/f=[^&]*/', 'f=…', $link = $media->getDownloadLink('https://files.example/dl.php'))), "\n";
var_dump($link === $api->getDownloadLink($media, 'https://files.example/dl.php'));
$api->updateSettings((new danog\MadelineProto\Settings\Files())->setDownloadLink('https://else.example/'));
echo strtok($media->getDownloadLink(), '?'), "\n";

echo "The server's own copy:\n";
$is = fn (array|Message $message, Media $media) => var_export(($message instanceof Message ? $message->media->location['id'] : $message['media']['document']['id'])
    === $media->location['id'], true);
echo $is($api->sendDocument('me', $media), $media), ' ', $is($api->extractMessage($api->messages->sendMedia(peer: 'me', media: $media)), $media), ' ';
$album = $api->messages->sendMultiMedia(peer: 'me', multi_media: [['_' => 'inputSingleMedia', 'media' => $media, 'message' => 'one'], ['_' => 'inputSingleMedia', 'media' => $media, 'message' => 'two']]);
echo count(array_filter($album['updates'], fn ($update) => ($update['message']['media']['document']['id'] ?? 0) === $id)), "\n";
$info = $api->getFileInfo($media);
echo implode(' ', array_keys($info)), ' ', var_export($info['InputMedia']['id']['id'] === $id, true), "\n";
$photo = $api->sendPhoto('me', new LocalFile($png))->media;
echo $is($api->sendPhoto('me', $photo), $photo), ' ', implode(' ', array_keys($api->getFileInfo($photo))), "\n";

echo "Uploaded again:\n";
$other = $api->sendDocument('me', $media, fileName: 'other.bin');
echo $is($other, $media), ' ', raw($api, $other)['media']['document']['attributes'][0]['file_name'], ' ', $same($api->downloadToFile($other, $sandbox->path('other'))), "\n";
echo $is($api->sendDocument('me', $media, fileName: $media->fileName), $media), ' ', $is($api->sendDocument('me', $media, forceResend: true), $media), ' ';
$protected = $api->wrapMedia($message['media'], true);
echo $is($again = $api->sendDocument('me', $protected), $media), ' ', raw($api, $again)['media']['document']['attributes'][0]['file_name'], "\n";
echo $api->upload($media)['name'], ' ', $api->uploadFromTgfile($media)['parts'], ' ';
$sent = $api->extractMessage($api->messages->sendMedia(peer: 'me', media: [
    '_' => 'inputMediaUploadedDocument', 'file' => $media, 'mime_type' => 'a/b', 'attributes' => [],
]));
echo $is($sent, $media), ' ', $same($api->downloadToFile($sent, $sandbox->path('sent'))), "\n";
echo $api->sendPhoto('me', $api->sendDocumentPhoto('me', new LocalFile($png))->media)->media::class, "\n";

echo "Films and music:\n";
$attribute = function (Message $message, string $name) use ($api): string {
    foreach (raw($api, $message)['media']['document']['attributes'] as $attribute) {
        if ($attribute['_'] === "documentAttribute$name") {
            return json_encode(array_filter(array_diff_key($attribute, ['_' => 0])));
        }
    }
    return 'none';
};
$video = $api->wrapMedia(raw($api, $api->sendVideo('me', new LocalFile($film), duration: 9, width: 10, roundMessage: true))['media'], true);
echo $video::class, ' ', $attribute($api->sendVideo('me', $video), 'Video'), ' ', $attribute($api->sendVideo('me', $video, width: 11, roundMessage: false), 'Video'), "\n";
$voice = $api->wrapMedia(raw($api, $api->sendVoice('me', new LocalFile($path), duration: 4, waveform: array_fill(0, 100, 31)))['media'], true);
echo substr($attribute($api->sendVoice('me', $voice), 'Audio'), 0, 60), "\n";
$audio = $api->wrapMedia(raw($api, $api->sendAudio('me', new LocalFile($path), title: 'A', performer: 'B', duration: 3))['media'], true);
echo $attribute($api->sendAudio('me', $audio, title: 'C'), 'Audio'), "\n";
$gif = $api->sendGif('me', new LocalFile($film))->media;
$list = fn () => array_column($api->messages->getSavedGifs(hash: 0)['gifs'], 'id');
var_dump($gif instanceof Gif, $gif->save(), $list() === [$gif->location['id']], $gif->unsave(), $list());
$sticker = $api->sendSticker('me', new LocalFile($png), 'image/png', 'x')->media;
echo $is($api->sendSticker('me', $sticker, 'image/png'), $sticker), ' ', $sticker->emoji, "\n";
$set = $api->stickers->createStickerSet(user_id: 'me', title: 'A set', short_name: 'a_set_of_media', stickers: [
    ['_' => 'inputStickerSetItem', 'document' => $sticker, 'emoji' => 'x'],
]);
echo $set['set']['count'], "\n";

echo "Later:\n";
var_dump(unserialize(serialize($media)) == $media);
$kept = $sandbox->path('kept');
file_put_contents($kept, serialize($media));
$sandbox->ask(['do' => 'expire_references']);
echo $same($media->downloadToFile($sandbox->path('expired'))), "\n";
unset($api, $gif, $sticker, $audio, $voice, $video, $photo, $protected, $list, $is, $media, $other, $again, $attribute);
$media = unserialize(file_get_contents($kept));
thrown(fn () => $media->downloadToFile($sandbox->path('never')));
unset($media);
[$status, $printed] = $sandbox->php(<<<'PHP'
    <?php
    $media = unserialize(file_get_contents('kept'));
    $api = new danog\MadelineProto\API('user.madeline');
    $api->messages->getHistory(peer: 'me', limit: 100);
    echo sha1_file($media->downloadToFile('elsewhere')), ' ', strtok($media->getDownloadLink(), '?');
    PHP);
echo $status, ' ', str_replace(sha1($bytes), 'same', $printed), "\n";
?>
--EXPECTF--
Downloads:
saved true 100
…/a/letter_N.txt true
…/b/letter_N.txt true
bool(true)
bool(true)
true true
bool(true)
int(300000)
bool(true)
string(10) "text/plain"
https://files.example/dl.php?f=…&s=300000&n=letter_N.txt&m=text%2Fplain
bool(true)
https://else.example/
The server's own copy:
true true 2
MessageMedia Document InputDocument InputMedia true
true MessageMedia Photo InputPhoto InputMedia
Uploaded again:
false other.bin true
true false false letter.txt
letter.txt 1 false true
danog\MadelineProto\EventHandler\Media\Photo
Films and music:
danog\MadelineProto\EventHandler\Media\RoundVideo {"round_message":true,"supports_streaming":true,"duration":9,"w":10,"h":180} {"supports_streaming":true,"duration":9,"w":11,"h":180}
{"voice":true,"duration":4,"waveform":[31,31,31,31,31,31,31,
{"duration":3,"title":"C","performer":"B"}
bool(true)
bool(true)
bool(true)
bool(true)
array(0) {
}
true x
1
Later:
bool(true)
true
danog\MadelineProto\RPCError\FileReferenceExpiredError: FILE_REFERENCE_EXPIRED (code 400, rpc FILE_REFERENCE_EXPIRED)
0 same https://else.example/
