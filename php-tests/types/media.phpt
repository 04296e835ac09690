--TEST--
wrapMedia() makes an object of its kind of every file, with what the server tells of it; of what is no file it makes null
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Media;
use danog\MadelineProto\EventHandler\Media\AbstractSticker;
use danog\MadelineProto\EventHandler\Media\MaskPosition;
use danog\MadelineProto\EventHandler\Media\Sticker;

$api = Sandbox::start()->api();
$document = fn (string $mime, array ...$attributes) => [
    '_' => 'document', 'id' => 77, 'access_hash' => -5, 'file_reference' => 'reference', 'date' => 1_700_000_000, 'mime_type' => $mime,
    'size' => 4321, 'dc_id' => 2, 'attributes' => [...$attributes],
];
$attribute = fn (string $name, mixed ...$fields) => ['_' => "documentAttribute$name"] + $fields;
$photo = [
    '_' => 'photo', 'id' => 99, 'access_hash' => 6, 'file_reference' => 'reference', 'date' => 1_600_000_000, 'dc_id' => 4, 'has_stickers' => true,
    'sizes' => [
        ['_' => 'photoSize', 'type' => 'm', 'w' => 30, 'h' => 20, 'size' => 100],
        ['_' => 'photoSizeProgressive', 'type' => 'y', 'w' => 300, 'h' => 200, 'sizes' => [500, 900]],
    ],
    'video_sizes' => [['_' => 'videoSize', 'type' => 'u', 'w' => 8, 'h' => 8, 'size' => 9]],
];
/** What a kind has of its own. */
$own = function (?Media $media): void {
    $common = ['size', 'fileName', 'fileExt', 'creationDate', 'mimeType', 'ttl', 'thumbs', 'videoThumbs', 'spoiler', 'botApiFileId',
        'botApiFileUniqueId', 'encrypted', 'thumb', 'thumbHeight', 'thumbWidth', 'protected'];
    $all = json_decode(json_encode($media, JSON_PRESERVE_ZERO_FRACTION), true);
    echo (new ReflectionClass($media))->getShortName(), ' ', json_encode(array_diff_key($all, array_flip($common)), JSON_PRESERVE_ZERO_FRACTION), "\n";
};

echo "A document:\n";
$media = $api->wrapMedia(['_' => 'messageMediaDocument', 'spoiler' => true, 'ttl_seconds' => 7, 'document' => [
    'thumbs' => [['_' => 'photoSize', 'type' => 'm', 'w' => 3, 'h' => 2, 'size' => 4]],
    'video_thumbs' => [['_' => 'videoSize', 'type' => 'v', 'w' => 3, 'h' => 2, 'size' => 4]],
] + $document('application/pdf', $attribute('Filename', file_name: 'a book.pdf'))], protected: true);
var_dump($media);
var_dump($media instanceof Media, $media instanceof JsonSerializable, $media instanceof danog\MadelineProto\Ipc\IpcCapable);

echo "A photo:\n";
$media = $api->wrapMedia(['_' => 'messageMediaPhoto', 'photo' => $photo]);
echo json_encode($media, JSON_PRETTY_PRINT), "\n";
var_dump($api->wrapMedia($photo) == $media);
$id = $api->unpackFileId($media->botApiFileId)['MessageMedia']['photo'];
echo $id['id'], ' ', $id['sizes'][0]['type'], ' ', $media->location['thumb_size'], "\n";

