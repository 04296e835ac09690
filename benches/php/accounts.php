<?php
// Answers the first line on standard input with the resident memory of this process in MB; then opens so many sessions of
// logged-in accounts, lets each make a call, and answers the second line with the memory once all are idle.

$resident = static function (): void {
    preg_match('/VmRSS:\s+(\d+) kB/', file_get_contents('/proc/self/status'), $match);
    echo $match[1] / 1024, "\n";
};
[, $count, $engine] = $argv;

fgets(STDIN);
$resident();
fgets(STDIN);
$accounts = [];
for ($i = 0; $i < (int) $count; ++$i) {
    $accounts[] = $api = new \danog\MadelineProto\API("$engine-account-$i");
    if ($api->help->getNearestDc()['nearest_dc'] !== 2) {
        throw new \UnexpectedValueException('not the nearest DC');
    }
}
sleep(5);
$resident();
fgets(STDIN);
