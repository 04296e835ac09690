--TEST--
Misused calls say what is wrong, without going to the server
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$api = Sandbox::start()->user();
thrown(fn () => $api->messages->getBotCallbackAnswer('@bot'));
thrown(fn () => $api->messages->getBotCallbackAnswer('@bot', 42, 'yes'));
thrown(fn () => $api->messages->getBotCallbackAnswer(['@bot', 42]));
thrown(fn () => $api->messages->getBotCallbackAnswer(['_' => 'inputPeerSelf']));
thrown(fn () => $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 'forty-two'));
thrown(fn () => $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 3_000_000_000));
thrown(fn () => $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: []));
thrown(fn () => $api->messages->getBotCallbackAnswer(peer: ['_' => 'inputPeerNobody'], msg_id: 42));
thrown(fn () => $api->messages->getBotCallbackAnswer(peer: ['_' => 'document'], msg_id: 42));
thrown(fn () => $api->messages->getBotCallbackAnswer(peer: '@nobody_has_this_name', msg_id: 42));
thrown(fn () => $api->messages->pressTheButton(['peer' => '@bot']));
?>
--EXPECT--
InvalidArgumentException: Parameter names must be provided!
InvalidArgumentException: Parameter names must be provided!
InvalidArgumentException: Parameter names must be provided!
InvalidArgumentException: Parameter names must be provided!
danog\MadelineProto\TL\Exception: Given value isn't numeric
danog\MadelineProto\TL\Exception: Provided value 3000000000 is bigger than 2147483647
danog\MadelineProto\TL\Exception: A string was expected!
danog\MadelineProto\TL\Exception: Could not extract type "inputPeerNobody", you should update MadelineProto!
danog\MadelineProto\Exception: Invalid constructor given document
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\TL\Exception: Could not find method messages.pressTheButton!
