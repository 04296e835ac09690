<?php
// Decodes the messages.messages of the file named as argument as often as a line on standard input says: with the
// extension, or ("json" as second argument) the same data with json_decode.

use danog\MadelineProto\Tools;

$bytes = file_get_contents($argv[1]);
$json = json_encode(Tools::tlDeserialize($bytes), JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
$decode = ($argv[2] ?? '') === 'json'
    ? static fn (): array => json_decode($json, true)
    : static fn (): array => Tools::tlDeserialize($bytes);

while (($line = fgets(STDIN)) !== false) {
    $repetitions = (int) $line;
    $before = hrtime(true);
    for ($i = 0; $i < $repetitions; ++$i) {
        $decode();
    }
    $wall = (hrtime(true) - $before) / 1e3 / $repetitions;
    echo json_encode(['wall_us' => $wall, 'cpu_us' => $wall]), "\n";
}
