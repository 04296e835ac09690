--TEST--
Workers of php-fpm share a session with each other and with a script: also when they end, are killed or reloaded
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';
require __DIR__ . '/../support/fpm.inc';

$sandbox = Sandbox::start(fn (array &$world) => $world['single_use'] = true, '--control 0');
$sandbox->user();
gc_collect_cycles();
$stats = fn () => $sandbox->ask(['do' => 'stats']);
file_put_contents($sandbox->path('page.php'), '<?php
    $api = new \danog\MadelineProto\API("' . $sandbox->path('user.madeline') . '");
    try {
        echo $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: $_GET["data"])["message"];
    } catch (\Throwable $e) {
        echo $e::class, ": ", $e->getMessage();
    }
    if (isset($_GET["pid"])) echo " ", getmypid();
');
/** Answers to so many requests at once, counted. */
$many = function (Fpm $fpm, int $count, ?callable $meanwhile = null): string {
    $streams = array_map(fn () => $fpm->request('page.php', 'data=yes'), range(1, $count));
    $meanwhile && $meanwhile();
    $answers = array_map(fn ($stream) => preg_replace('/^.*\r\n\r\n/s', '', Fpm::answer($stream) ?? 'none'), $streams);
    return json_encode(array_count_values($answers));
};

$fpm = new Fpm($sandbox->directory, $sandbox->ini(), 4);
echo $fpm->get('page.php', 'data=yes'), "\n";
$before = $stats()['accepted'];
echo $many($fpm, 40), "\n";
// A script beside them.
echo $sandbox->php('<?php
    $api = new \danog\MadelineProto\API("user.madeline");
    echo $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: "no")["message"];
')[1], "\n";
echo 'more connections: ', $stats()['accepted'] - $before, "\n";

// The one with the connection is killed.
$leader = (int) file_get_contents($sandbox->path('user.madeline/lock'));
exec("kill -9 $leader");
$answers = json_decode($many($fpm, 20), true);
// One request at most had gone to that worker.
unset($answers['none']);
$lost = array_filter(array_keys($answers), fn ($text) => str_ends_with($text, "process $leader, which has the session's connections, has ended"));
echo array_sum($answers) - array_sum(array_intersect_key($answers, array_flip($lost))) === ($answers['You pressed yes.'] ?? 0) ? 'answered, or lost with the cause' : json_encode($answers), "\n";
// A reload, in the middle.
echo $many($fpm, 20, fn () => $fpm->signal(SIGUSR2)), "\n";
usleep(300_000);
echo $fpm->get('page.php', 'data=yes'), "\n";
// Whoever copies the session gets it from a worker at rest.
$api = $sandbox->api('user.madeline');
echo 'copied: ', json_encode($api->serialize($sandbox->path('copy.madeline')) > 0), "\n";
unset($api);
gc_collect_cycles();
echo $fpm->get('page.php', 'data=yes'), "\n";
$fpm->stop();
echo 'lock is free: ', json_encode(flock(fopen($sandbox->path('user.madeline/lock'), 'r+'), LOCK_EX | LOCK_NB)), "\n";

// Workers that end after a few requests, and nothing kept between them.
$fpm = new Fpm($sandbox->directory, $sandbox->ini(), 4, 'pm.max_requests = 3');
echo $many($fpm, 40), "\n";
$fpm->stop();
$fpm = new Fpm($sandbox->directory, ['madelineproto.keep_open' => '0'] + $sandbox->ini(), 4);
echo $many($fpm, 40), "\n";
echo 'lock is free: ', json_encode(flock(fopen($sandbox->path('user.madeline/lock'), 'r+'), LOCK_EX | LOCK_NB)), "\n";
$fpm->stop();
// For a time that can be set.
$fpm = new Fpm($sandbox->directory, ['madelineproto.keep_open' => '0.5'] + $sandbox->ini(), 1);
echo $fpm->get('page.php', 'data=yes'), "\n";
$lock = fopen($sandbox->path('user.madeline/lock'), 'r+');
echo 'lock is free: ', json_encode(flock($lock, LOCK_EX | LOCK_NB)), "\n";
flock($lock, LOCK_EX);
echo "lock is free later\n";
$fpm->stop();
echo 'duplicated: ', $stats()['duplicated'], "\n";
?>
--EXPECT--
You pressed yes.
{"You pressed yes.":40}
You pressed no.
more connections: 0
answered, or lost with the cause
{"You pressed yes.":20}
You pressed yes.
copied: true
You pressed yes.
lock is free: true
{"You pressed yes.":40}
{"You pressed yes.":40}
lock is free: true
You pressed yes.
lock is free: false
lock is free later
duplicated: 0
