--TEST--
Calls take whatever stands for a file: paths, URLs, streams, files with callbacks, messages, file ids; albums and edits, too
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\FileCallback;
use danog\MadelineProto\FileCallbackInterface;
use danog\MadelineProto\LocalFile;
use danog\MadelineProto\RemoteUrl;
use danog\MadelineProto\Settings\Files;

$sandbox = Sandbox::start();
$api = $sandbox->user();
$small = $sandbox->path('small.txt');
file_put_contents($small, 'hello');
$png = $sandbox->path('dot.png');
file_put_contents($png, base64_decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='));

$address = free_address();
$web = $sandbox->path('web');
mkdir($web);
copy($small, "$web/small.txt");
copy($png, "$web/dot.png");
$server = proc_open([PHP_BINARY, '-n', '-S', $address, '-t', $web], [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
register_shutdown_function(fn () => proc_terminate($server));
while (!@fsockopen("tcp://$address")) {
    usleep(10_000);
}
$url = "http://$address";

function sent($api, mixed $media): string
{
    $media = $api->extractMessage($api->messages->sendMedia(peer: 'me', media: $media, message: 'x'))['media'];
    $file = $media['document'] ?? $media['photo'];
    $name = '';
    foreach ($file['attributes'] ?? [] as $attribute) {
        $name = $attribute['file_name'] ?? $name;
    }
    return implode(' ', [$media['_'], $file['mime_type'] ?? '-', $file['size'] ?? $file['sizes'][0]['size'], $name]);
}
$document = fn (mixed $file) => ['_' => 'inputMediaUploadedDocument', 'file' => $file];
$told = [];
$tell = function (float $percent) use (&$told) {
    $told[] = $percent;
};
$forms = [
    'path' => $document($small),
    'LocalFile' => $document(new LocalFile($small)),
    'URL' => $document("$url/small.txt"),
    'RemoteUrl' => $document(new RemoteUrl("$url/small.txt")),
    'stream' => $document(fopen($small, 'r')),
    'FileCallback' => $document(new FileCallback($small, $tell)),
    'own callback' => $document(new class ($small, $tell) implements FileCallbackInterface {
        public function __construct(private string $file, private Closure $tell)
        {
        }

        public function getFile()
        {
            return $this->file;
        }

        public function __invoke(float $percent)
        {
            ($this->tell)($percent);
        }
    }),
    'thumb' => ['thumb' => $png] + $document($small),
    'photo' => ['_' => 'inputMediaUploadedPhoto', 'file' => $png],
    'external photo' => ['_' => 'inputMediaPhotoExternal', 'url' => "$url/dot.png"],
    'external document' => ['_' => 'inputMediaDocumentExternal', 'url' => "$url/small.txt"],
];
foreach ($forms as $name => $media) {
    echo "$name: ", sent($api, $media), "\n";
}
echo json_encode($told), "\n";

echo "Files that Telegram has:\n";
$message = $api->extractMessage($api->messages->sendMedia(peer: 'me', media: $document($small), message: 'x'));
$photo = $api->extractMessage($api->messages->sendMedia(peer: 'me', media: ['_' => 'inputMediaUploadedPhoto', 'file' => $png], message: 'x'));
foreach (['message' => $message, 'media' => $message['media'], 'document' => $message['media']['document'], 'photo message' => $photo, 'photo' => $photo['media']['photo']] as $name => $media) {
    echo "$name: ", sent($api, $media), "\n";
}
echo 'uploaded again: ', sent($api, $document($message)), "\n";
thrown(fn () => sent($api, ['_' => 'messageMediaGeo']));
thrown(fn () => sent($api, 'not an id'));
thrown(fn () => sent($api, $document($sandbox->path('missing'))));
thrown(fn () => sent($api, ['_' => 'inputMediaUploadedPhoto', 'file' => $small]));

echo "Others:\n";
$album = $api->messages->sendMultiMedia(peer: 'me', multi_media: [
    ['_' => 'inputSingleMedia', 'media' => $document($small), 'message' => 'one'],
    ['_' => 'inputSingleMedia', 'media' => ['_' => 'inputMediaUploadedPhoto', 'file' => $png], 'message' => 'two'],
    ['_' => 'inputSingleMedia', 'media' => $message, 'message' => 'three'],
]);
foreach ($album['updates'] as $update) {
    if ($update['_'] === 'updateNewMessage') {
        echo $update['message']['message'], ': ', $update['message']['media']['_'], "\n";
    }
}
echo $api->messages->uploadMedia(peer: 'me', media: $document($small))['document']['size'], "\n";
file_put_contents($small, 'hello again');
$edited = $api->messages->editMessage(peer: 'me', id: $message['id'], message: 'y', media: $document($small));
echo $edited['updates'][0]['message']['media']['document']['size'], "\n";

echo "Not by themselves:\n";
$api->updateSettings((new Files)->setAllowAutomaticUpload(false));
thrown(fn () => sent($api, $document($small)));
echo sent($api, $document($api->upload($small))), "\n";
thrown(fn () => $api->updateSettings((new Files)->setUploadParallelChunks(0)));

echo "The web:\n";
thrown(fn () => $api->upload("$url/missing"));
thrown(fn () => $api->uploadFromUrl('http://127.0.0.1:1/'));
?>
--EXPECT--
path: messageMediaDocument text/plain 5 small.txt
LocalFile: messageMediaDocument text/plain 5 small.txt
URL: messageMediaDocument text/plain 5 small.txt
RemoteUrl: messageMediaDocument text/plain 5 small.txt
stream: messageMediaDocument text/plain 5 
FileCallback: messageMediaDocument text/plain 5 small.txt
own callback: messageMediaDocument text/plain 5 small.txt
thumb: messageMediaDocument text/plain 5 small.txt
photo: messageMediaPhoto - 70 
external photo: messageMediaPhoto - 70 
external document: messageMediaDocument text/plain 5 small.txt
[100,100]
Files that Telegram has:
message: messageMediaDocument text/plain 5 small.txt
media: messageMediaDocument text/plain 5 small.txt
document: messageMediaDocument text/plain 5 small.txt
photo message: messageMediaPhoto - 70 
photo: messageMediaPhoto - 70 
uploaded again: messageMediaDocument text/plain 5 small.txt
danog\MadelineProto\Exception: Could not convert media object of type messageMediaGeo
danog\MadelineProto\Exception: expected a file id of the bot API, found 'not an id': it is not in base64url, or empty
danog\MadelineProto\Exception: File does not exist
danog\MadelineProto\RPCError\ImageProcessFailedError: IMAGE_PROCESS_FAILED (code 400, rpc IMAGE_PROCESS_FAILED)
Others:
one: messageMediaDocument
two: messageMediaPhoto
three: messageMediaDocument
5
11
Not by themselves:
danog\MadelineProto\Exception: Could not convert object of type InputFile
messageMediaDocument text/plain 11 small.txt
danog\MadelineProto\Exception: Invalid setting Files::setUploadParallelChunks(): expected a number from 1 to 1000, got 0
The web:
danog\MadelineProto\Exception: Wrong status code: 404 Not Found
danog\MadelineProto\Exception: cannot read http://127.0.0.1:1/: io: Connection refused (os error 111)
