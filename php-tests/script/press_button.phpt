--TEST--
The documentation's script runs unchanged against whatever php.ini names: login on the command line, then the saved session
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$example = dirname(__DIR__, 2) . '/examples/press-button.php';
$sandbox = Sandbox::start(function (array &$world) {
    $world = json_decode(file_get_contents(dirname(__DIR__, 2) . '/examples/world.json'), true);
});
[$status, $output] = $sandbox->php($example, "9996612001\n12345\n");
echo $status, ' ', preg_replace('/answered in [\d.]+ ms/', 'answered', strstr($output, 'Array')), "\n";
[$status, $output] = $sandbox->php($example);
echo $status, ' ', preg_replace('/answered in [\d.]+ ms/', 'answered', $output);
?>
--EXPECT--
0 Array
(
    [_] => messages.botCallbackAnswer
    [alert] => 1
    [has_url] => 
    [native_ui] => 
    [message] => You pressed the button.
    [cache_time] => 0
)
answered

0 Array
(
    [_] => messages.botCallbackAnswer
    [alert] => 1
    [has_url] => 
    [native_ui] => 
    [message] => You pressed the button.
    [cache_time] => 0
)
answered
