--TEST--
A stand-in that cannot be written fails with PHP's warning; other addresses fail as ever
--FILE--
<?php
require __DIR__ . '/directory.inc';
fresh_directory();

var_dump(copy('https://phar.madelineproto.xyz/madeline.php', 'no/such/directory/madeline.php'));
var_dump(copy('missing', 'b'));
var_dump(@file_get_contents('https://phar.madelineproto.xyz.invalid/madeline.php'));
try {
    copy();
} catch (ArgumentCountError $e) {
    echo $e->getMessage(), "\n";
}
?>
--EXPECTF--
Warning: %s(no/such/directory/madeline.php): Failed to open stream: No such file or directory in %s on line %d
bool(false)

Warning: copy(missing): Failed to open stream: No such file or directory in %s on line %d
bool(false)
bool(false)
copy() expects at least 2 arguments, 0 given
