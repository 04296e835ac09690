--TEST--
Sets of stickers are made of whatever stands for a document, and downloaded
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\LocalFile;

$sandbox = Sandbox::start();
$api = $sandbox->user();
file_put_contents($png = $sandbox->path('wide.png'), base64_decode('iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAADklEQVR42mNgYPj/nwEABgIB/9nMsZcAAAAASUVORK5CYII='));
$message = raw($api, $api->sendSticker('me', new LocalFile($png), 'image/png', 'x'));
$document = $message['media']['document'];
$item = fn (mixed $document, string $emoji) => ['_' => 'inputStickerSetItem', 'document' => $document, 'emoji' => $emoji];
$id = $api->MTProtoToBotAPI($message)['document']['file_id'] ?? $api->MTProtoToBotAPI($message)['sticker']['file_id'];
$set = $api->stickers->createStickerSet(
    user_id: 'me',
    title: 'A set',
    short_name: 'a_set_of_ours',
    stickers: [$item($message, '😀'), $item($message['media'], '😀'), $item($document, '😎'), $item($id, '😎')],
);
echo $set['set']['title'], ' ', $set['set']['count'], ' ', json_encode(array_map(fn ($pack) => count($pack['documents']), $set['packs'])), "\n";
$set = $api->stickers->addStickerToSet(stickerset: ['_' => 'inputStickerSetID'] + $set['set'], sticker: $item($document, 'x'));
$set = $api->messages->getStickerSet(stickerset: ['_' => 'inputStickerSetShortName', 'short_name' => 'a_set_of_ours'], hash: 0);
echo $set['set']['count'], ' ', count($set['documents']), ' ',
    var_export(file_get_contents($api->downloadToFile($set['documents'][4], $sandbox->path('sticker'))) === file_get_contents($png), true), "\n";
// A new one goes to the server first.
$uploaded = $api->messages->uploadMedia(media: ['_' => 'inputMediaUploadedDocument', 'file' => $png]);
echo $api->stickers->addStickerToSet(stickerset: ['_' => 'inputStickerSetShortName', 'short_name' => 'a_set_of_ours'], sticker: $item($uploaded, 'y'))['set']['count'], "\n";
thrown(fn () => $api->stickers->createStickerSet(user_id: 'me', title: 'x', short_name: 'a_set_of_ours', stickers: [$item($document, 'x')]));
thrown(fn () => $api->stickers->createStickerSet(user_id: 'me', title: 'x', short_name: 'another_set', stickers: [$item($document, '')]));
thrown(fn () => $api->stickers->createStickerSet(user_id: 'me', title: 'x', short_name: 'another_set', stickers: [$item('no file id', 'x')]));
thrown(fn () => $api->messages->getStickerSet(stickerset: ['_' => 'inputStickerSetShortName', 'short_name' => 'no_such_set'], hash: 0));
$bot = $sandbox->bot('6000001:sandbox-bot-token');
thrown(fn () => $bot->messages->uploadMedia(media: ['_' => 'inputMediaUploadedDocument', 'file' => $png]));
?>
--EXPECT--
A set 4 [2,2]
5 5 true
6
danog\MadelineProto\RPCErrorException: PACK_SHORT_NAME_OCCUPIED (code 400, rpc PACK_SHORT_NAME_OCCUPIED)
danog\MadelineProto\RPCErrorException: STICKER_EMOJI_INVALID (code 400, rpc STICKER_EMOJI_INVALID)
danog\MadelineProto\Exception: expected a file id of the bot API, found 'no file id': it is not in base64url, or empty
danog\MadelineProto\RPCErrorException: STICKERSET_INVALID (code 400, rpc STICKERSET_INVALID)
danog\MadelineProto\RPCError\PeerIdInvalidError: PEER_ID_INVALID (code 400, rpc PEER_ID_INVALID)
