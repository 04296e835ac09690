--TEST--
flock() lets other code run while it waits, and gives a closure that unlocks
--FILE--
<?php
require __DIR__ . '/coroutine.inc';

use danog\MadelineProto\Tools;

$file = tempnam(sys_get_temp_dir(), 'lock');
$unlock = Tools::flock($file, LOCK_EX);
var_dump($unlock instanceof Closure);
var_dump(Tools::flock($file, LOCK_EX | LOCK_NB));

$log = [];
$second = Tools::callFork(function () use ($file, &$log) {
    $unlock = Tools::flock($file, LOCK_EX, 0.01, null, function () use (&$log) { $log[] = 'has to wait'; });
    $log[] = 'second';
    return $unlock;
});
$log[] = 'first';
$unlock();
$second->await()();
echo implode(', ', $log), "\n";
// Unlocked when the closure goes, too; shared locks go together.
$shared = Tools::flock($file, LOCK_SH);
var_dump(Tools::flock($file, LOCK_SH | LOCK_NB) instanceof Closure);
unset($shared);
var_dump(Tools::flock("$file.new", LOCK_EX) instanceof Closure, file_exists("$file.new"));
unlink("$file.new");

thrown(fn () => Tools::flock($file, LOCK_UN));
thrown(fn () => Tools::flock($file, LOCK_EX, -1));
thrown(fn () => Tools::flock('/no/such/directory/lock', LOCK_EX));
unlink($file);
?>
--EXPECT--
bool(true)
NULL
has to wait, first, second
bool(true)
bool(true)
bool(true)
danog\MadelineProto\Exception: flock(): expected LOCK_SH or LOCK_EX as the operation, found 3
danog\MadelineProto\Exception: flock(): $polling must be a number of seconds, -1 was given
danog\MadelineProto\Exception: flock(): /no/such/directory/lock: No such file or directory (os error 2)
