--TEST--
A wrong entry is an exception that names it, what was expected and what came
--FILE--
<?php
$directory = sys_get_temp_dir() . '/madelineproto-ini-' . bin2hex(random_bytes(6));
mkdir($directory);
file_put_contents("$directory/not.pem", 'text');
foreach ([
    'dialect' => ['v9'],
    'log_level' => ['loud'],
    'engine' => ['steam'],
    'api_id' => ['abc', '-1'],
    'dc_list' => ['127.0.0.1:443', '0=127.0.0.1:443', 'x=127.0.0.1:443', '2=127.0.0.1', '2=127.0.0.1:99999'],
    'rsa_keys' => ["$directory/missing.pem", "$directory/not.pem"],
    'lock_timeout' => ['soon', '-1'],
] as $name => $values) {
    foreach ($values as $value) {
        ini_set("madelineproto.$name", $value);
        try {
            new \danog\MadelineProto\API("$directory/session.madeline");
        } catch (\danog\MadelineProto\Exception $e) {
            echo str_replace($directory, '{DIR}', $e->getMessage()), "\n";
        }
    }
    ini_restore("madelineproto.$name");
}
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/madelineproto-ini-*') as $directory) {
    shell_exec('rm -r ' . escapeshellarg($directory));
}
?>
--EXPECTF--
Invalid setting madelineproto.dialect: expected auto, v8, v7 or v4, got "v9"
Invalid setting madelineproto.log_level: expected none, fatal, error, warning, notice, verbose, ultra_verbose or a number from -1 to 5, got "loud"
Invalid setting madelineproto.engine: expected native or grammers, got "steam"
Invalid setting madelineproto.api_id: expected the number that my.telegram.org gave your application, got "abc"
Invalid setting madelineproto.api_id: expected the number that my.telegram.org gave your application, got "-1"
Invalid setting madelineproto.dc_list: expected a list such as 1=149.154.175.53:443,2=149.154.167.51:443, got "127.0.0.1:443"
Invalid setting madelineproto.dc_list: expected the number of a data centre (1 to 9999), got "0"
Invalid setting madelineproto.dc_list: expected the number of a data centre (1 to 9999), got "x"
Invalid setting madelineproto.dc_list: expected host:port, got "127.0.0.1"
Invalid setting madelineproto.dc_list: expected host:port, got "127.0.0.1:99999" (%s)
Invalid setting madelineproto.rsa_keys: expected a readable PEM file, got {DIR}/missing.pem (No such file or directory (os error 2))
Invalid setting madelineproto.rsa_keys: expected RSA public keys in PEM form, got a text with: %s
Invalid setting madelineproto.lock_timeout: expected a number of seconds, 0 or more, got "soon"
Invalid setting madelineproto.lock_timeout: expected a number of seconds, 0 or more, got "-1"
