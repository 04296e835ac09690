--TEST--
The example of a download: finds the newest file of a chat, shows how far it is, saves it, and has nothing left to do the next time
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['files'] = ['film.bin' => ['size' => 3_000_000, 'seed' => 5]];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'film.bin'];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'text' => 'newer'];
});
$sandbox->user(name: 'session.madeline');
$GLOBALS['api'] = null;
gc_collect_cycles();
$example = dirname(__DIR__, 2) . '/examples/download.php';
foreach ([['@bob_b'], ['@bob_b'], ['me'], []] as $arguments) {
    [$status, $output] = $sandbox->php($example, arguments: $arguments);
    $output = preg_replace('/\d+\.\d Mbit.s  \d+ s/', 'SPEED', $output);
    echo $status, ' ', substr_count($output, "\r") > 0 ? 'told ' : '', preg_replace('/^.*\r/m', '', $output);
}
var_dump(filesize($sandbox->path('film_5400000000000000001.bin')));
?>
--EXPECTF--
0 told film_5400000000000000001.bin, 3.0 MB
[========================================] 100.0 %  SPEED
saved as %s/film_5400000000000000001.bin
0 told film_5400000000000000001.bin, 3.0 MB
[========================================] 100.0 %  SPEED
saved as %s/film_5400000000000000001.bin
0 No file was sent there.
0 Usage: php examples/download.php @chat [directory]
int(3000000)
