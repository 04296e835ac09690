--TEST--
The bot API's file ids are read, downloaded and sent; what is no file id is an exception
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\BotApiFileId;

$show = function (array $unpacked) {
    echo json_encode(plain($unpacked)), "\n";
};
$show(API::unpackFileId('BQACAgIAAxkDAAMaZZk66eGouWpSt-5uhU-RHp6zTKAAAkU7AAJVFclIHgAB8tPqM0BjNAQ'));
$show(API::unpackFileId('CAACAgIAAxkBAAIEol9yQhBqFnT4HXldAh31a-hYXuDIAAIECwACAoujAAFFn1sl9AABHbkbBA'));
$show(API::unpackFileId('AgACAgUAAxkBAAMRaH8qXw-VQSGAG4X4VoCg9A5nE50AAvLGMRtBGPlXGt4-FX4l2_oBAAMCAAN4AAM2BA'));
$show(API::unpackFileId('AAMCAQADFQABYzB4ATH0sqXx351gZ5GpY1Z3Tl8AAlgCAAJ1t4hFbxNCoAg1-akBAAdtAAMpBA'));
foreach (['', 'hello', 'AAAA', "\xff", str_repeat('A', 10_000)] as $text) {
    ob_start();
    thrown(fn () => API::unpackFileId($text));
    echo substr(ob_get_clean(), 0, 110), "\n";
}

echo "Of messages of the bot API:\n";
$show(API::extractBotAPIFile(['message_id' => 5, 'photo' => [
    ['file_id' => 'small', 'width' => 10, 'height' => 10], ['file_id' => 'large', 'width' => 20, 'height' => 20],
]]));
$show(API::extractBotAPIFile(['document' => ['file_id' => 'it']]));
var_dump(API::extractBotAPIFile(['text' => 'hello']));

echo "Through a link's id:\n";
$sandbox = Sandbox::start();
$api = $sandbox->user();
file_put_contents($sandbox->path('small.txt'), 'hello');
$message = $api->extractMessage($api->messages->sendMedia(peer: 'me', message: '', media: ['_' => 'inputMediaUploadedDocument', 'file' => $sandbox->path('small.txt')]));
parse_str(parse_url($api->getDownloadLink($message, 'http://x/'), PHP_URL_QUERY), $query);
$id = new BotApiFileId($query['f'], 5, 'other.txt', false);
echo file_get_contents($api->downloadToFile($id, $sandbox->path('a'))), "\n";
echo file_get_contents($api->downloadToFile($query['f'], $sandbox->path('b'))), "\n";
echo file_get_contents($api->downloadToFile(['document' => ['file_id' => $query['f'], 'file_size' => 5, 'file_name' => 'x.y']], $sandbox->path('c'))), "\n";
echo basename($api->downloadToDir($id, $sandbox->directory)), "\n";
$info = $api->getDownloadInfo($id);
echo json_encode([$info['name'], $info['ext'], $info['mime'], $info['size'], $info['InputFileLocation']['_']]), "\n";
$sent = $api->extractMessage($api->messages->sendMedia(peer: 'me', message: '', media: $id));
var_dump($sent['media']['document']['id'] === $message['media']['document']['id']);
$info = $api->getFileInfo($message);
echo implode(' ', array_keys($info)), ' ', $info['InputMedia']['_'], "\n";
$info = $api->getDownloadInfo($message);
unset($info['MessageMedia']);
echo implode(' ', array_keys($info)), "\n";
echo file_get_contents($api->downloadToFile($info, $sandbox->path('d'))), "\n";
?>
--EXPECT--
{"MessageMedia":{"_":"messageMediaDocument","document":{"_":"document","id":5244746695866071877,"access_hash":7151773291935563806,"file_reference":"bytes:030000001a65993ae9e1a8b96a52b7ee6e854f911e9eb34ca0","dc_id":2,"mime_type":"application\/octet-stream","attributes":[]}}}
{"MessageMedia":{"_":"messageMediaDocument","document":{"_":"document","id":46033261910035204,"access_hash":-5107925353769492667,"file_reference":"bytes:01000004a25f7242106a1674f81d795d021df56be8585ee0c8","dc_id":2,"mime_type":"image\/webp","attributes":[{"_":"documentAttributeSticker","alt":"","stickerset":{"_":"inputStickerSetEmpty"}}]}}}
{"MessageMedia":{"_":"messageMediaPhoto","photo":{"_":"photo","id":6339124618408871666,"access_hash":-370661320875385318,"file_reference":"bytes:0100000011687f2a5f0f954121801b85f85680a0f40e67139d","dc_id":5,"sizes":[{"_":"photoSize","type":"x"}]}}}
{"InputFileLocation":{"_":"inputDocumentFileLocation","id":5010456298588734040,"access_hash":-6198865100934081681,"file_reference":"bytes:006330780131f4b2a5f1df9d606791a96356774e5f","dc_id":1,"thumb_size":"m"},"name":"5010456298588734040_m","ext":".jpg","mime":"image\/jpeg"}
danog\MadelineProto\Exception: expected a file id of the bot API, found '': it is not in base64url, or empty

danog\MadelineProto\Exception: expected a file id of the bot API, found 'hello': its version is 101, not 2 or 
danog\MadelineProto\Exception: expected a file id of the bot API, found 'AAAA': it is not in base64url, or emp
danog\MadelineProto\Exception: expected a file id of the bot API, found '�': it is not in base64url, or empt
danog\MadelineProto\Exception: expected a file id of the bot API, found 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
Of messages of the bot API:
{"file_id":"large","width":20,"height":20,"file_type":"photo"}
{"file_id":"it","file_type":"document"}
NULL
Through a link's id:
hello
hello
hello
other.txt
["other",".txt","application\/octet-stream",5,"inputDocumentFileLocation"]
bool(true)
MessageMedia Document InputDocument InputMedia inputMediaDocument
InputFileLocation size ext name mime
hello
