--TEST--
The example in Lua runs with the line that README gives: login on the command line, then the saved session
--FILE--
<?php
require __DIR__ . '/lua.inc';

$root = dirname(__DIR__, 2);
$sandbox = Sandbox::start(function (array &$world) use ($root) {
    $world = json_decode(file_get_contents("$root/examples/world.json"), true);
});
preg_match("/php -r '(.*)' press-button\\.lua$/m", file_get_contents("$root/README.md"), $line);
preg_match("/php -r '(.*)' press-button\\.lua$/m", file_get_contents("$root/examples/press-button.lua"), $same);
var_dump($line[1] === $same[1]);
foreach (["9996612001\n12345\n", ''] as $input) {
    [$status, $output] = $sandbox->php("<?php $line[1]", $input, arguments: ["$root/examples/press-button.lua"]);
    echo $status, ' ', strstr($output, 'messages.'), "\n";
}
?>
--EXPECT--
bool(true)
0 messages.botCallbackAnswer
alert: You pressed the button.

0 messages.botCallbackAnswer
alert: You pressed the button.