echo "Kinds of documents:\n";
$size = $attribute('ImageSize', w: 5, h: 6);
$own($api->wrapMedia($document('application/zip')));
$own($api->wrapMedia($document('image/png', $size)));
$own($api->wrapMedia($document('image/png', $size, $attribute('HasStickers'))));
$video = $attribute('Video', duration: 2.5, w: 640, h: 480);
$own($api->wrapMedia($document('video/mp4', $video)));
$own($api->wrapMedia($document('video/mp4', $attribute('HasStickers'), ['supports_streaming' => true, 'duration' => 3] + $video)));
$own($api->wrapMedia($document('video/mp4', $video, $attribute('Animated'), $attribute('HasStickers'))));
$own($api->wrapMedia($document('image/gif', $attribute('Animated'))));
$own($api->wrapMedia($document('video/mp4', ['round_message' => true] + $video)));
$own($api->wrapMedia($document('audio/mpeg', $attribute('Audio', duration: 61, title: 'A Song', performer: 'Somebody'))));
$own($api->wrapMedia($document('audio/mpeg', $attribute('Audio', voice: false, duration: 0))));
$own($voice = $api->wrapMedia($document('audio/ogg', $attribute('Audio', voice: true, duration: 4, waveform: [1, 31, 0]))));

echo "Stickers:\n";
$set = ['_' => 'inputStickerSetID', 'id' => 1, 'access_hash' => 2];
$sticker = $attribute('Sticker', alt: 'x', stickerset: $set);
$own($api->wrapMedia($document('image/webp', $size, $sticker)));
$own($api->wrapMedia($document('image/webp', $sticker, $size)));
$own($api->wrapMedia($document('image/webp', $sticker)));
$own($api->wrapMedia(['_' => 'messageMediaDocument', 'nopremium' => false, 'document' => $document('application/x-tgsticker', $size, $sticker)]));
$own($webm = $api->wrapMedia(['_' => 'messageMediaDocument', 'nopremium' => true, 'document' => $document('video/webm', $size, $video, $sticker)]));
$mask = ['mask' => true, 'mask_coords' => ['_' => 'maskCoords', 'n' => 2, 'x' => -1.0, 'y' => 0.5, 'zoom' => 2.0]] + $sticker;
$own($mask = $api->wrapMedia($document('image/webp', $size, $mask)));
var_dump($mask->position, $mask->position === MaskPosition::from(2), array_column(MaskPosition::cases(), 'value', 'name'));
$own($lost = $api->wrapMedia($document('image/webp', $size, ['mask' => true] + $sticker)));
thrown(fn () => $lost->position);
$own($emoji = $api->wrapMedia($document('application/x-tgsticker', $size, $attribute('CustomEmoji', free: true, alt: 'y', stickerset: $set))));
$own($api->wrapMedia($document('video/webm', $video, $attribute('CustomEmoji', text_color: true, alt: 'y', stickerset: $set))));
var_dump($webm instanceof Sticker, $mask instanceof Sticker, $emoji instanceof Sticker, $emoji instanceof AbstractSticker);

