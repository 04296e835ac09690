<?php
// Presses the demo's button as often as a line on standard input says, and answers with what one press cost.

require __DIR__ . '/session.inc';

$api = connected();
$request = ['peer' => '@bot', 'msg_id' => 42, 'data' => 'yes'];
$cpu = static function (): float {
    $used = getrusage();
    return $used['ru_utime.tv_sec'] * 1e6 + $used['ru_utime.tv_usec'] + $used['ru_stime.tv_sec'] * 1e6 + $used['ru_stime.tv_usec'];
};

while (($line = fgets(STDIN)) !== false) {
    $repetitions = (int) $line;
    $cpuBefore = $cpu();
    $before = hrtime(true);
    for ($i = 0; $i < $repetitions; ++$i) {
        $answer = $api->messages->getBotCallbackAnswer($request);
    }
    $wall = (hrtime(true) - $before) / 1e3 / $repetitions;
    if ($answer['_'] !== 'messages.botCallbackAnswer') {
        throw new \UnexpectedValueException('not an answer: ' . json_encode($answer));
    }
    echo json_encode(['wall_us' => $wall, 'cpu_us' => ($cpu() - $cpuBefore) / $repetitions]), "\n";
}
