--TEST--
Bots log in with their token; what only users may do is refused
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->api();
thrown(fn () => $api->botLogin('6000001:wrong'));
$authorization = $api->botLogin('6000001:sandbox-bot-token');
echo $authorization['_'], ' ', $authorization['user']['username'], "\n";
var_dump($api->botLogin('6000001:sandbox-bot-token'), $api->isSelfBot(), $api->isSelfUser());
thrown(fn () => $api->messages->getDialogs(limit: 1));
?>
--EXPECTF--
danog\MadelineProto\RPCError%s: ACCESS_TOKEN_INVALID (code 400, rpc ACCESS_TOKEN_INVALID)
auth.authorization bot
NULL
bool(true)
bool(false)
danog\MadelineProto\RPCError%s: BOT_METHOD_INVALID (code 400, rpc BOT_METHOD_INVALID)
