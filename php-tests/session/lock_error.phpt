--TEST--
A second process waits for the session and then says who holds it; it gets it once the first is gone
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->user();
$second = '<?php
    try {
        $api = new \danog\MadelineProto\API("user.madeline");
        echo $api->start()["first_name"], "\n";
    } catch (\danog\MadelineProto\Exception $e) {
        echo $e->getMessage(), "\n";
    }
';
[, $output] = $sandbox->php($second, '', ['madelineproto.lock_timeout' => '0.2']);
var_dump(str_contains($output, (string) getmypid()), str_contains($output, 'user.madeline'));
unset($api);
gc_collect_cycles();
[, $output] = $sandbox->php($second, '', ['madelineproto.lock_timeout' => '5']);
echo $output;
?>
--EXPECT--
bool(true)
bool(true)
Alice
