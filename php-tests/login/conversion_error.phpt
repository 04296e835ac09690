--TEST--
Files and arrays that are no sessions of other clients, and keys that nobody is logged in with
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Conversion;

$sandbox = Sandbox::start()->configure();
$new = $sandbox->path('new.madeline');
file_put_contents($sandbox->path('text'), str_repeat('no database ', 500));
$said = function (callable $call) use ($sandbox): void {
    ob_start();
    thrown($call);
    echo str_replace($sandbox->directory, '…', ob_get_clean());
};
$said(fn () => Conversion::telethon($sandbox->path('missing'), $new));
$said(fn () => Conversion::pyrogram($sandbox->path('text'), $new));
$url = fn (string $bytes): string => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
$said(fn () => Conversion::telethon('1' . $url(pack('CNn', 2, 1, 443) . str_repeat('k', 255)), $new));
$said(fn () => Conversion::telethon('1' . $url(pack('CNn', 2, 1, 443) . str_repeat('k', 256)), $new));
$said(fn () => Conversion::pyrogram($url(pack('CNC', 2, 1, 1) . str_repeat('k', 256) . pack('JC', 1, 0)), $new));
$said(fn () => Conversion::zerobias('{', $new));
$said(fn () => Conversion::zerobias('7', $new));
$said(fn () => Conversion::zerobias([], $new));
$said(fn () => Conversion::zerobias(['dc' => 2], $new));
$said(fn () => Conversion::zerobias(['dc' => 2, 'dc2_auth_key' => 'xyz'], $new));
$said(fn () => Conversion::zerobias(['dc' => 2, 'dc2_auth_key' => 'abcd'], $new));
$said(fn () => Conversion::importAuthorization([2 => str_repeat('k', 256)], 2, $new));
$said(fn () => Conversion::importAuthorization([], 2, $new));
$said(fn () => Conversion::importAuthorization([2 => str_repeat('k', 256)], PHP_INT_MAX, $new));
?>
--EXPECTF--
danog\MadelineProto\Exception: cannot read …/missing: No such file or directory (os error 2)
danog\MadelineProto\Exception: cannot read the login in the session database …/text: file is not a database
danog\MadelineProto\Exception: cannot read 1%s: File name too long (os error 36)
danog\MadelineProto\RPCErrorException: AUTH_KEY_UNREGISTERED (code 401, rpc AUTH_KEY_UNREGISTERED)
danog\MadelineProto\Exception: the session is of the test servers: give settings with Connection::setTestMode(true)
danog\MadelineProto\Exception: a session of zerobias is an array, or its JSON, with `dc` and `dc1_auth_key` to `dc5_auth_key` in hexadecimal
danog\MadelineProto\Exception: a session of zerobias is an array, or its JSON, with `dc` and `dc1_auth_key` to `dc5_auth_key` in hexadecimal
danog\MadelineProto\Exception: a session of zerobias is an array, or its JSON, with `dc` and `dc1_auth_key` to `dc5_auth_key` in hexadecimal
danog\MadelineProto\Exception: a session of zerobias is an array, or its JSON, with `dc` and `dc1_auth_key` to `dc5_auth_key` in hexadecimal
danog\MadelineProto\Exception: a session of zerobias is an array, or its JSON, with `dc` and `dc1_auth_key` to `dc5_auth_key` in hexadecimal
danog\MadelineProto\Exception: an authorization key of 256 bytes is wanted for DC 2, one of 2 was given
danog\MadelineProto\RPCErrorException: AUTH_KEY_UNREGISTERED (code 401, rpc AUTH_KEY_UNREGISTERED)
danog\MadelineProto\RPCErrorException: AUTH_KEY_UNREGISTERED (code 401, rpc AUTH_KEY_UNREGISTERED)
danog\MadelineProto\Exception: there is no DC 9223372036854775807
