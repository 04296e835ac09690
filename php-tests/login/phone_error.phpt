--TEST--
Wrong codes, wrong numbers and wrong order are exceptions, and the state afterwards is as documented
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$api = Sandbox::start()->api();
thrown(fn () => $api->completePhoneLogin('12345'));
thrown(fn () => $api->complete2faLogin('x'));
thrown(fn () => $api->completeSignup('A'));
thrown(fn () => $api->getHint());
thrown(fn () => $api->exportAuthorization());
thrown(fn () => $api->phoneLogin('not a number'));

$api->phoneLogin('9996612001');
thrown(fn () => $api->completePhoneLogin('00000'));
var_dump($api->getAuthorization());
$api->phoneLogin('9996612001');
echo $api->completePhoneLogin('12345')['_'], "\n";
?>
--EXPECTF--
danog\MadelineProto\Exception: I'm not waiting for the code! Please call the phoneLogin method first
danog\MadelineProto\Exception: I'm not waiting for the password! Please call the phoneLogin and the completePhoneLogin methods first!
danog\MadelineProto\Exception: I'm not waiting to signup! Please call the phoneLogin and the completePhoneLogin methods first!
danog\MadelineProto\Exception: Not waiting for the password!
danog\MadelineProto\Exception: I'm not logged in!
danog\MadelineProto\RPCError%s: PHONE_NUMBER_INVALID (code 400, rpc PHONE_NUMBER_INVALID)
danog\MadelineProto\RPCError%s: PHONE_CODE_INVALID (code 400, rpc PHONE_CODE_INVALID)
int(0)
auth.authorization
