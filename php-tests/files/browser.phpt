--TEST--
A web server's script sends a file: whole, in ranges, to HEAD; what is no range is 416; links name such a script
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Settings\Files;

$sandbox = Sandbox::start(function (array &$world) {
    $world['files'] = ["a \"film\" \u{e9}.mp4" => ['size' => 1_500_000, 'seed' => 3, 'mime' => 'video/mp4']];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => "a \"film\" \u{e9}.mp4"];
}, '--control 0');
$api = $sandbox->user();
$message = $api->messages->getHistory(peer: '@bob_b', limit: 1)['messages'][0];
file_put_contents($sandbox->path('message'), serialize($message['media']));
$bytes = file_get_contents($api->downloadToFile($message, $sandbox->path('all')));

thrown(fn () => $api->getDownloadLink($message));
$api->updateSettings((new Files)->setDownloadLink('http://LINK/dl.php'));
$link = $api->getDownloadLink($message);
unset($api);
gc_collect_cycles();

$session = var_export($sandbox->path('user.madeline'), true);
mkdir($sandbox->path('web'));
file_put_contents($sandbox->path('web/show.php'), <<<PHP
    <?php
    \$api = new danog\\MadelineProto\\API($session);
    \$media = unserialize(file_get_contents('{$sandbox->path('message')}'));
    try {
        \$api->downloadToBrowser(\$media);
    } catch (Throwable \$e) {
        echo \$e->getMessage();
    }
    PHP);
file_put_contents($sandbox->path('web/dl.php'), "<?php danog\\MadelineProto\\API::downloadServer($session);");
$address = free_address();
$server = proc_open(
    [...Sandbox::command($sandbox->ini()), '-S', $address, '-t', $sandbox->path('web')],
    [1 => ['file', $sandbox->path('web.log'), 'w'], 2 => ['redirect', 1]],
    $pipes,
);
register_shutdown_function(fn () => proc_terminate($server));
while (!@fsockopen("tcp://$address")) {
    usleep(10_000);
}

/** @return array{string, array<string, string>, string} status, headers, body */
function fetch(string $address, string $path, string $method = 'GET', array $headers = []): array
{
    $socket = fsockopen("tcp://$address");
    fwrite($socket, "$method $path HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    foreach ($headers as $name => $value) {
        fwrite($socket, "$name: $value\r\n");
    }
    fwrite($socket, "\r\n");
    [$head, $body] = explode("\r\n\r\n", stream_get_contents($socket), 2) + [1 => ''];
    $lines = explode("\r\n", $head);
    $status = array_shift($lines);
    $found = [];
    foreach ($lines as $line) {
        [$name, $value] = explode(': ', $line, 2);
        $found[strtolower($name)] = $value;
    }
    return [substr($status, 9), $found, $body];
}

[$status, $headers, $body] = fetch($address, '/show.php');
echo $status, "\n", var_export($body === $bytes, true), "\n";
foreach (['accept-ranges', 'content-length', 'content-type', 'content-disposition', 'cache-control'] as $name) {
    echo "$name: ", $headers[$name] ?? '-', "\n";
}
[$status, $headers, $body] = fetch($address, '/show.php', 'HEAD');
echo "HEAD: $status, {$headers['content-length']}, ", strlen($body), "\n";

foreach (['bytes=0-0', 'bytes=5-9', 'bytes=1499990-', 'bytes=-7', 'bytes=524280-524300', 'bytes=0-99999999', 'bytes=1-2,5-6', 'items=1-2'] as $range) {
    [$status, $headers, $body] = fetch($address, '/show.php', 'GET', ['Range' => $range]);
    $wanted = preg_match('~bytes (\d+)-(\d+)/~', $headers['content-range'] ?? '', $m) ? substr($bytes, (int) $m[1], $m[2] - $m[1] + 1) : $bytes;
    echo "$range: $status, ", $headers['content-range'] ?? '-', ', ', strlen($body), ', ', var_export($body === $wanted, true), "\n";
}
foreach (['bytes=1500000-', 'bytes=9-5', 'bytes=-', 'bytes=-0', 'bytes=a-b', 'bytes=1', 'bytes=+1-2'] as $range) {
    [$status, $headers, $body] = fetch($address, '/show.php', 'GET', ['Range' => $range]);
    echo "$range: $status, ", $headers['content-range'] ?? '-', ', ', strlen($body), "\n";
}

