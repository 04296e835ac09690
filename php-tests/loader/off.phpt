--TEST--
madelineproto.loader=off: nothing is answered, and the loader that is there is run
--INI--
madelineproto.loader=off
allow_url_fopen=0
--FILE--
<?php
require __DIR__ . '/directory.inc';
fresh_directory();

var_dump(ini_set('madelineproto.loader', 'on'));
var_dump(@include 'madeline.php');
var_dump(@copy('https://phar.madelineproto.xyz/madeline.php', 'madeline.php'));
var_dump(@file_get_contents('https://phar.madelineproto.xyz/madeline.php'));
file_put_contents('madeline.php', genuine_loaders()['release 8']);
include 'madeline.php';
?>
--EXPECT--
bool(false)
bool(false)
bool(false)
bool(false)
it ran
