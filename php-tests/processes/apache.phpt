--TEST--
Apache's children share a session with PHP in them, through graceful restarts, short lives and stops
--FILE--
<?php
require __DIR__ . '/../support/apache.inc';

$sandbox = Sandbox::start(fn (array &$world) => $world['single_use'] = true, '--control 0');
$sandbox->user();
gc_collect_cycles();
$stats = fn () => $sandbox->ask(['do' => 'stats']);
file_put_contents($sandbox->path('page.php'), '<?php
    copy("https://phar.madelineproto.xyz/madeline.php", __DIR__ . "/ini/madeline.php");
    include __DIR__ . "/ini/madeline.php";
    try {
        $api = new \danog\MadelineProto\API(__DIR__ . "/user.madeline");
        echo $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: "yes")["message"];
    } catch (\Throwable $e) {
        echo $e::class, ": ", $e->getMessage();
    }
    if (isset($_GET["pid"])) echo " ", getmypid();
');
/** Answers to so many requests at once, counted. */
$many = function (Apache $apache, int $count, ?callable $meanwhile = null): string {
    $streams = array_map(fn () => $apache->request('page.php'), range(1, $count));
    $meanwhile && $meanwhile();
    return json_encode(array_count_values(array_map(Apache::answer(...), $streams)));
};
$is_free = fn () => json_encode(flock(fopen($sandbox->path('user.madeline/lock'), 'r+'), LOCK_EX | LOCK_NB));
$children = "StartServers 4\nMinSpareServers 4\nMaxSpareServers 4\nMaxRequestWorkers 4\n";

$apache = new Apache($sandbox->directory, $sandbox->ini(), $children);
echo $apache->get('page.php'), "\n";
$before = $stats()['accepted'];
echo $many($apache, 40), "\n";
echo 'more connections: ', $stats()['accepted'] - $before, "\n";
// PHP starts anew in the parent each time; children that have a request end it.
$child = fn () => (int) strrchr($apache->get('page.php', 'pid'), ' ');
$former = $child();
foreach (range(1, 3) as $_) {
    echo $many($apache, 20, $apache->reload(...)), "\n";
    $end = hrtime(true) + 10_000_000_000;
    while (is_dir("/proc/$former") && hrtime(true) < $end) {
        usleep(5_000);
    }
    echo 'another child: ', json_encode(($next = $child()) !== $former && $next > 0), "\n";
    $former = $next;
}
$apache->stop();
echo 'lock is free: ', $is_free(), "\n";

// Children that end after a few requests, and nothing kept between them.
$apache = new Apache($sandbox->directory, $sandbox->ini(), $children . "MaxConnectionsPerChild 3");
echo $many($apache, 40), "\n";
$apache->stop(SIGTERM);
echo 'lock is free: ', $is_free(), "\n";
$apache = new Apache($sandbox->directory, ['madelineproto.keep_open' => '0'] + $sandbox->ini(), $children);
echo $many($apache, 40), "\n";
echo 'lock is free: ', $is_free(), "\n";
$apache->stop();
echo 'died: ', substr_count($apache->log(), 'exit signal'), "\n";
echo 'duplicated: ', $stats()['duplicated'], "\n";
?>
--EXPECT--
You pressed yes.
{"You pressed yes.":40}
more connections: 0
{"You pressed yes.":20}
another child: true
{"You pressed yes.":20}
another child: true
{"You pressed yes.":20}
another child: true
lock is free: true
{"You pressed yes.":40}
lock is free: true
{"You pressed yes.":40}
lock is free: true
died: 0
duplicated: 0
