--TEST--
Files that Telegram hands over to a CDN are downloaded from there; one that lies is not believed
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['files'] = ['film.bin' => ['size' => 3_000_000, 'seed' => 5, 'cdn' => true]];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'film.bin'];
}, '--control 0');
$api = $sandbox->user();
$message = $api->messages->getHistory(peer: '@bob_b', limit: 1)['messages'][0];
$sha256 = $sandbox->ask(['do' => 'file', 'name' => 'film.bin'])['sha256'];
$asked = fn (string $method): bool => $sandbox->ask(['do' => 'executions', 'method' => $method])['count'] > 0;

var_dump(hash_file('sha256', $api->downloadToFile($message, $sandbox->path('film'))) === $sha256, $asked('upload.getCdnFile'));
$part = '';
$api->downloadToCallable($message, function (string $bytes) use (&$part) {
    $part .= $bytes;
}, seekable: false, offset: 1_000_001, end: 1_700_000);
var_dump($part === substr(file_get_contents($sandbox->path('film')), 1_000_001, 699_999));

$sandbox->ask(['do' => 'falsify', 'on' => ['method' => 'upload.getCdnFile', 'times' => 0]]);
var_dump(hash_file('sha256', $api->downloadToFile($message, $sandbox->path('again'))) === $sha256);

echo implode(' ', array_map(fn (array $key) => "$key[_] of $key[dc_id]", $api->getCdnConfig()['public_keys'])), "\n";
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
cdnPublicKey of 203
