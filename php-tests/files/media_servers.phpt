--TEST--
Files go over servers that are for files only, where a data centre has them; calls never do
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Settings\Connection;
use danog\MadelineProto\Stream\MTProtoTransport\ObfuscatedStream;

const SECRET = 'dd0123456789abcdef0123456789abcdef';

$sandbox = Sandbox::start(function (array &$world) {
    $world['media_only'] = [2];
    $world['files'] = ['film.bin' => ['size' => 3_000_000, 'seed' => 5]];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'film.bin'];
}, '--control 0 --mtproxy ' . SECRET);
$sha256 = $sandbox->ask(['do' => 'file', 'name' => 'film.bin'])['sha256'];
/** What happens: how many requests the data centre and its servers for files get meanwhile. */
function count_requests(callable $what): void
{
    global $sandbox;
    $ids = [];
    foreach ([2, -2] as $dc) {
        $ids[$sandbox->ask(['do' => 'delay_answer', 'ms' => 0, 'on' => ['dc' => $dc, 'times' => 0]])['id']] = $dc;
    }
    echo $what() ? 'right' : 'wrong';
    foreach ($sandbox->ask(['do' => 'faults'])['faults'] as $fault) {
        if (isset($ids[$fault['id']])) {
            echo ', ', $ids[$fault['id']], ': ', $fault['hits'] > 0 ? 'some' : 'none';
        }
    }
    foreach (array_keys($ids) as $id) {
        $sandbox->ask(['do' => 'clear', 'id' => $id]);
    }
    echo "\n";
}

$api = $sandbox->user();
$message = $api->messages->getHistory(peer: '@bob_b', limit: 1)['messages'][0];
$download = function () use (&$api, $message, $sandbox, $sha256): bool {
    $path = $sandbox->path('film' . bin2hex(random_bytes(4)));
    return hash_file('sha256', $api->downloadToFile($message, $path)) === $sha256;
};
count_requests($download);
count_requests(fn () => $api->upload($sandbox->keyFile)['parts'] === 1);
count_requests(fn () => $api->messages->sendMessage(peer: 'me', message: 'hello') !== []);

echo "For another process, too:\n";
count_requests(function () use ($sandbox, $sha256) {
    [$status, $output] = $sandbox->php('<?php
        $api = new danog\MadelineProto\API("user.madeline");
        $message = $api->messages->getHistory(peer: "@bob_b", limit: 1)["messages"][0];
        echo hash_file("sha256", $api->downloadToFile($message, "other"));');
    return $output === $sha256;
});

echo "Where they cannot be reached:\n";
$fault = $sandbox->ask(['do' => 'refuse', 'on' => ['dc' => -2, 'times' => 0]])['id'];
$sandbox->ask(['do' => 'close', 'on' => ['dc' => -2]]);
count_requests($download);
$sandbox->ask(['do' => 'clear', 'id' => $fault]);
$api = null;

/** The settings' addresses. */
function with(Connection $connection): \danog\MadelineProto\API
{
    global $sandbox;
    return new \danog\MadelineProto\API($sandbox->path('user.madeline'), $connection);
}
echo "Named by settings:\n";
[2 => $main, '2_media' => $media] = $sandbox->dcs;
[$host, $port] = explode(':', $media);
foreach ([[2 => $main], [2 => $main, '2_media' => $media]] as $list) {
    ini_set('madelineproto.dc_list', '');
    $api = with((new Connection)->setDcList($list));
    count_requests($download);
    $api = null;
}
$api = with((new Connection)->setDcList([2 => $main, '2_media' => ['ip_address' => $host, 'port' => (int) $port, 'media_only' => true]]));
count_requests($download);
$api = null;

echo "Through a proxy:\n";
[$host, $port] = explode(':', $sandbox->proxies[0]);
$api = with((new Connection)->setDcList($sandbox->dcs)->addProxy(ObfuscatedStream::class, ['address' => $host, 'port' => (int) $port, 'secret' => SECRET]));
count_requests($download);
?>
--EXPECT--
right, 2: none, -2: some
right, 2: none, -2: some
right, 2: some, -2: none
For another process, too:
right, 2: some, -2: some
Where they cannot be reached:
right, 2: some, -2: none
Named by settings:
right, 2: some, -2: none
right, 2: none, -2: some
right, 2: none, -2: some
Through a proxy:
right, 2: none, -2: some
