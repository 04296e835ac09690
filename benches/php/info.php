<?php
// Asks for what is known of a peer as often as a line on standard input says, and answers with what one answer cost.

require __DIR__ . '/session.inc';

$api = connected();
$bot = $api->getId('@bot');

while (($line = fgets(STDIN)) !== false) {
    $repetitions = (int) $line;
    $before = hrtime(true);
    for ($i = 0; $i < $repetitions; ++$i) {
        $info = $api->getInfo($bot);
    }
    $wall = (hrtime(true) - $before) / 1e3 / $repetitions;
    if ($info['bot_api_id'] !== $bot) {
        throw new \UnexpectedValueException('not the bot: ' . json_encode($info));
    }
    echo json_encode(['wall_us' => $wall, 'cpu_us' => $wall]), "\n";
}
