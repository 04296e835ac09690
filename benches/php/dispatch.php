<?php
// Nanoseconds of an API method call that does nothing, less those of the empty loop; see benches/src/dispatch.rs.

$api = new \danog\MadelineProto\API('session.madeline');

while (($line = fgets(STDIN)) !== false) {
    $repetitions = (int) $line;
    $before = hrtime(true);
    for ($i = 0; $i < $repetitions; ++$i) {
    }
    $loop = hrtime(true) - $before;
    $before = hrtime(true);
    for ($i = 0; $i < $repetitions; ++$i) {
        $api->messages->getDialogs([]);
    }
    $calls = hrtime(true) - $before;
    $wall = ($calls - $loop) / 1e3 / $repetitions;
    echo json_encode(['wall_us' => $wall, 'cpu_us' => $wall]), "\n";
}
