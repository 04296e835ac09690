--TEST--
sendDocument() and its relatives send a file with what is said of it, and return the message
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\BotApiFileId;
use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\LocalFile;
use danog\MadelineProto\ParseMode;

$sandbox = Sandbox::start();
$api = $sandbox->user();
$text = $sandbox->path('small.txt');
file_put_contents($text, 'hello');
$png = $sandbox->path('dot.png');
file_put_contents($png, base64_decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='));

$show = function (Message $sent) use ($api) {
    $media = raw($api, $sent)['media'];
    $told = [];
    foreach ($media['document']['attributes'] ?? [] as $attribute) {
        $told[] = json_encode(array_filter(plain($attribute), fn ($value) => $value !== false && $value !== 0 && $value !== 0.0));
    }
    echo $media['_'], ' ', $media['document']['mime_type'] ?? '-', ' "', $sent->message, '" ', implode(' ', $told), "\n";
};
$show($api->sendPhoto('me', new LocalFile($png), '<b>bold</b>', ParseMode::HTML));
$show($api->sendDocumentPhoto('me', new LocalFile($png)));
$show($message = $api->sendDocument('me', new LocalFile($text), caption: 'a caption', fileName: 'other.txt'));
$show($api->sendDocument('me', fopen($text, 'r'), thumb: new LocalFile($png), mimeType: 'text/x-mine'));
$show($api->sendVideo('me', new LocalFile($text), duration: 5, width: 3, height: 4, roundMessage: true));
$show($api->sendGif('me', new LocalFile($text)));
$show($api->sendAudio('me', new LocalFile($text), title: 'Song', performer: 'Somebody'));
$show($api->sendVoice('me', new LocalFile($text), duration: 9, waveform: array_fill(0, 100, 3)));
$show($api->sendSticker('me', new LocalFile($png), 'image/webp', 'x'));
$show($api->sendDocument('me', $message, caption: 'again'));
$calls = 0;
$show($api->sendDocument('me', new LocalFile($text), replyToMsgId: $message->id, callback: function () use (&$calls) {
    $calls++;
}));
var_dump($calls > 0);
thrown(fn () => $api->sendPhoto('me', new LocalFile($text)));
thrown(fn () => $api->sendDocument('me', new LocalFile($sandbox->path('missing'))));
thrown(fn () => $api->sendDocument('me', new BotApiFileId('forged', 5, 'a', false)));
thrown(fn () => $api->sendVoice('me', new LocalFile($text), waveform: [1, 2]));
?>
--EXPECT--
messageMediaPhoto - "bold" 
messageMediaDocument image/png "" {"_":"documentAttributeFilename","file_name":"dot.png"} {"_":"documentAttributeImageSize","w":1,"h":1}
messageMediaDocument text/plain "a caption" {"_":"documentAttributeFilename","file_name":"other.txt"}
messageMediaDocument text/x-mine "" 
messageMediaDocument video/mp4 "" {"_":"documentAttributeFilename","file_name":"small.txt"} {"_":"documentAttributeVideo","round_message":true,"supports_streaming":true,"duration":5,"w":3,"h":4}
messageMediaDocument video/mp4 "" {"_":"documentAttributeFilename","file_name":"small.txt"} {"_":"documentAttributeVideo","nosound":true} {"_":"documentAttributeAnimated"}
messageMediaDocument text/plain "" {"_":"documentAttributeFilename","file_name":"small.txt"} {"_":"documentAttributeAudio","title":"Song","performer":"Somebody"}
messageMediaDocument audio/ogg "" {"_":"documentAttributeFilename","file_name":"small.txt"} {"_":"documentAttributeAudio","voice":true,"duration":9,"waveform":[3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3,3]}
messageMediaDocument image/webp "" {"_":"documentAttributeFilename","file_name":"dot.png"} {"_":"documentAttributeImageSize","w":1,"h":1} {"_":"documentAttributeSticker","alt":"x","stickerset":{"_":"inputStickerSetEmpty"}}
messageMediaDocument text/plain "again" {"_":"documentAttributeFilename","file_name":"other.txt"}
messageMediaDocument text/plain "" {"_":"documentAttributeFilename","file_name":"small.txt"}
bool(true)
danog\MadelineProto\RPCError\ImageProcessFailedError: IMAGE_PROCESS_FAILED (code 400, rpc IMAGE_PROCESS_FAILED)
danog\MadelineProto\Exception: File does not exist
danog\MadelineProto\Exception: expected a file id of the bot API, found 'forged': its version is 121, not 2 or 4
danog\MadelineProto\TL\Exception: A waveform array must have 100 values!
