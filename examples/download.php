<?php
// Downloads the newest file of a chat, with a progress bar; started again after Ctrl-C it goes on where it was.
//
//     php examples/download.php @chat [directory]

if (!file_exists('madeline.php')) {
    copy('https://phar.madelineproto.xyz/madeline.php', 'madeline.php');
}
include 'madeline.php';

use danog\MadelineProto\API;

if (!isset($argv[1])) {
    exit("Usage: php examples/download.php @chat [directory]\n");
}
$api = new API('session.madeline');
$api->start();

$found = null;
$next = 0;
do {
    $messages = $api->messages->getHistory(peer: $argv[1], offset_id: $next, limit: 100)['messages'];
    foreach ($messages as $message) {
        $next = $message['id'];
        $media = $message['media']['_'] ?? '';
        if ($media === 'messageMediaDocument' || $media === 'messageMediaPhoto') {
            $found = $message;
            break 2;
        }
    }
} while ($messages);
if ($found === null) {
    exit("No file was sent there.\n");
}

$info = $api->getDownloadInfo($found);
echo $info['name'], $info['ext'], isset($info['size']) ? sprintf(', %.1f MB', $info['size'] / 1e6) : '', "\n";
$path = $api->downloadToDir($found, $argv[2] ?? '.', function (float $percent, float $speed, float $seconds): void {
    $done = (int) ($percent * 40 / 100);
    printf("\r[%s%s] %5.1f %%  %.1f Mbit/s  %d s", str_repeat('=', $done), str_repeat(' ', 40 - $done), $percent, $speed, $seconds);
});
echo "\nsaved as $path\n";
