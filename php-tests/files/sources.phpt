--TEST--
Files that cannot be read, that change while they are read, and streams that end early or throw
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\FileCallback;
use danog\MadelineProto\LocalFile;

$sandbox = Sandbox::start();
$api = $sandbox->user();
function short(callable $call): void
{
    global $sandbox;
    ob_start();
    thrown($call);
    echo str_replace($sandbox->directory, 'DIR', ob_get_clean());
}
$stored = function (array $file) use ($api, $sandbox): string {
    $message = $api->extractMessage($api->messages->sendMedia(peer: 'me', message: '', media: ['_' => 'inputMediaUploadedDocument', 'file' => $file]));
    return file_get_contents($api->downloadToFile($message, $sandbox->path(bin2hex(random_bytes(4)))));
};

echo "Not to be read:\n";
file_put_contents($sandbox->path('small'), 'hello');
short(fn () => $api->upload($sandbox->path('small') . '/below'));
$socket = stream_socket_server('unix://' . $sandbox->path('socket'));
short(fn () => $api->upload(new LocalFile($sandbox->path('socket'))));
short(fn () => @$api->upload('nowhere://file'));
chmod($sandbox->path('small'), 0);
if (is_readable($sandbox->path('small'))) {
    // This is the superuser.
    echo "danog\MadelineProto\Exception: cannot read DIR/small: Permission denied (os error 13)\n";
} else {
    short(fn () => $api->upload($sandbox->path('small')));
}
chmod($sandbox->path('small'), 0600);
short(fn () => $api->messages->sendMedia(peer: 'me', media: ['_' => 'inputMediaUploadedDocument', 'file' => $sandbox->path('missing')]));

echo "One that grows is what it was at the beginning:\n";
$growing = $sandbox->path('growing');
file_put_contents($growing, $before = random_bytes(3_000_000));
$file = $api->upload(new FileCallback($growing, function () use ($growing) {
    file_put_contents($growing, random_bytes(100_000), FILE_APPEND);
}));
var_dump($stored($file) === $before, filesize($growing) > 3_000_000);

echo "Streams:\n";
$stream = fopen('php://memory', 'w+');
fwrite($stream, 'hello');
rewind($stream);
short(fn () => $api->uploadFromStream($stream, 100));
rewind($stream);
var_dump($stored($api->uploadFromStream($stream)));
fclose($stream);
short(fn () => $api->uploadFromStream($stream));
short(fn () => @$api->uploadFromStream(fopen($sandbox->path('small'), 'a')));
short(fn () => $api->downloadToStream(['_' => 'document'], $stream));
/** Gives its pieces, then null, or throws. */
$object = fn (array $pieces, ?Throwable $end = null) => new class($pieces, $end) {
    public function __construct(private array $pieces, private ?Throwable $end)
    {
    }
    public function read(): ?string
    {
        return array_shift($this->pieces) ?? ($this->end === null ? null : throw $this->end);
    }
};
var_dump($stored($api->uploadFromStream($object(['he', '', 'llo']))));
short(fn () => $api->uploadFromStream($object(['he', 'llo']), 6));
short(fn () => $api->uploadFromStream($object(['he'], new DomainException('mine')), 6));
short(fn () => $api->uploadFromStream(new ArrayObject));
var_dump($stored($api->upload($sandbox->path('small'))));
?>
--EXPECT--
Not to be read:
danog\MadelineProto\Exception: cannot read DIR/small/below: Not a directory (os error 20)
danog\MadelineProto\Exception: cannot read DIR/socket: No such device or address (os error 6)
danog\MadelineProto\Exception: cannot read nowhere://file
danog\MadelineProto\Exception: cannot read DIR/small: Permission denied (os error 13)
danog\MadelineProto\Exception: File does not exist
One that grows is what it was at the beginning:
bool(true)
bool(true)
Streams:
danog\MadelineProto\Exception: the stream ended after 5 bytes, where 100 were announced
string(5) "hello"
danog\MadelineProto\Exception: expected a stream, or an object with read(), found resource (closed)
danog\MadelineProto\Exception: the stream cannot be read any further
danog\MadelineProto\Exception: expected a stream to write to, or an object with write(), found resource (closed)
string(5) "hello"
danog\MadelineProto\Exception: the stream object ended after 5 bytes, where 6 were announced
DomainException: mine
danog\MadelineProto\Exception: expected a stream, or an object with read(), found ArrayObject
string(5) "hello"
