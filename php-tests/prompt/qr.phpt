--TEST--
In a terminal start() shows a QR code above its first question; what is typed goes on as ever
--SKIPIF--
<?php
if (!@proc_open(['true'], [1 => ['pty']], $pipes)) {
    die('skip no pseudo terminals here');
}
?>
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['login_token_seconds'] = 2;
});
file_put_contents($sandbox->path('start.php'), '<?php
    $me = (new danog\MadelineProto\API("start.madeline"))->start();
    echo "logged in: ", $me["first_name"], "\n";
');
$process = proc_open(
    [...Sandbox::command($sandbox->ini()), 'start.php'],
    [['pty'], ['pty'], ['redirect', 1]],
    $pipes,
    $sandbox->directory,
);
/** Reads until a text comes. */
function until(mixed $terminal, string $text): string
{
    $read = '';
    while (!str_contains($read, $text) && ($part = @fread($terminal, 8192)) !== false && $part !== '') {
        $read .= $part;
    }
    return $read;
}
$first = until($pipes[1], 'bot token: ');
echo substr_count($first, "\u{2580}") > 50 ? 'a code' : 'no code', ', ', str_contains($first, 'Or type:') ? 'and a question' : 'no question', "\n";
// The code expires: a new one.
$second = until($pipes[1], 'bot token: ');
var_dump(trim($second) !== trim($first), substr_count($second, "\u{2580}") > 50);
fwrite($pipes[0], "9996612001\n");
until($pipes[1], 'Enter the code: ');
fwrite($pipes[0], "12345\n");
echo preg_match('/logged in: (\w+)/', until($pipes[1], 'Alice'), $who), ' ', $who[1], "\n";
proc_close($process);
?>
--EXPECT--
a code, and a question
bool(true)
bool(true)
1 Alice
