--TEST--
With opcache and its JIT the loader is answered all the same
--SKIPIF--
<?php if (!is_file(ini_get('extension_dir') . '/opcache.so')) die('skip opcache is not installed'); ?>
--INI--
zend_extension=opcache
opcache.enable_cli=1
opcache.file_update_protection=0
opcache.jit=tracing
opcache.jit_buffer_size=16M
--FILE--
<?php
require __DIR__ . '/directory.inc';
$directory = fresh_directory();

var_dump(opcache_get_status(false)['opcache_enabled']);
for ($run = 0; $run < 2; $run++) {
    var_dump(include 'madeline.php', require "$directory/madeline.php");
}
var_dump(copy('https://phar.madelineproto.xyz/madeline.php', 'madeline.php'), include 'madeline.php');
mkdir('own');
file_put_contents('own/madeline.php', '<?php return "mine";');
for ($run = 0; $run < 2; $run++) {
    var_dump(include 'own/madeline.php');
}
unlink('own/madeline.php');
rmdir('own');
mkdir('genuine');
file_put_contents('genuine/madeline.php', genuine_loaders()['release 8']);
for ($run = 0; $run < 2; $run++) {
    var_dump(include 'genuine/madeline.php', require_once 'genuine/madeline.php');
}
unlink('genuine/madeline.php');
rmdir('genuine');
?>
--EXPECT--
bool(true)
int(1)
int(1)
int(1)
int(1)
bool(true)
int(1)
string(4) "mine"
string(4) "mine"
int(1)
int(1)
int(1)
bool(true)
