--TEST--
Downloads of the loader are answered without the network, others are left alone
--FILE--
<?php
require __DIR__ . '/directory.inc';
fresh_directory();

foreach ([
    'https://phar.madelineproto.xyz/madeline.php',
    'http://phar.madelineproto.xyz/madeline.php?v=new',
    'https://phar.madelineproto.xyz/phar.php#8',
    'https://phar.madelineproto.xyz/release81/madeline.phar',
] as $address) {
    var_dump(copy($address, 'madeline.php'));
    var_dump(file_get_contents($address) === file_get_contents('madeline.php'));
    unlink('madeline.php');
}
var_dump(copy(to: 'named.php', from: 'https://phar.madelineproto.xyz/madeline.php'), is_file('named.php'));
file_put_contents('a', 'text');
var_dump(copy('a', 'b'), file_get_contents('b'), file_get_contents('b', false, null, 1, 2));
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
string(4) "text"
string(2) "ex"