echo "No files:\n";
foreach ([
    ['_' => 'messageMediaEmpty'], ['_' => 'messageMediaGeo'], ['_' => 'messageMediaStory'], ['_' => 'photoEmpty', 'id' => 1],
    ['_' => 'messageMediaPhoto', 'ttl_seconds' => 3], ['_' => 'messageMediaPhoto', 'photo' => ['_' => 'photoEmpty', 'id' => 1]],
    ['_' => 'messageMediaDocument'], ['_' => 'messageMediaDocument', 'document' => ['_' => 'documentEmpty', 'id' => 1]],
] as $none) {
    echo json_encode($api->wrapMedia($none)), ' ';
}
echo "\nErrors:\n";
thrown(fn () => $api->wrapMedia([]));
thrown(fn () => $api->wrapMedia('photo'));
thrown(fn () => $api->wrapMedia(array_diff_key($document('a/b'), ['date' => 0])));
thrown(fn () => $api->wrapMedia(array_diff_key($document('a/b'), ['size' => 0])));
thrown(fn () => $api->wrapMedia(array_diff_key($document('a/b'), ['access_hash' => 0])));
thrown(fn () => $api->wrapMedia(['date' => 'yesterday'] + $document('a/b')));
thrown(fn () => $api->wrapMedia(['sizes' => []] + $photo));
thrown(fn () => $api->wrapMedia($document('image/webp', $attribute('Sticker', stickerset: $set))));
thrown(fn () => $api->wrapMedia($document('image/webp', ['mask' => true, 'mask_coords' => ['n' => 4]] + $sticker)));
thrown(fn () => $api->wrapMedia($document('audio/ogg', $attribute('Audio', voice: true, duration: 1, waveform: 'loud'))));
$media = $api->wrapMedia($document('a/b'));
thrown(function () use ($media) { $media->size = 5; });
thrown(function () use ($media) { unset($media->fileName); });
thrown(fn () => $media->keyFingerprint);
thrown(fn () => new Media\Photo());
?>
--EXPECTF--
A document:
object(danog\MadelineProto\EventHandler\Media\Document)#%d (21) {
  ["session":protected]=>
  string(%d) "%s/session.madeline"
  ["size"]=>
  int(4321)
  ["fileName"]=>
  string(13) "a book_77.pdf"
  ["fileExt"]=>
  string(4) ".pdf"
  ["creationDate"]=>
  int(1700000000)
  ["mimeType"]=>
  string(15) "application/pdf"
  ["ttl"]=>
  int(7)
  ["thumbs"]=>
  array(1) {
    [0]=>
    array(5) {
      ["_"]=>
      string(9) "photoSize"
      ["type"]=>
      string(1) "m"
      ["w"]=>
      int(3)
      ["h"]=>
      int(2)
      ["size"]=>
      int(4)
    }
  }
  ["videoThumbs"]=>
  array(1) {
    [0]=>
    array(5) {
      ["_"]=>
      string(9) "videoSize"
      ["type"]=>
      string(1) "v"
      ["w"]=>
      int(3)
      ["h"]=>
      int(2)
      ["size"]=>
      int(4)
    }
  }
  ["spoiler"]=>
  bool(true)
  ["botApiFileId"]=>
  string(43) "BQACAgIAAwlyZWZlcmVuY2UAAk0AB_v_________LwQ"
  ["botApiFileUniqueId"]=>
  string(8) "AgADTQAH"
  ["location"]=>
  array(6) {
    ["_"]=>
    string(25) "inputDocumentFileLocation"
    ["id"]=>
    int(77)
    ["access_hash"]=>
    int(-5)
    ["file_reference"]=>
    string(9) "reference"
    ["dc_id"]=>
    int(2)
    ["thumb_size"]=>
    string(0) ""
  }
  ["key"]=>
  NULL
  ["iv"]=>
  NULL
  ["keyFingerprint":protected]=>
  NULL
  ["encrypted"]=>
  bool(false)
  ["thumb"]=>
  NULL
  ["thumbHeight"]=>
  NULL
  ["thumbWidth"]=>
  NULL
  ["protected"]=>
  bool(true)
}
bool(true)
bool(true)
bool(true)
A photo:
{
    "size": 900,
    "fileName": "99_y_4.jpg",
    "fileExt": ".jpg",
    "creationDate": 1600000000,
    "mimeType": "image\/jpeg",
    "ttl": null,
    "thumbs": [
        {
            "_": "photoSize",
            "type": "m",
            "w": 30,
            "h": 20,
            "size": 100
        },
        {
            "_": "photoSizeProgressive",
            "type": "y",
            "w": 300,
            "h": 200,
            "sizes": [
                500,
                900
            ]
        }
    ],
    "videoThumbs": [
        {
            "_": "videoSize",
            "type": "u",
            "w": 8,
            "h": 8,
            "size": 9
        }
    ],
    "spoiler": false,
    "botApiFileId": "AgACAgQAAwlyZWZlcmVuY2UAAmMABwYABwEAAwIAA3kAAy8E",
    "botApiFileUniqueId": "AQADYwAHfg",
    "encrypted": false,
    "thumb": null,
    "thumbHeight": null,
    "thumbWidth": null,
    "protected": false,
    "hasStickers": true
}
bool(true)
99 y y
Kinds of documents:
Document []
DocumentPhoto {"hasStickers":false,"width":5,"height":6}
DocumentPhoto {"hasStickers":true,"width":5,"height":6}
Video {"duration":2.5,"supportsStreaming":false,"width":640,"height":480,"hasStickers":false}
Video {"duration":3.0,"supportsStreaming":true,"width":640,"height":480,"hasStickers":true}
Gif {"duration":2.5,"supportsStreaming":false,"width":640,"height":480,"hasStickers":true}
Document []
RoundVideo {"duration":2.5,"supportsStreaming":false,"width":640,"height":480}
Audio {"duration":61,"title":"A Song","performer":"Somebody"}
Audio {"duration":0,"title":null,"performer":null}
Voice {"duration":4,"waveform":[1,31,0]}
Stickers:
StaticSticker {"emoji":"x","stickerset":{"_":"inputStickerSetID","id":1,"access_hash":2},"width":5,"height":6,"premiumSticker":false}
StaticSticker {"emoji":"x","stickerset":{"_":"inputStickerSetID","id":1,"access_hash":2},"width":5,"height":6,"premiumSticker":false}
StaticSticker {"emoji":"x","stickerset":{"_":"inputStickerSetID","id":1,"access_hash":2},"width":null,"height":null,"premiumSticker":false}
AnimatedSticker {"emoji":"x","stickerset":{"_":"inputStickerSetID","id":1,"access_hash":2},"width":5,"height":6,"premiumSticker":true}
VideoSticker {"emoji":"x","stickerset":{"_":"inputStickerSetID","id":1,"access_hash":2},"width":640,"height":480,"premiumSticker":false,"duration":2.5}
MaskSticker {"emoji":"x","stickerset":{"_":"inputStickerSetID","id":1,"access_hash":2},"width":5,"height":6,"position":2,"x":-1.0,"y":0.5,"zoom":2.0}
enum(danog\MadelineProto\EventHandler\Media\MaskPosition::Mouth)
bool(true)
array(4) {
  ["Forehead"]=>
  int(0)
  ["Eyes"]=>
  int(1)
  ["Mouth"]=>
  int(2)
  ["Chin"]=>
  int(3)
}
MaskSticker {"emoji":"x","stickerset":{"_":"inputStickerSetID","id":1,"access_hash":2},"width":5,"height":6}
Error: Typed property danog\MadelineProto\EventHandler\Media\MaskSticker::$position must not be accessed before initialization
CustomEmoji {"emoji":"y","stickerset":{"_":"inputStickerSetID","id":1,"access_hash":2},"width":5,"height":6,"free":true,"textColor":false}
CustomEmoji {"emoji":"y","stickerset":{"_":"inputStickerSetID","id":1,"access_hash":2},"width":640,"height":480,"free":false,"textColor":true}
bool(true)
bool(false)
bool(false)
bool(true)
No files:
null null null null null null null null 
Errors:
danog\MadelineProto\Exception: wrapMedia(): expected an object of Telegram's API, found an array without _
TypeError: danog\MadelineProto\InternalDoc::wrapMedia(): Argument #1 ($media) must be of type array, string given%S
danog\MadelineProto\Exception: wrapMedia(): expected a file with date, found document without one
danog\MadelineProto\Exception: wrapMedia(): expected a file with size, found document without one
danog\MadelineProto\Exception: No access hash
TypeError: Cannot assign string to property danog\MadelineProto\EventHandler\Media::$creationDate of type int
danog\MadelineProto\Exception: wrapMedia(): expected a file with size, found photo without one
danog\MadelineProto\Exception: Undefined array key "alt" in this documentAttributeSticker (code 2)
danog\MadelineProto\Exception: wrapMedia(): mask_coords: expected n from 0 to 3, found 4
TypeError: Cannot assign string to property danog\MadelineProto\EventHandler\Media\Voice::$waveform of type ?array
Error: Cannot modify readonly property danog\MadelineProto\EventHandler\Media::$size
Error: Cannot unset readonly property danog\MadelineProto\EventHandler\Media::$fileName
Error: Cannot access protected property danog\MadelineProto\EventHandler\Media\Document::$keyFingerprint
Error: Call to protected danog\MadelineProto\Ipc\IpcCapable::__construct() from global scope
