--TEST--
Bots have no list of dialogs, and nobody has one before logging in
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$bot = $sandbox->bot('6000001:sandbox-bot-token');
thrown(fn () => $bot->getFullDialogs());
$nobody = $sandbox->api('nobody.madeline');
thrown(fn () => $nobody->getDialogIds());
thrown(fn () => $nobody->getDialogs());
?>
--EXPECT--
danog\MadelineProto\Exception: You're logged in as a bot: please use getDialogs or getDialogsIds, instead.
danog\MadelineProto\RPCErrorException: AUTH_KEY_UNREGISTERED (code 401, rpc AUTH_KEY_UNREGISTERED)
danog\MadelineProto\RPCErrorException: AUTH_KEY_UNREGISTERED (code 401, rpc AUTH_KEY_UNREGISTERED)