echo "Tags:\n";
$tag = fetch($address, '/show.php')[1]['etag'];
foreach ([
    ['Range' => 'bytes=0-4', 'If-Range' => $tag], ['Range' => 'bytes=0-4', 'If-Range' => '"other"'], ['If-None-Match' => $tag],
    ['If-None-Match' => '"other"'], ['Range' => 'bytes=9-5', 'If-Range' => '"other"'],
] as $asked) {
    [$status, $headers, $body] = fetch($address, '/show.php', 'GET', $asked);
    echo str_replace(trim($tag, '"'), 'TAG', urldecode(http_build_query($asked, '', ' '))), ": $status, ", strlen($body), "\n";
}

echo "Links:\n";
parse_str(parse_url($link, PHP_URL_QUERY), $query);
echo parse_url($link, PHP_URL_HOST), ' ', $query['s'], ' ', $query['n'] === "a \"film\" \u{e9}_" . $message['media']['document']['id'] . '.mp4' ? 'name' : $query['n'], ' ', $query['m'], "\n";
[$status, $headers, $body] = fetch($address, '/dl.php?' . parse_url($link, PHP_URL_QUERY));
echo $status, ' ', var_export($body === $bytes, true), "\n";
echo fetch($address, '/dl.php')[0], "\n";
?>
--EXPECT--
danog\MadelineProto\Exception: getDownloadLink(): expected the address of a script that calls API::downloadServer(), as $scriptUrl or in Settings\Files::setDownloadLink()
200 OK
true
accept-ranges: bytes
content-length: 1500000
content-type: video/mp4
content-disposition: inline; filename="a _film_ __5400000000000000001.mp4"; filename*=UTF-8''a%20%22film%22%20%C3%A9_5400000000000000001.mp4
cache-control: max-age=31556926
HEAD: 200 OK, 1500000, 0
bytes=0-0: 206 Partial Content, bytes 0-0/1500000, 1, true
bytes=5-9: 206 Partial Content, bytes 5-9/1500000, 5, true
bytes=1499990-: 206 Partial Content, bytes 1499990-1499999/1500000, 10, true
bytes=-7: 206 Partial Content, bytes 1499993-1499999/1500000, 7, true
bytes=524280-524300: 206 Partial Content, bytes 524280-524300/1500000, 21, true
bytes=0-99999999: 206 Partial Content, bytes 0-1499999/1500000, 1500000, true
bytes=1-2,5-6: 206 Partial Content, bytes 1-2/1500000, 2, true
items=1-2: 200 OK, -, 1500000, true
bytes=1500000-: 416 Requested Range Not Satisfiable, bytes */1500000, 0
bytes=9-5: 416 Requested Range Not Satisfiable, bytes */1500000, 0
bytes=-: 416 Requested Range Not Satisfiable, bytes */1500000, 0
bytes=-0: 416 Requested Range Not Satisfiable, bytes */1500000, 0
bytes=a-b: 416 Requested Range Not Satisfiable, bytes */1500000, 0
bytes=1: 416 Requested Range Not Satisfiable, bytes */1500000, 0
bytes=+1-2: 416 Requested Range Not Satisfiable, bytes */1500000, 0
Tags:
Range=bytes=0-4 If-Range="TAG": 206 Partial Content, 5
Range=bytes=0-4 If-Range="other": 200 OK, 1500000
If-None-Match="TAG": 304 Not Modified, 0
If-None-Match="other": 200 OK, 1500000
Range=bytes=9-5 If-Range="other": 200 OK, 1500000
Links:
LINK 1500000 name video/mp4
200 OK true
404 Not Found
