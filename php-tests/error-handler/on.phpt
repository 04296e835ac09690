--TEST--
madelineproto.error_handler=on: an API object makes PHP's warnings exceptions; what nobody catches ends the script with status 1
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
[$status, $output] = $sandbox->php(<<<'PHP'
<?php
echo $before['nothing'] ?? "no handler yet\n";
$api = new \danog\MadelineProto\API('a.madeline');
try {
    echo $undefined;
} catch (\danog\MadelineProto\Exception $e) {
    echo $e->getMessage(), ' (', $e->getCode(), ') in ', basename(dirname($e->getFile())) === basename(__DIR__) ? 'the script' : $e->getFile(), ':', $e->getLine(), "\n";
}
try {
    trigger_error('mine', E_USER_DEPRECATED);
} catch (\danog\MadelineProto\Exception $e) {
    echo $e->getMessage(), ' (', $e->getCode(), ")\n";
}
echo @$undefined, "suppressed\n";
error_reporting(E_ALL & ~E_USER_NOTICE);
trigger_error('not reported');
throw new LogicException('nobody catches it');
PHP, ini: ['madelineproto.error_handler' => 'on']);
echo str_replace($sandbox->directory, '', preg_replace('/script-\w+/', 'script', $output)), "status $status\n";

// A handler that the script sets afterwards stays, also when there is another API object.
[$status, $output] = $sandbox->php(<<<'PHP'
<?php
$api = new \danog\MadelineProto\API('a.madeline');
set_error_handler(function ($kind, $text) { echo "own: $text\n"; return true; });
$second = new \danog\MadelineProto\API('b.madeline');
echo $undefined;
PHP, ini: ['madelineproto.error_handler' => 'on']);
echo $output, "status $status\n";
?>
--EXPECT--
no handler yet
Undefined variable $undefined (2) in the script:5
mine (16384)
suppressed
LogicException: nobody catches it in /script.php:17
Stack trace:
#0 {main}
status 1
own: Undefined variable $undefined
status 0
