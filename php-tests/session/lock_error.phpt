--TEST--
A process that has the session's lock and serves nobody is waited for, and then named; once it is gone the session is free
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$sandbox->user();
gc_collect_cycles();
$holder = $sandbox->background('<?php
    $lock = fopen("user.madeline/lock", "r+");
    flock($lock, LOCK_EX);
    ftruncate($lock, 0);
    fwrite($lock, getmypid() . "\n");
    fflush($lock);
    echo "held by ", getmypid(), ".";
    sleep(600);
', 'holder')->printed('.');
preg_match('/\d+/', $holder->output(), $pid);
$second = '<?php
    try {
        $api = new \danog\MadelineProto\API("user.madeline");
        echo $api->start()["first_name"], "\n";
    } catch (\danog\MadelineProto\Exception $e) {
        echo $e->getMessage(), "\n";
    }
';
[, $output] = $sandbox->php($second, '', ['madelineproto.lock_timeout' => '0.2']);
var_dump(str_contains($output, "process $pid[0] (php"), str_contains($output, 'user.madeline'));
$holder->kill();
[, $output] = $sandbox->php($second, '', ['madelineproto.lock_timeout' => '5']);
echo $output;
?>
--EXPECT--
bool(true)
bool(true)
Alice
