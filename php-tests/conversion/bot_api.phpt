--TEST--
MTProtoToBotAPI(): messages, updates, entities and media in the bot API's form, whatever release the script is written for
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message\Entities\Bold;

$sandbox = Sandbox::start();
$alice = $sandbox->user();
$alice->getInfo('@bob_b');
$show = function (array $value) use (&$show): array {
    foreach ($value as $key => $item) {
        if (is_array($item) && isset($item['id'], $item['type'])) {
            $value[$key] = "$item[type] $item[id] " . ($item['first_name'] ?? $item['title']);
        } elseif (is_array($item)) {
            $value[$key] = $show($item);
        }
    }
    return $value;
};
$print = function (string $name, array $value) use ($show): void {
    echo "$name: ", json_encode($show($value), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
};

echo "sent:\n";
$sent = $alice->messages->sendMessage(peer: '@bob_b', message: '*a* [b](mention:5000002) [c](https://e.com) @alice', parse_mode: 'markdown');
$converted = $alice->MTProtoToBotAPI($sent);
$print('updates', array_diff_key($converted, ['date' => 0, 'message_id' => 0]));
$message = $alice->extractMessage($sent);
var_dump($converted['message_id'] === $message['id'], $converted['date'] === $message['date']);
var_dump($converted == $alice->MTProtoToBotAPI($message), $converted == $alice->mtprotoToBotApi($alice->extractMessageUpdate($sent)));
var_dump($alice->MTProtoToBotAPI(['x' => $message, 5 => $message]) == ['x' => $converted, 5 => $converted]);

echo "all that a message can say:\n";
$message = ['_' => 'message', 'id' => 7, 'date' => 8, 'message' => 'text', 'post' => true, 'silent' => true, 'peer_id' => '@news_channel', 'views' => 9,
    'edit_date' => 10, 'via_bot_id' => 6000001, 'fwd_from' => ['from_id' => 5000002, 'date' => 11, 'channel_post' => 12],
    'media' => ['_' => 'messageMediaWebPage', 'webpage' => ['_' => 'webPageEmpty', 'id' => 1]]];
$alice->getInfo('@bot');
$print('post', $alice->MTProtoToBotAPI($message));
$print('from a channel', $alice->MTProtoToBotAPI(['fwd_from' => ['from_id' => $alice->getId('@news_channel')]] + $message));
$print('from nobody known', $alice->MTProtoToBotAPI(['fwd_from' => ['from_id' => 123]] + $message));

echo "entities:\n";
$print('array', $alice->MTProtoToBotAPI(['_' => 'messageEntityPre', 'offset' => 0, 'length' => 1, 'language' => 'php']));
$print('object', $alice->MTProtoToBotAPI([new Bold(0, 1)]));
$print('mention', $alice->MTProtoToBotAPI(['_' => 'inputMessageEntityMentionName', 'offset' => 0, 'length' => 1, 'user_id' => 5000001]));

echo "media:\n";
$sizes = [
    ['_' => 'photoStrippedSize', 'type' => 'i', 'bytes' => ''],
    ['_' => 'photoSize', 'type' => 'm', 'w' => 320, 'h' => 200, 'size' => 1000],
    ['_' => 'photoSizeProgressive', 'type' => 'y', 'w' => 640, 'h' => 400, 'sizes' => [1, 2, 3000]],
    ['_' => 'photoCachedSize', 'type' => 's', 'w' => 32, 'h' => 20, 'bytes' => new danog\MadelineProto\TL\Types\Bytes('12345')],
];
$photo = ['_' => 'photo', 'id' => 99, 'access_hash' => 1, 'file_reference' => '', 'dc_id' => 2, 'sizes' => $sizes];
$print('photo', $alice->MTProtoToBotAPI(['_' => 'messageMediaPhoto', 'photo' => $photo]));
var_dump($alice->MTProtoToBotAPI($photo) == $alice->MTProtoToBotAPI(['_' => 'storyItem', 'media' => ['_' => 'messageMediaPhoto', 'photo' => $photo]]));
$document = fn (array ...$attributes) => ['_' => 'messageMediaDocument', 'document' => ['_' => 'document', 'id' => 77, 'access_hash' => 66, 'file_reference' => '',
    'dc_id' => 2, 'mime_type' => 'a/b', 'size' => 55, 'attributes' => $attributes]];
$name = ['_' => 'documentAttributeFilename', 'file_name' => 'dir/a.b.tar'];
$print('document', $alice->MTProtoToBotAPI($document($name)));
$print('audio', $alice->MTProtoToBotAPI($document(['_' => 'documentAttributeAudio', 'voice' => false, 'duration' => 3, 'title' => 'T', 'performer' => 'P'])));
$print('voice', $alice->MTProtoToBotAPI($document($name, ['_' => 'documentAttributeAudio', 'voice' => true, 'duration' => 3, 'waveform' => [1, 2]])));
$print('video', $alice->MTProtoToBotAPI($document($name, ['_' => 'documentAttributeVideo', 'round_message' => false, 'w' => 4, 'h' => 3, 'duration' => 1.5])));
$print('round', array_keys($alice->MTProtoToBotAPI($document($name, ['_' => 'documentAttributeVideo', 'round_message' => true, 'w' => 4, 'h' => 3, 'duration' => 1.5]))));
$print('animation', $alice->MTProtoToBotAPI($document($name, ['_' => 'documentAttributeImageSize', 'w' => 4, 'h' => 3], ['_' => 'documentAttributeAnimated'], ['_' => 'documentAttributeHasStickers'])));
$print('sticker', $alice->MTProtoToBotAPI($document(['_' => 'documentAttributeSticker', 'alt' => '😀', 'stickerset' => ['_' => 'inputStickerSetEmpty']])));
$with = $document($name);
$with['document']['thumbs'] = $sizes;
$print('thumbnail', $alice->MTProtoToBotAPI($with)['document']['thumb']);
$print('in a message', $alice->MTProtoToBotAPI(['_' => 'message', 'id' => 1, 'date' => 2, 'message' => 'text', 'peer_id' => 5000002, 'media' => $document($name)]));
$print('nothing', $alice->MTProtoToBotAPI(['_' => 'messageMediaEmpty']));
$print('encrypted', $alice->MTProtoToBotAPI(['_' => 'encryptedFile', 'id' => 1, 'access_hash' => 2, 'size' => 3, 'dc_id' => 4, 'key_fingerprint' => 5]));
$print('place', $alice->MTProtoToBotAPI(['_' => 'messageMediaVenue', 'title' => 'T', 'address' => 'A', 'geo' => ['_' => 'geoPoint', 'long' => 1.5, 'lat' => 2.5, 'access_hash' => 1]]));
$print('dice', $alice->MTProtoToBotAPI(['_' => 'messageMediaDice', 'emoticon' => '🎲', 'value' => 6]));
$print('contact', $alice->MTProtoToBotAPI(['_' => 'messageMediaContact', 'phone_number' => '1', 'first_name' => 'F', 'last_name' => '', 'vcard' => '', 'user_id' => 5]));

ini_set('madelineproto.log_level', 'none');
$path = $sandbox->path('user.madeline');
foreach (['v7', 'v4'] as $dialect) {
    ini_set('madelineproto.dialect', $dialect);
    $api = new \danog\MadelineProto\API($path);
    $sent = $api->messages->sendMessage(['peer' => '@bob_b', 'message' => '[c](https://e.com)', 'parse_mode' => 'markdown']);
    $print($dialect, array_diff_key($api->MTProto_to_botAPI($sent), ['date' => 0, 'message_id' => 0]));
}
?>
--EXPECT--
sent:
updates: {"text":"a b c @alice","post":false,"silent":false,"from":"user 5000001 Alice","chat":"user 5000002 Bob","entities":[{"type":"bold","offset":0,"length":1},{"type":"text_mention","offset":2,"length":1,"user":"user 5000002 Bob"},{"type":"text_link","offset":4,"length":1,"url":"https://e.com"}]}
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
all that a message can say:
post: {"message_id":7,"date":8,"text":"text","post":true,"silent":true,"chat":"channel -1000007000001 News","views":9,"edit_date":10,"via_bot":"bot 6000001 Button Bot","forward_from":"user 5000002 Bob","forward_date":11,"forward_from_message_id":12}
from a channel: {"message_id":7,"date":8,"text":"text","post":true,"silent":true,"chat":"channel -1000007000001 News","views":9,"edit_date":10,"via_bot":"bot 6000001 Button Bot","forward_from_chat":"channel -1000007000001 News","forward_from":"channel -1000007000001 News"}
from nobody known: {"message_id":7,"date":8,"text":"text","post":true,"silent":true,"chat":"channel -1000007000001 News","views":9,"edit_date":10,"via_bot":"bot 6000001 Button Bot","forward_from":{"id":123}}
entities:
array: {"type":"pre","offset":0,"length":1,"language":"php"}
object: [{"type":"bold","offset":0,"length":1}]
mention: {"type":"text_mention","offset":0,"length":1,"user":"user 5000001 Alice"}
media:
photo: {"photo":{"1":{"file_id":"AgADAgADYwAHAQAHAQADAgADbQADLwQ","file_unique_id":"AQADYwAHcg","width":320,"height":200,"file_size":1000,"mime_type":"image/jpeg","file_name":"99.jpg"},"2":{"file_id":"AgADAgADYwAHAQAHAQADAgADeQADLwQ","file_unique_id":"AQADYwAHfg","width":640,"height":400,"file_size":3000,"mime_type":"image/jpeg","file_name":"99.jpg"},"3":{"file_id":"AgADAgADYwAHAQAHAQADAgADcwADLwQ","file_unique_id":"AQADYwAHeA","width":32,"height":20,"file_size":5,"mime_type":"image/jpeg","file_name":"99.jpg"}}}
bool(true)
document: {"document":{"file_name":"a.b_77.tar","file_size":55,"mime_type":"a/b","file_id":"BQADAgADTQAHQgAHLwQ","file_unique_id":"AgADTQAH"},"caption":""}
audio: {"audio":{"duration":3,"performer":"P","title":"T","file_name":"T - P_77","file_size":55,"mime_type":"a/b","file_id":"CQADAgADTQAHQgAHLwQ","file_unique_id":"AgADTQAH"},"caption":""}
voice: {"voice":{"duration":3,"waveform":[1,2],"file_name":"a.b_77.tar","file_size":55,"mime_type":"a/b","file_id":"AwADAgADTQAHQgAHLwQ","file_unique_id":"AgADTQAH"},"caption":""}
video: {"video":{"width":4,"height":3,"duration":1.5,"file_name":"a.b_77.tar","file_size":55,"mime_type":"a/b","file_id":"BAADAgADTQAHQgAHLwQ","file_unique_id":"AgADTQAH"},"caption":""}
round: ["video_note","caption"]
animation: {"animation":{"width":4,"height":3,"animated":true,"has_stickers":true,"file_name":"a.b_77.tar","file_size":55,"mime_type":"a/b","file_id":"CgADAgADTQAHQgAHLwQ","file_unique_id":"AgADTQAH"},"caption":""}
sticker: {"sticker":{"mask":false,"emoji":"😀","sticker_set":{"_":"inputStickerSetEmpty"},"file_name":"66_77","file_size":55,"mime_type":"a/b","file_id":"CAADAgADTQAHQgAHLwQ","file_unique_id":"AgADTQAH"},"caption":""}
thumbnail: {"file_id":"AAQCAANNAAdCAAcBAAdzAAMvBA","file_unique_id":"AQADTQAHeA","width":32,"height":20,"file_size":5,"mime_type":"image/jpeg","file_name":"77.jpg"}
in a message: {"message_id":1,"date":2,"text":"text","post":false,"silent":false,"chat":"user 5000002 Bob","document":{"file_name":"a.b_77.tar","file_size":55,"mime_type":"a/b","file_id":"BQADAgADTQAHQgAHLwQ","file_unique_id":"AgADTQAH"},"caption":""}
nothing: []
encrypted: {"encrypted":{"file_id":"BgADBAADAQAHAgAHLwQ","file_unique_id":"BAADAQAH","file_size":3,"mime_type":"application/octet-stream"}}
place: {"venue":{"title":"T","address":"A","location":{"longitude":1.5,"latitude":2.5}}}
dice: {"dice":{"emoji":"🎲","value":6}}
contact: {"contact":{"phone_number":"1","first_name":"F","last_name":"","user_id":5,"vcard":""}}
v7: {"text":"c","post":false,"silent":false,"from":"user 5000001 Alice","chat":"user 5000002 Bob","entities":[{"type":"text_url","offset":0,"length":1,"url":"https://e.com"}]}
v4: {"text":"c","post":false,"silent":false,"from":"user 5000001 Alice","chat":"user 5000002 Bob","entities":[{"type":"text_url","offset":0,"length":1,"url":"https://e.com"}]}
