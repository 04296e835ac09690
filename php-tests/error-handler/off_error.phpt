--TEST--
Without madelineproto.error_handler PHP's own handling stays; other values of it are refused
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$script = '<?php $api = new \danog\MadelineProto\API("a.madeline"); echo $undefined; echo "goes on\n";';
foreach ([[], ['madelineproto.error_handler' => 'off'], ['madelineproto.error_handler' => '0'], ['madelineproto.error_handler' => 'maybe']] as $ini) {
    [$status, $output] = $sandbox->php($script, ini: $ini);
    echo trim(preg_replace('/ in \S+script.*/s', '', $output)), str_contains($output, 'goes on') ? ', goes on' : '', ", status $status\n";
}
?>
--EXPECT--
Warning: Undefined variable $undefined, goes on, status 0
Warning: Undefined variable $undefined, goes on, status 0
Warning: Undefined variable $undefined, goes on, status 0
Fatal error: Uncaught danog\MadelineProto\Exception: Invalid setting madelineproto.error_handler: expected on or off, got "maybe", status 255
