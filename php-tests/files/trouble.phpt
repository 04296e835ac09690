--TEST--
Transfers go on through lost connections, waits and failures of the server; what stays is thrown
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['files'] = ['film.bin' => ['size' => 9_000_000, 'seed' => 5], 'far.bin' => ['size' => 700_000, 'seed' => 6, 'dc' => 1]];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'film.bin'];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'far.bin'];
}, '--control 0');
$api = $sandbox->user();
[$far, $film] = $api->messages->getHistory(peer: '@bob_b', limit: 2)['messages'];
$faults = function (string $method) use ($sandbox) {
    $sandbox->ask(['do' => 'close_before', 'on' => ['method' => $method, 'times' => 2, 'every' => 5]]);
    $sandbox->ask(['do' => 'close_after', 'on' => ['method' => $method, 'times' => 2, 'every' => 7]]);
    $sandbox->ask(['do' => 'rpc_error', 'code' => 420, 'text' => 'FLOOD_PREMIUM_WAIT_1', 'on' => ['method' => $method, 'times' => 2]]);
    $sandbox->ask(['do' => 'rpc_error', 'code' => 420, 'text' => 'FLOOD_WAIT_1', 'on' => ['method' => $method, 'skip' => 3]]);
    $sandbox->ask(['do' => 'rpc_error', 'code' => 500, 'text' => 'RPC_CALL_FAIL', 'on' => ['method' => $method, 'skip' => 6]]);
};
$faults('upload.getFile');
$path = $api->downloadToFile($film, $sandbox->path('film'));
var_dump(hash_file('sha256', $path) === $sandbox->ask(['do' => 'file', 'name' => 'film.bin'])['sha256']);
$faults('upload.saveFilePart');
$file = $api->upload($path);
$message = $api->extractMessage($api->messages->sendMedia(peer: 'me', message: '', media: ['_' => 'inputMediaUploadedDocument', 'file' => $file]));
var_dump(hash_file('sha256', $api->downloadToFile($message, $sandbox->path('again'))) === hash_file('sha256', $path));

echo "Elsewhere:\n";
var_dump($far['media']['document']['dc_id']);
$path = $api->downloadToFile($far, $sandbox->path('far'));
var_dump(hash_file('sha256', $path) === $sandbox->ask(['do' => 'file', 'name' => 'far.bin'])['sha256']);
// Whoever does not know where it is finds it all the same.
$astray = $far['media'];
$astray['document']['dc_id'] = 2;
var_dump(hash_file('sha256', $api->downloadToFile($astray, $sandbox->path('astray'))) === hash_file('sha256', $path));

echo "What stays:\n";
foreach ([['upload.getFile', 420, 'FLOOD_WAIT_1000'], ['upload.getFile', 400, 'LIMIT_INVALID'], ['upload.saveFilePart', 400, 'FILE_PART_INVALID']] as [$method, $code, $text]) {
    $sandbox->ask(['do' => 'clear']);
    $sandbox->ask(['do' => 'rpc_error', 'code' => $code, 'text' => $text, 'on' => ['method' => $method, 'times' => 0]]);
    thrown(fn () => $method === 'upload.getFile' ? $api->downloadToFile($film, $sandbox->path('never')) : $api->upload($path));
}
$sandbox->ask(['do' => 'clear']);
var_dump(file_exists($sandbox->path('never')));

echo "A full disk:\n";
symlink('/dev/full', $sandbox->path('full'));
ob_start();
thrown(fn () => $api->downloadToFile($far, $sandbox->path('full')));
echo str_replace($sandbox->directory, 'DIR', ob_get_clean());
?>
--EXPECT--
bool(true)
bool(true)
Elsewhere:
int(1)
bool(true)
bool(true)
What stays:
danog\MadelineProto\RPCError\FloodWaitError: FLOOD_WAIT_1000 (code 420, rpc FLOOD_WAIT_1000)
danog\MadelineProto\RPCErrorException: LIMIT_INVALID (code 400, rpc LIMIT_INVALID)
danog\MadelineProto\RPCErrorException: FILE_PART_INVALID (code 400, rpc FILE_PART_INVALID)
bool(false)
A full disk:
danog\MadelineProto\Exception: cannot write DIR/full: No space left on device (os error 28)
