--TEST--
Files of every size come back as they went: from paths, streams, callables; by media, document, update and message
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\LocalFile;

$sandbox = Sandbox::start();
$api = $sandbox->user();

/** Bytes that repeat nowhere near. */
function content(int $size): string
{
    $bytes = '';
    for ($block = 0; strlen($bytes) < $size; $block++) {
        $bytes .= hash('sha512', "$block", true);
    }
    return substr($bytes, 0, $size);
}

function send($api, array $file): array
{
    $updates = $api->messages->sendMedia(peer: 'me', message: '', media: [
        '_' => 'inputMediaUploadedDocument',
        'file' => $file,
        'attributes' => [['_' => 'documentAttributeFilename', 'file_name' => 'a.bin']],
    ]);
    return $api->extractMessage($updates);
}

const PART = 512 << 10;
const SMALL = 10 << 20;

foreach ([1, PART - 1, PART, PART + 1, SMALL - 1, SMALL, SMALL + 1] as $size) {
    $path = $sandbox->path("from-$size.bin");
    file_put_contents($path, content($size));
    $file = $api->upload($path);
    $message = send($api, $file);
    $target = $api->downloadToFile($message, $sandbox->path("to-$size.bin"));
    printf(
        "%d: %s, %d parts, md5 %s; %s\n",
        $size,
        $file['_'],
        $file['parts'],
        $file['md5_checksum'] === '' ? 'none' : var_export($file['md5_checksum'] === md5_file($path), true),
        var_export(hash_file('sha256', $target) === hash_file('sha256', $path), true),
    );
}

echo "Streams:\n";
$bytes = content(2 * PART + 7);
file_put_contents($sandbox->path('a.bin'), $bytes);
$forms = [
    'LocalFile' => fn () => $api->upload(new LocalFile($sandbox->path('a.bin'))),
    'SplFileInfo' => fn () => $api->upload(new SplFileInfo($sandbox->path('a.bin'))),
    'resource' => fn () => $api->upload(fopen($sandbox->path('a.bin'), 'r')),
    'wrapper' => fn () => $api->upload('file://' . $sandbox->path('a.bin')),
    'memory' => function () use ($api, $bytes) {
        $stream = fopen('php://memory', 'w+');
        fwrite($stream, $bytes);
        rewind($stream);
        return $api->uploadFromStream($stream, 0, 'text/x-test', 'name.bin');
    },
    'sized' => function () use ($api, $bytes) {
        $stream = fopen('php://memory', 'w+');
        fwrite($stream, $bytes);
        rewind($stream);
        return $api->uploadFromStream($stream, strlen($bytes));
    },
    'object' => fn () => $api->upload(new class ($bytes) {
        public function __construct(private string $bytes)
        {
        }

        public function read(): ?string
        {
            $chunk = substr($this->bytes, 0, 100_000);
            $this->bytes = substr($this->bytes, 100_000);
            return $chunk === '' ? null : $chunk;
        }
    }),
    'callable' => fn () => $api->uploadFromCallable(fn (int $offset, int $size) => substr($bytes, $offset, $size), strlen($bytes)),
    'endless' => fn () => $api->uploadFromCallable(fn (int $offset, int $size) => substr($bytes, $offset, $size)),
];
foreach ($forms as $name => $upload) {
    $file = $upload();
    $message = send($api, $file);
    $got = '';
    $api->downloadToCallable($message['media'], function (string $payload, int $offset) use (&$got) {
        $got = str_pad($got, $offset, "\0");
        $got = substr_replace($got, $payload, $offset, strlen($payload));
        return strlen($payload);
    });
    printf("%s: %s %s %s %s\n", $name, $file['_'], $file['name'], $file['mime_type'], var_export($got === $bytes, true));
}

echo "Ranges:\n";
foreach ([[0, -1], [1, 2], [PART - 1, PART + 1], [PART + 3, -1], [5, 5]] as [$offset, $end]) {
    $stream = fopen('php://memory', 'w+');
    $api->downloadToStream($message['media']['document'], $stream, null, $offset, $end);
    rewind($stream);
    $wanted = substr($bytes, $offset, $end === -1 ? null : $end - $offset);
    var_dump(stream_get_contents($stream) === $wanted);
}
$stream = $api->downloadToReturnedStream(['_' => 'updateNewMessage', 'message' => $message]);
$got = '';
while (($chunk = $stream->read()) !== null) {
    $got .= $chunk;
}
var_dump($got === $bytes, $stream->isClosed());

echo "Names:\n";
mkdir($sandbox->path('directory'));
$path = $api->downloadToDir($message, $sandbox->path('directory//'));
var_dump(basename($path) === 'a_' . $message['media']['document']['id'] . '.bin', file_get_contents($path) === $bytes);
var_dump(glob($sandbox->path('directory/*.lock')));
?>
--EXPECT--
1: inputFile, 1 parts, md5 true; true
524287: inputFile, 1 parts, md5 true; true
524288: inputFile, 1 parts, md5 true; true
524289: inputFile, 2 parts, md5 true; true
10485759: inputFile, 20 parts, md5 true; true
10485760: inputFile, 20 parts, md5 true; true
10485761: inputFileBig, 21 parts, md5 none; true
Streams:
LocalFile: inputFile a.bin application/octet-stream true
SplFileInfo: inputFile a.bin application/octet-stream true
resource: inputFile  application/octet-stream true
wrapper: inputFile a.bin application/octet-stream true
memory: inputFileBig name.bin text/x-test true
sized: inputFile  application/octet-stream true
object: inputFileBig  application/octet-stream true
callable: inputFile  application/octet-stream true
endless: inputFileBig  application/octet-stream true
Ranges:
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
Names:
bool(true)
bool(true)
array(0) {
}
