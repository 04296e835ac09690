--TEST--
A download that was interrupted goes on where it ended, under a lock, and with a new file reference
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['files'] = ['film.bin' => ['size' => 5_000_000, 'seed' => 9]];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'film.bin'];
}, '--control 0');
$api = $sandbox->user();
$message = $api->messages->getHistory(peer: '@bob_b', limit: 1)['messages'][0];
$sha256 = $sandbox->ask(['do' => 'file', 'name' => 'film.bin'])['sha256'];

$path = $sandbox->path('film.bin');
thrown(fn () => $api->downloadToFile($message, $path, function (float $percent) {
    if ($percent > 40) {
        throw new RuntimeException('interrupted');
    }
}));
$there = filesize($path);
var_dump($there > 1_000_000, $there < 5_000_000, file_exists("$path.lock"));
echo "No more room of the disk is kept than for what is there:\n";
var_dump(stat($path)['blocks'] * 512 <= $there + 65536);

$told = [];
$sandbox->ask(['do' => 'expire_references']);
$api->downloadToFile($message, $path, function (...$arguments) use (&$told) {
    $told[] = $arguments;
});
var_dump(hash_file('sha256', $path) === $sha256);
var_dump($told[0][0] > 40, array_map(get_debug_type(...), $told[0]), end($told)[0]);
var_dump($told === array_values($told) && array_column($told, 0) === (function (array $sorted) { sort($sorted); return $sorted; })(array_column($told, 0)));

echo "Once more:\n";
$calls = 0;
$api->downloadToFile($message, $path, function (float $percent) use (&$calls) {
    $calls++;
});
var_dump($calls, hash_file('sha256', $path) === $sha256);
touch($path, 1_000_000_000);
$api->downloadToFile($message, $path);
clearstatcache();
echo 'written: ', date('Y', filemtime($path)), "\n";

echo "Something longer stood there:\n";
file_put_contents($path, str_repeat('x', 6_000_000));
$message = $api->messages->getHistory(peer: '@bob_b', limit: 1)['messages'][0];
$api->downloadToFile($message, $path);
var_dump(hash_file('sha256', $path) === $sha256);

echo "Two at once:\n";
unlink($path);
$script = $sandbox->background('<?php
    $lock = fopen(' . var_export("$path.lock", true) . ', "c");
    flock($lock, LOCK_EX);
    echo "locked\n";
    usleep(300_000);
    unlink(' . var_export("$path.lock", true) . ');
    echo "unlocked\n";', 'other');
$script->printed('locked');
$api->downloadToFile($message, $path);
var_dump(str_contains($script->output(), 'unlocked'), hash_file('sha256', $path) === $sha256);

echo "In which message it was seen is remembered:\n";
$sandbox->ask(['do' => 'expire_references']);
$api->downloadToFile($message['media'], $sandbox->path('again'));
var_dump(hash_file('sha256', $sandbox->path('again')) === $sha256);
$sent = $api->extractMessage($api->messages->sendMedia(peer: 'me', message: '', media: $message['media']));
var_dump($sent['media']['document']['id'] === $message['media']['document']['id']);

echo "Without a way to a new reference:\n";
unset($api);
gc_collect_cycles();
$api = $sandbox->api('user.madeline');
thrown(fn () => $api->messages->sendMedia(peer: 'me', message: '', media: $message['media']));
thrown(fn () => $api->downloadToFile(['_' => 'messageMediaDocument'] + $message['media'], $sandbox->path('never')));
?>
--EXPECT--
RuntimeException: interrupted
bool(true)
bool(true)
bool(false)
No more room of the disk is kept than for what is there:
bool(true)
bool(true)
bool(true)
array(3) {
  [0]=>
  string(5) "float"
  [1]=>
  string(5) "float"
  [2]=>
  string(5) "float"
}
float(100)
bool(true)
Once more:
int(1)
bool(true)
written: 2001
Something longer stood there:
bool(true)
Two at once:
bool(true)
bool(true)
In which message it was seen is remembered:
bool(true)
bool(true)
Without a way to a new reference:
danog\MadelineProto\RPCError\FileReferenceExpiredError: FILE_REFERENCE_EXPIRED (code 400, rpc FILE_REFERENCE_EXPIRED)
danog\MadelineProto\RPCError\FileReferenceExpiredError: FILE_REFERENCE_EXPIRED (code 400, rpc FILE_REFERENCE_EXPIRED)
