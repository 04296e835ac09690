--TEST--
The ini table: what php --ri shows, secrets hidden
--INI--
madelineproto.api_id=17
madelineproto.api_hash=0123456789abcdef0123456789abcdef
--FILE--
<?php
ob_start();
(new ReflectionExtension('madelineproto'))->info();
preg_match_all('/^madelineproto\.\w+ => .*$/m', ob_get_clean(), $lines);
sort($lines[0]);
echo implode("\n", $lines[0]), "\n";
?>
--EXPECT--
madelineproto.api_hash => ******** => ********
madelineproto.api_id => 17 => 17
madelineproto.dc_list => no value => no value
madelineproto.dialect => auto => auto
madelineproto.engine => native => native
madelineproto.error_handler => off => off
madelineproto.keep_open => 30 => 30
madelineproto.loader => on => on
madelineproto.lock_timeout => 10 => 10
madelineproto.log_level => auto => auto
madelineproto.rsa_keys => no value => no value
