--TEST--
What an RPC error says depends on the dialect: its text, or in the oldest one its description
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$sandbox->user();
foreach (['v8', 'v7', 'v4'] as $dialect) {
    ini_set('madelineproto.dialect', $dialect);
    $api = $sandbox->api('user.madeline');
    foreach (['data invalid', 'strange', 'flood long'] as $data) {
        try {
            $api->messages->getBotCallbackAnswer(['peer' => 'bot', 'msg_id' => 42, 'data' => $data]);
        } catch (\danog\MadelineProto\RPCErrorException $e) {
            echo $dialect, ' ', substr($e::class, 20), ': ', $e->getMessage(), ' | ', $e->rpc, ' | ', $e->getCode(), ' | ',
                $e->getTLTrace(), "\n";
        }
    }
    unset($api);
}
?>
--EXPECTF--
v8 RPCErrorException: DATA_INVALID | DATA_INVALID | 400 | dialects.php(%d):	messages.getBotCallbackAnswer
v8 RPCErrorException: SOMETHING_NEW_7 | SOMETHING_NEW_7 | 400 | dialects.php(%d):	messages.getBotCallbackAnswer
v8 RPCError\FloodWaitError: FLOOD_WAIT_31 | FLOOD_WAIT_31 | 420 | dialects.php(%d):	messages.getBotCallbackAnswer
v7 RPCErrorException: DATA_INVALID | DATA_INVALID | 400 | dialects.php(%d):	messages.getBotCallbackAnswer
v7 RPCErrorException: SOMETHING_NEW_7 | SOMETHING_NEW_7 | 400 | dialects.php(%d):	messages.getBotCallbackAnswer
v7 RPCError\FloodWaitError: FLOOD_WAIT_31 | FLOOD_WAIT_31 | 420 | dialects.php(%d):	messages.getBotCallbackAnswer
v4 RPCErrorException: Encrypted data invalid | DATA_INVALID | 400 | dialects.php(%d):	messages.getBotCallbackAnswer
v4 RPCErrorException: SOMETHING_NEW_X | SOMETHING_NEW_7 | 400 | dialects.php(%d):	messages.getBotCallbackAnswer
v4 RPCError\FloodWaitError: Too many requests of this kind, please repeat the call in 31 seconds | FLOOD_WAIT_31 | 420 | dialects.php(%d):	messages.getBotCallbackAnswer
