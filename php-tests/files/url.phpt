--TEST--
Files of the web: redirects are followed, but not for ever; wrong lengths, statuses and silence are exceptions
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\RemoteUrl;

$sandbox = Sandbox::start();
$api = $sandbox->user();
/** Answers one request after the other, each by its path. */
$server = $sandbox->background('<?php
    $server = stream_socket_server("tcp://127.0.0.1:0");
    echo "port ", parse_url(stream_socket_get_name($server, false), PHP_URL_PORT), "\n";
    $big = random_bytes(2_000_000);
    file_put_contents("big", $big);
    while ($client = stream_socket_accept($server, -1)) {
        $path = explode(" ", (string) fgets($client))[1] ?? "";
        while (trim((string) fgets($client)) !== "") {
        }
        fwrite($client, match ($path) {
            "/file.txt" => "HTTP/1.1 200 OK\r\nContent-Type: text/x-own\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
            "/endless" => "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n$big",
            "/known" => "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\nConnection: close\r\n\r\n$big",
            "/short" => "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\nConnection: close\r\n\r\nnot that much",
            "/moved" => "HTTP/1.1 302 Found\r\nLocation: /file.txt\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "/circle" => "HTTP/1.1 302 Found\r\nLocation: /circle\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "/broken" => "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "/missing" => "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnone",
            "/less" => "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nhello",
            "/none" => "HTTP/1.1 200 OK\r\nContent-Length: x\r\nConnection: close\r\n\r\nhello",
            "/empty" => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            default => "",
        });
        fclose($client);
    }', 'web')->printed("\n");
$url = 'http://127.0.0.1:' . trim(explode(' ', $server->output())[1]);
$short = fn (callable $call) => (function () use ($call, $url) {
    ob_start();
    thrown($call);
    echo str_replace($url, 'URL', ob_get_clean());
})();
$sent = function (array $file) use ($api, $sandbox) {
    $message = $api->extractMessage($api->messages->sendMedia(peer: 'me', message: '', media: ['_' => 'inputMediaUploadedDocument', 'file' => $file]));
    return file_get_contents($api->downloadToFile($message, $sandbox->path(bin2hex(random_bytes(4)))));
};

foreach (['/file.txt', '/moved', '/known', '/endless'] as $path) {
    $file = $api->upload($url . $path);
    $bytes = $sent($file);
    echo "$path: ", $file['_'], ' ', $file['name'], ' ', $file['mime_type'], ' ', strlen($bytes), ' ',
        var_export($bytes === 'hello' || $bytes === file_get_contents($sandbox->path('big')), true), "\n";
}
$file = $api->uploadFromUrl(new RemoteUrl("$url/endless"), 2_000_000, 'name.bin');
echo $file['_'], ' ', $file['name'], ' ', $file['parts'], "\n";
echo $api->uploadFromUrl("$url/file.txt", 100)['parts'], "\n";
echo $sent($api->uploadFromUrl("$url/less")), "\n";
foreach (['/circle', '/broken', '/missing', '/short', '/silence', '/empty'] as $path) {
    $short(fn () => $api->upload($url . $path));
}
$short(fn () => $api->uploadFromUrl("$url/none"));
$short(fn () => $api->uploadFromUrl("$url/endless", 2_000_001));
$short(fn () => $api->uploadFromUrl("$url/endless", 1_999_999));
$short(fn () => $api->uploadFromUrl('http://127.0.0.1:1/file'));
$short(fn () => $api->messages->sendMedia(peer: 'me', media: ['_' => 'inputMediaDocumentExternal', 'url' => "$url/missing"]));
$short(fn () => $api->uploadFromUrl('http://'));
$short(fn () => $api->uploadFromUrl('ftp://127.0.0.1/file'));
?>
--EXPECT--
/file.txt: inputFile file.txt text/x-own 5 true
/moved: inputFile moved text/x-own 5 true
/known: inputFile known application/octet-stream 2000000 true
/endless: inputFileBig endless application/octet-stream 2000000 true
inputFile name.bin 4
1
hel
danog\MadelineProto\Exception: cannot read URL/circle: too many redirects
danog\MadelineProto\Exception: Wrong status code: 500 Internal Server Error
danog\MadelineProto\Exception: Wrong status code: 404 Not Found
danog\MadelineProto\Exception: cannot read URL/short: Peer disconnected
danog\MadelineProto\Exception: cannot read URL/silence: io: Peer disconnected
danog\MadelineProto\RPCErrorException: FILE_PART_EMPTY (code 400, rpc FILE_PART_EMPTY)
danog\MadelineProto\Exception: cannot read URL/none: protocol: content-length header not a number
danog\MadelineProto\Exception: URL/endless ended after 2000000 bytes, where 2000001 were announced
danog\MadelineProto\Exception: URL/endless goes on after 1999999 bytes, the size that was given
danog\MadelineProto\Exception: cannot read http://127.0.0.1:1/file: io: Connection refused (os error 111)
danog\MadelineProto\Exception: Wrong status code: 404 Not Found
danog\MadelineProto\Exception: cannot read http://: http: empty string
danog\MadelineProto\Exception: cannot read ftp://127.0.0.1/file: bad uri: unknown scheme: ftp
