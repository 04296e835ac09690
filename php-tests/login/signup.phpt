--TEST--
A number that nobody has leads to sign-up
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$api = Sandbox::start()->api();
$api->phoneLogin('9996612009');
echo $api->completePhoneLogin('12345')['_'], "\n";
var_dump($api->getAuthorization() === API::WAITING_SIGNUP);
$user = $api->completeSignup('Zoë', 'New')['user'];
echo $user['first_name'], ' ', $user['last_name'], ' ', $user['phone'], "\n";
var_dump($api->getAuthorization() === API::LOGGED_IN);
?>
--EXPECT--
account.needSignup
bool(true)
Zoë New 9996612009
bool(true)
