--TEST--
A game button is pressed with game => true
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$api = Sandbox::start()->user();
echo json_encode($api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 43, game: true), JSON_UNESCAPED_SLASHES), "\n";
thrown(fn () => $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, game: true));
?>
--EXPECTF--
{"_":"messages.botCallbackAnswer","alert":false,"has_url":true,"native_ui":false,"url":"https://example.com/chess","cache_time":0}
danog\MadelineProto\RPCErrorException: %s (code 400, rpc %s)
