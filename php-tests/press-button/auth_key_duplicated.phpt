--TEST--
AUTH_KEY_DUPLICATED arrives as an exception, and the login that Telegram destroyed is not offered again
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$api = Sandbox::start()->user();
var_dump($api->getAuthorization() === API::LOGGED_IN);
thrown(fn () => $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'duplicated'));
var_dump($api->getAuthorization() === API::LOGGED_IN);
?>
--EXPECT--
bool(true)
danog\MadelineProto\RPCErrorException: AUTH_KEY_DUPLICATED (code 406, rpc AUTH_KEY_DUPLICATED)
bool(false)
