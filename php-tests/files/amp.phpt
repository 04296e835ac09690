--TEST--
Streams of Amp's kind: files as streams, streams as files, answers for Amp's web server
--FILE--
<?php
// The interfaces as Amp's packages have them.
namespace Amp {
    interface Cancellation
    {
    }
    interface Closable
    {
        public function close(): void;
        public function isClosed(): bool;
        public function onClose(\Closure $onClose): void;
    }
}
namespace Amp\ByteStream {
    use Amp\{Cancellation, Closable};

    interface ReadableStream extends Closable, \Traversable
    {
        public function read(?Cancellation $cancellation = null): ?string;
        public function isReadable(): bool;
    }
    interface WritableStream extends Closable
    {
        public function write(string $bytes): void;
        public function end(): void;
        public function isWritable(): bool;
    }
    final class Pipe
    {
        public function __construct(public readonly int $bufferSize)
        {
        }
    }
    /** Keeps what is written. */
    final class WritableBuffer implements WritableStream
    {
        public string $bytes = '';
        private bool $open = true;
        public function write(string $bytes): void
        {
            $this->open || throw new \LogicException('The stream has been closed');
            $this->bytes .= $bytes;
        }
        public function end(): void
        {
            $this->open = false;
        }
        public function close(): void
        {
            $this->end();
        }
        public function isClosed(): bool
        {
            return !$this->open;
        }
        public function isWritable(): bool
        {
            return $this->open;
        }
        public function onClose(\Closure $onClose): void
        {
        }
    }
}
namespace Amp\File {
    function openFile(string $path, string $mode): object
    {
        return new \SplFileObject($path, $mode);
    }
}
namespace Amp\Http\Server {
    use Amp\ByteStream\ReadableStream;

    final class Request
    {
        public function __construct(private string $method, private array $headers)
        {
        }
        public function getMethod(): string
        {
            return $this->method;
        }
        public function getHeader(string $name): ?string
        {
            return $this->headers[$name] ?? null;
        }
    }
    final class Response
    {
        public function __construct(public readonly int $status, public array $headers = [], public readonly ReadableStream|string $body = '')
        {
            if (is_string($body)) {
                $this->headers['Content-Length'] = (string) strlen($body);
            }
        }
        public function setHeader(string $name, string $value): void
        {
            $this->headers[$name] = $value;
        }
    }
}
namespace {
    require __DIR__ . '/../support/sandbox.inc';

    use Amp\ByteStream\{ReadableStream, WritableBuffer};
    use Amp\Http\Server\Request;
    use danog\MadelineProto\{API, LocalFile, RemoteUrl, Tools};

