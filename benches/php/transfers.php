<?php
// Moves the large file of the benchmark's world. "download" saves it and "upload" sends what was saved; the answer is what that
// cost. "peak" answers with how much memory that has taken at most, in MB, above what the process had before.

require __DIR__ . '/session.inc';

function cpu(): float
{
    $used = getrusage();
    return $used['ru_utime.tv_sec'] * 1e6 + $used['ru_utime.tv_usec'] + $used['ru_stime.tv_sec'] * 1e6 + $used['ru_stime.tv_usec'];
}

function memory(string $what): float
{
    preg_match("/$what:\s+(\d+) kB/", file_get_contents('/proc/self/status'), $match);
    return $match[1] / 1024;
}

ini_set('madelineproto.dialect', 'v8');
$api = connected();
// As many connections as the programs beside it have.
$api->updateSettings((new \danog\MadelineProto\Settings\Connection)->setMaxMediaSocketCount(4));
$bot = $api->messages->getHistory(['peer' => '@bot', 'limit' => 1, 'offset_id' => 44]);
$message = $bot['messages'][0];
$size = $message['media']['document']['size'];
$path = getcwd() . '/large-' . getmypid();
$idle = memory('VmRSS');

while (($task = fgets(STDIN)) !== false) {
    $task = trim($task);
    if ($task === 'peak') {
        echo memory('VmHWM') - $idle, "\n";
        continue;
    }
    if ($task === 'download') {
        @unlink($path);
    }
    $wall = hrtime(true);
    $cpu = cpu();
    if ($task === 'download') {
        $api->downloadToFile($message, $path);
        $moved = filesize($path);
    } else {
        $file = $api->upload($path);
        $moved = $file['parts'] * (512 << 10);
    }
    $cost = ['wall_us' => (hrtime(true) - $wall) / 1e3, 'cpu_us' => cpu() - $cpu];
    if ($moved !== $size) {
        throw new RuntimeException("$moved bytes were moved, not $size");
    }
    echo json_encode($cost), "\n";
}
@unlink($path);
