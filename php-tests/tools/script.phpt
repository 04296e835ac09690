--TEST--
Waiting, printing, reading lines, looking into arrays
--STDIN--
  the answer  
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Tools;

$start = microtime(true);
Tools::sleep(0.05);
var_dump(microtime(true) - $start >= 0.05);
Tools::echo("printed\n");
var_dump(Tools::readLine('? '));
echo json_encode([Tools::arr(1, 'a'), Tools::end([1, 2]), Tools::isArrayOrAlike([]), Tools::isArrayOrAlike(new ArrayObject()), Tools::isArrayOrAlike('a'), Tools::isAltervista()]), "\n";
thrown(fn () => Tools::readLine('again? '));

$api = Sandbox::start()->api();
$api->sleep(0.01);
$api->echo("printed\n");

// A signal's handler runs meanwhile, and what it throws ends the wait.
pcntl_async_signals(true);
pcntl_signal(SIGALRM, fn () => throw new RuntimeException('interrupted'));
pcntl_alarm(1);
thrown(fn () => Tools::sleep(30));
?>
--EXPECT--
bool(true)
printed
? string(10) "the answer"
[[1,"a"],2,true,true,false,false]
again? danog\MadelineProto\Exception: The input ended before the question "again?" was answered
printed
RuntimeException: interrupted
