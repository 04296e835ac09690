--TEST--
Messages are answered with files, and files of messages are sent again
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\LocalFile;
use danog\MadelineProto\ParseMode;

$sandbox = Sandbox::start(function (array &$world) {
    $world['channels']['topics'] = ['id' => 7000012, 'title' => 'Topics', 'username' => 'topics', 'creator' => 'alice', 'megagroup' => true, 'forum' => true];
    $world['messages'][] = ['in' => 'topics', 'from' => 'alice', 'text' => 'General'];
    $world['messages'][] = ['in' => ['alice', 'erin'], 'id' => 61, 'from' => 'erin', 'text' => 'Hello, Alice'];
});
$api = $sandbox->user();
$api->getDialogIds();
$newest = fn ($peer) => $api->messages->getHistory(peer: $peer, limit: 1)['messages'][0];
$private = $api->wrapMessage($newest('@erin_e'));
$png = base64_decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==');
file_put_contents($picture = $sandbox->path('picture.png'), $png);
file_put_contents($file = $sandbox->path('file.bin'), 'the bytes');
/** What was sent: the answer to what, and what the file is said to be. */
$sent = function (string $peer = '@erin_e') use ($newest, $private) {
    $message = $newest($peer);
    $media = $message['media'];
    $attributes = [];
    foreach ($media['document']['attributes'] ?? [] as $attribute) {
        unset($attribute['stickerset'], $attribute['waveform']);
        $attributes[substr($attribute['_'], 17)] = implode(' ', array_map(fn ($value) => is_bool($value) ? (int) $value : $value, array_slice($attribute, 1)));
    }
    echo $media['_'], ' ', ($message['reply_to']['reply_to_msg_id'] ?? null) === $private->id ? 'to it' : 'to another', ' "', $message['message'], '" ',
        $media['document']['mime_type'] ?? '', ' ', json_encode($attributes), "\n";
};
$private->replyPhoto(new LocalFile($picture), '<b>one</b>', ParseMode::HTML, ttl: null, spoiler: true);
$sent();
echo json_encode([$newest('@erin_e')['media']['spoiler'], $newest('@erin_e')['entities'][0]['_']]), "\n";
$private->replyDocument(new LocalFile($file), caption: 'two', fileName: 'two.txt', mimeType: 'text/plain', silent: true);
$sent();
$private->replyVideo(new LocalFile($file), caption: 'three', duration: 5, width: 6, height: 7, roundMessage: true);
$sent();
$private->replyGif(new LocalFile($file), caption: 'four');
$sent();
$private->replyAudio(new LocalFile($file), caption: 'five', title: 'T', performer: 'P', duration: 8, mimeType: 'audio/mpeg');
$sent();
$private->replyVoice(new LocalFile($file), duration: 9);
$sent();
$private->replySticker(new LocalFile($picture), 'image/webp', '❤');
$sent();
$told = [];
$private->replyDocument(file: new LocalFile($file), callback: function ($percent) use (&$told) { $told[] = $percent; });
echo end($told), "\n";

echo "In a topic:\n";
$general = $api->wrapMessage($newest('@topics'));
$topic = $general->createTopic('Files');
$inside = $api->sendMessage('@topics', 'begin', topMsgId: $topic->id);
$inside->replyDocument(new LocalFile($file), caption: 'inside');
$header = $newest('@topics')['reply_to'];
echo json_encode([$inside->topicId === $topic->id, $inside->isReply(), $header['reply_to_msg_id'] === $inside->id, $header['reply_to_top_id'] === $topic->id]), "\n";

echo "Refused:\n";
thrown(fn () => $private->replyPhoto(new LocalFile($sandbox->path('no such file'))));
thrown(fn () => $private->replyPhoto(new LocalFile($file)));
thrown(fn () => $private->replySticker(new LocalFile($picture)));
thrown(fn () => $private->replyDocument(new LocalFile($file), callback: 'no such function'));
?>
--EXPECTF--
messageMediaPhoto to it "one"  []
[true,"messageEntityBold"]
messageMediaDocument to it "two" text/plain {"Filename":"two.txt"}
messageMediaDocument to it "three" video/mp4 {"Filename":"file.bin","Video":"1 1 0 5 6 7"}
messageMediaDocument to it "four" video/mp4 {"Filename":"file.bin","Video":"0 0 1 0 0 0","Animated":""}
messageMediaDocument to it "five" audio/mpeg {"Filename":"file.bin","Audio":"0 8 T P"}
messageMediaDocument to it "" audio/ogg {"Filename":"file.bin","Audio":"1 9"}
messageMediaDocument to it "" image/webp {"Filename":"picture.png","ImageSize":"1 1","Sticker":"0 \u2764"}
100
In a topic:
[true,false,true,true]
Refused:
danog\MadelineProto\Exception: File does not exist
danog\MadelineProto\RPCError\ImageProcessFailedError: IMAGE_PROCESS_FAILED (code 400, rpc IMAGE_PROCESS_FAILED)
ArgumentCountError: danog\MadelineProto\EventHandler\AbstractMessage::replySticker() expects at least 2 arguments, 1 given
TypeError: danog\MadelineProto\EventHandler\AbstractMessage::replyDocument(): Argument #5 ($callback) must be of type ?callable, string given, called in %s on line %d
