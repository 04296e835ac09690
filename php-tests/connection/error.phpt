--TEST--
A server that is down, one with another RSA key and one that is not Telegram: exceptions that name address and cause
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Settings;

$sandbox = Sandbox::start()->configure();

$address = free_address();
ini_set('madelineproto.dc_list', "2=$address");
try {
    (new \danog\MadelineProto\API($sandbox->path('down.madeline')))->phoneLogin('9996612001');
} catch (\danog\MadelineProto\Exception $e) {
    var_dump(str_contains($e->getMessage(), $address), stripos($e->getMessage(), 'refused') !== false);
}

// A server whose key we do not know.
$sandbox->configure();
openssl_pkey_export($other = openssl_pkey_new(['private_key_bits' => 2048]), $private);
file_put_contents("$sandbox->directory/other.pem", openssl_pkey_get_details($other)['key']);
ini_set('madelineproto.rsa_keys', "$sandbox->directory/other.pem");
try {
    (new \danog\MadelineProto\API($sandbox->path('key.madeline')))->phoneLogin('9996612001');
} catch (\danog\MadelineProto\Exception $e) {
    var_dump(str_contains($e->getMessage(), $sandbox->dcs[2]), stripos($e->getMessage(), 'RSA key') !== false);
}

// A server that speaks something else.
$web = '$listener = stream_socket_server("tcp://127.0.0.1:0");
    echo stream_socket_get_name($listener, false), "\n";
    while ($connection = stream_socket_accept($listener, 20)) {
        fread($connection, 64);
        fwrite($connection, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        fclose($connection);
    }';
$process = proc_open([PHP_BINARY, '-n', '-r', $web], [1 => ['pipe', 'w']], $pipes);
$address = trim(fgets($pipes[1]));
ini_set('madelineproto.dc_list', "2=$address");
try {
    (new \danog\MadelineProto\API($sandbox->path('web.madeline')))->phoneLogin('9996612001');
} catch (\danog\MadelineProto\Exception $e) {
    var_dump(str_contains($e->getMessage(), $address));
}
proc_terminate($process);
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
