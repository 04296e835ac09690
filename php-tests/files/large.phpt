--TEST--
200 MB there and back, of random bytes and of a sparse file, through faults, in bounded memory
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(null, '--control 0');
$api = $sandbox->user();
$path = $sandbox->path('large');
$random = fopen($path, 'w');
for ($block = 0; $block < 200; $block++) {
    fwrite($random, random_bytes(1_000_000));
}
$sparse = fopen($sandbox->path('sparse'), 'w');
fwrite($sparse, 'beginning');
ftruncate($sparse, 200_000_000);
fseek($sparse, 123_456_789);
fwrite($sparse, 'middle');
fflush($sparse);
foreach (['upload.saveBigFilePart', 'upload.getFile'] as $method) {
    foreach (['close_before', 'close_after'] as $fault) {
        $sandbox->ask(['do' => $fault, 'on' => ['method' => $method, 'times' => 0, 'probability' => 0.01, 'seed' => 7]]);
    }
}
foreach ([$path, $sandbox->path('sparse')] as $from) {
    $message = $api->extractMessage($api->messages->sendMedia(peer: 'me', message: '', media: ['_' => 'inputMediaUploadedDocument', 'file' => $from]));
    $to = $api->downloadToFile($message, "$from.copy");
    var_dump(filesize($to), hash_file('sha256', $to) === hash_file('sha256', $from));
    unlink($to);
}
preg_match('/VmHWM:\s+(\d+) kB/', file_get_contents('/proc/self/status'), $match);
var_dump($match[1] < 150_000);
?>
--EXPECT--
int(200000000)
bool(true)
int(200000000)
bool(true)
bool(true)
