--TEST--
flock() waits for a file's lock and returns what gives it up; fileGetContents() reads an address
--FILE--
<?php
use danog\MadelineProto\{API, Tools};

$file = sys_get_temp_dir() . '/madelineproto-lock-' . bin2hex(random_bytes(6));
$unlock = Tools::flock($file, LOCK_EX);
var_dump(is_callable($unlock));
$other = fopen($file, 'c');
var_dump(flock($other, LOCK_EX | LOCK_NB));
$unlock();
$unlock();
var_dump(flock($other, LOCK_EX | LOCK_NB));

// Somebody else has it until the function is told so.
$told = 0;
$unlock = API::flock($file, LOCK_SH, 0.01, null, function () use (&$told, $other): void {
    $told++;
    flock($other, LOCK_UN);
});
var_dump($told, flock($other, LOCK_SH | LOCK_NB), flock($other, LOCK_EX | LOCK_NB));
// Who forgets it gives it up, too.
unset($unlock);
var_dump(flock($other, LOCK_EX | LOCK_NB));

file_put_contents($file, "content \xff");
var_dump(Tools::fileGetContents($file) === "content \xff", Tools::fileGetContents('data:text/plain,data'));
unlink($file);
?>
--EXPECT--
bool(true)
bool(false)
bool(true)
int(1)
bool(true)
bool(false)
bool(true)
bool(true)
string(4) "data"
