--TEST--
A script can change every entry but the loader's
--FILE--
<?php
foreach (ini_get_all('madelineproto', false) as $name => $value) {
    echo $name, ': ', ini_set($name, $value) === false ? 'no' : 'yes', "\n";
}
?>
--EXPECT--
madelineproto.api_hash: yes
madelineproto.api_id: yes
madelineproto.dc_list: yes
madelineproto.dialect: yes
madelineproto.engine: yes
madelineproto.error_handler: yes
madelineproto.keep_open: yes
madelineproto.loader: no
madelineproto.lock_timeout: yes
madelineproto.log_level: yes
madelineproto.rsa_keys: yes
