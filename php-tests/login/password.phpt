--TEST--
A 2FA password is asked for, refused when wrong and accepted when right
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$api = Sandbox::start()->api();
$api->phoneLogin('9996612002');
$asked = $api->completePhoneLogin('12345');
echo $asked['_'], ' ', $asked['hint'], ' ', $api->getHint(), "\n";
var_dump($api->getAuthorization() === API::WAITING_PASSWORD);
thrown(fn () => $api->complete2faLogin('wrong'));
var_dump($api->getAuthorization() === API::WAITING_PASSWORD);
echo $api->complete2faLogin('correct horse')['user']['first_name'], "\n";
var_dump($api->getAuthorization() === API::LOGGED_IN);
?>
--EXPECTF--
account.password battery staple battery staple
bool(true)
danog\MadelineProto\RPCError%s: PASSWORD_HASH_INVALID (code 400, rpc PASSWORD_HASH_INVALID)
bool(true)
Bob
bool(true)
