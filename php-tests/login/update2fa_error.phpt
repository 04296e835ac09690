--TEST--
A change of the 2FA password that is wrong changes nothing
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$bob = $sandbox->user('9996612002');
$bob->complete2faLogin('correct horse');

thrown(fn () => $bob->update2fa(['password' => 'wrong horse', 'new_password' => 'x']));
thrown(fn () => $bob->update2fa(['new_password' => 'x']));
thrown(fn () => $bob->update2fa([]));
thrown(fn () => $bob->update2fa(['password' => 'correct horse', 'new_pasword' => 'x']));
thrown(fn () => $bob->update2fa(['correct horse']));
thrown(fn () => $bob->update2fa(['password' => 'correct horse', 'hint' => 'stable']));
thrown(fn () => $bob->update2fa(['password' => 'correct horse', 'new_password' => 12345]));
thrown(fn () => $bob->update2fa(['password' => 'correct horse', 'new_password' => 'x', 'hint' => "\xff"]));
thrown(fn () => $bob->update2fa(['password' => 'correct horse', 'new_password' => 'x', 'email' => 'nobody']));
thrown(fn () => $bob->update2fa('correct horse'));
thrown(fn () => $sandbox->api('nobody.madeline')->update2fa(['new_password' => 'x']));

$again = $sandbox->user('9996612002', name: 'again.madeline');
echo $again->complete2faLogin('correct horse')['user']['first_name'], "\n";
?>
--EXPECTF--
danog\MadelineProto\RPCError\PasswordHashInvalidError: PASSWORD_HASH_INVALID (code 400, rpc PASSWORD_HASH_INVALID)
danog\MadelineProto\RPCError\PasswordHashInvalidError: PASSWORD_HASH_INVALID (code 400, rpc PASSWORD_HASH_INVALID)
danog\MadelineProto\RPCError\PasswordHashInvalidError: PASSWORD_HASH_INVALID (code 400, rpc PASSWORD_HASH_INVALID)
danog\MadelineProto\Exception: update2fa() takes password, new_password, email, hint; `new_pasword` was given
danog\MadelineProto\Exception: update2fa() takes password, new_password, email, hint; `0` was given
danog\MadelineProto\Exception: update2fa(): a hint belongs to a new password; `new_password` is missing
danog\MadelineProto\Exception: update2fa(): `new_password` must be a string, int was given
danog\MadelineProto\Exception: update2fa(): `hint` is not UTF-8
danog\MadelineProto\RPCErrorException: EMAIL_INVALID (code 400, rpc EMAIL_INVALID)
TypeError: danog\MadelineProto\InternalDoc::update2fa(): Argument #1 ($params) must be of type array, string given, called in %s
danog\MadelineProto\RPCErrorException: AUTH_KEY_UNREGISTERED (code 401, rpc AUTH_KEY_UNREGISTERED)
Bob
