--TEST--
A button that wants the 2FA password takes it as plain text and proves it without sending it
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$api = Sandbox::start()->api();
$api->phoneLogin('9996612002');
$api->completePhoneLogin('12345');
$api->complete2faLogin('correct horse');
$press = fn (mixed ...$more) => $api->messages->getBotCallbackAnswer(['peer' => '@bot', 'msg_id' => 44, 'data' => 'secret', ...$more]);

echo $press(password: 'correct horse')['message'], "\n";
// Without one Telegram says the same as to a wrong one.
thrown(fn () => $press());
thrown(fn () => $press(password: 'wrong'));
?>
--EXPECTF--
You know the password.
danog\MadelineProto\RPCError%s: PASSWORD_HASH_INVALID (code 400, rpc PASSWORD_HASH_INVALID)
danog\MadelineProto\RPCError%s: PASSWORD_HASH_INVALID (code 400, rpc PASSWORD_HASH_INVALID)