    $sandbox = Sandbox::start(function (array &$world) {
        $world['files'] = ['film.mp4' => ['size' => 1_500_000, 'seed' => 3, 'mime' => 'video/mp4']];
        $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'film.mp4'];
    }, '--control 0');
    $api = $sandbox->user();
    $message = $api->messages->getHistory(peer: '@bob_b', limit: 1)['messages'][0];
    $bytes = file_get_contents($path = $api->downloadToFile($message, $sandbox->path('all')));

    echo "Out:\n";
    foreach (['returned' => $api->downloadToReturnedStream($message), 'got' => $api->getStream($message, null, $size)] as $name => $stream) {
        $closed = 0;
        $stream->onClose(function () use (&$closed) {
            $closed++;
        });
        $read = implode('', iterator_to_array($stream, false));
        var_dump($stream instanceof ReadableStream, $read === $bytes, $stream->isClosed(), $stream->isReadable(), $closed, $stream->read());
    }
    var_dump($size);
    $stream = $api->getStream(new LocalFile($path), size: $size);
    var_dump($size, $stream instanceof ReadableStream, $stream->read() === substr($bytes, 0, 131072));
    $stream->close();
    var_dump($stream->read(), $api->getStream($stream) === $stream);
    $sink = new WritableBuffer;
    $api->downloadToStream($message, $sink, null, 5, 700_000);
    var_dump($sink->bytes === substr($bytes, 5, 699_995), $sink->isWritable());

    echo "In:\n";
    $again = fn (mixed $stream) => hash('sha256', $bytes) === hash_file('sha256', $api->downloadToFile(
        $api->sendDocument('me', $stream, fileName: 'x', forceResend: true),
        $sandbox->path(bin2hex(random_bytes(4))),
    ));
    var_dump($again($api->downloadToReturnedStream($message)), $again(Tools::stringToStream($bytes)), $again($api->getStream(new LocalFile($path))));
    $read = Tools::openBuffered(Tools::stringToStream('abcdef'));
    var_dump($read instanceof Closure, $read(4), $read(4), $read(4));
    $read = API::openBuffered(new LocalFile($path));
    var_dump($read(1_000_000) === substr($bytes, 0, 1_000_000), strlen($read(1_000_000)), $read(1));
    var_dump(Tools::getStreamPipe()->bufferSize);
    Tools::openFileAppendOnly($sandbox->path('log'))->fwrite('line');
    echo file_get_contents($sandbox->path('log')), "\n";

    echo "Answers:\n";
    $tag = $api->downloadToResponse($message, new Request('GET', []))->headers['ETag'];
    foreach ([
        ['GET', []], ['HEAD', []], ['GET', ['range' => 'bytes=10-19']], ['GET', ['range' => 'bytes=2000000-']],
        ['GET', ['range' => 'bytes=-5', 'if-range' => $tag]], ['GET', ['range' => 'bytes=-5', 'if-range' => '"other"']],
        ['GET', ['if-none-match' => "W/$tag, \"other\""]],
    ] as [$method, $headers]) {
        $response = $api->downloadToResponse($message, new Request($method, $headers));
        $body = is_string($response->body) ? $response->body : implode('', iterator_to_array($response->body, false));
        echo $method, ' ', str_replace(trim($tag, "\""), "TAG", json_encode($headers, JSON_UNESCAPED_SLASHES)), ': ', $response->status, ' ', $response->headers['Content-Range'] ?? '-', ' ',
            $response->headers['Content-Length'], ' ', strlen($body), ' ', var_export(str_contains($bytes, $body), true), "\n";
    }
    thrown(fn () => $api->downloadToResponse('file id', new Request('GET', [])));
    thrown(fn () => Tools::openBuffered(5));
    thrown(fn () => Tools::openBuffered(Tools::stringToStream('x'))(0));
    thrown(fn () => $api->getStream(5));
    thrown(fn () => $api->getStream(new RemoteUrl('http://127.0.0.1:1/')));
    API::processDownloadServerPing('/path', 'payload');

}
?>
--EXPECT--
Out:
bool(true)
bool(true)
bool(true)
bool(false)
int(1)
NULL
bool(true)
bool(true)
bool(true)
bool(false)
int(1)
NULL
int(1500000)
int(1500000)
bool(true)
bool(true)
NULL
bool(true)
bool(true)
bool(true)
In:
bool(true)
bool(true)
bool(true)
bool(true)
string(4) "abcd"
string(2) "ef"
NULL
bool(true)
int(500000)
NULL
int(524288)
line
Answers:
GET []: 200 - 1500000 1500000 true
HEAD []: 200 - 1500000 0 true
GET {"range":"bytes=10-19"}: 206 bytes 10-19/1500000 10 10 true
GET {"range":"bytes=2000000-"}: 416 bytes */1500000 0 0 true
GET {"range":"bytes=-5","if-range":"\"TAG\""}: 206 bytes 1499995-1499999/1500000 5 5 true
GET {"range":"bytes=-5","if-range":"\"other\""}: 200 - 1500000 1500000 true
GET {"if-none-match":"W/\"TAG\", \"other\""}: 304 - 0 0 true
danog\MadelineProto\Exception: downloadToResponse(): a file id does not tell size, name and type of the file: expected $size, $name and $mime
danog\MadelineProto\Exception: expected a stream, or an object with read(), found int
danog\MadelineProto\Exception: openBuffered(): expected how many bytes to read, at least 1
danog\MadelineProto\Exception: expected a file of Telegram's, found int
danog\MadelineProto\Exception: cannot read http://127.0.0.1:1/: io: Connection refused (os error 111)
