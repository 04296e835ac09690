--TEST--
Each error of the method's page arrives as an exception with Telegram's text and code
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\RPCErrorException;

$api = Sandbox::start()->user();
$press = fn (mixed $peer, string $data = 'yes', int $id = 42) =>
    $api->messages->getBotCallbackAnswer(['peer' => $peer, 'msg_id' => $id, 'data' => $data]);

thrown(fn () => $press('@gone_channel'));
thrown(fn () => $press('@closed_channel'));
thrown(fn () => $press('@bot', 'data invalid'));
thrown(fn () => $press('@bot', 'not on the keyboard'));
thrown(fn () => $press('@bot', 'yes', 999));
thrown(fn () => $press(['_' => 'inputPeerUser', 'user_id' => 5000005, 'access_hash' => 1]));
thrown(fn () => $press('@bot', 'timeout'));
thrown(fn () => $press('@bot', 'silent'));
thrown(fn () => $api->messages->getBotCallbackAnswer([]));

echo "Descriptions:\n";
foreach (['data invalid' => 'DATA_INVALID', 'timeout' => 'Timeout', 'strange' => 'SOMETHING_NEW_7'] as $data => $rpc) {
    try {
        $press('@bot', $data);
    } catch (RPCErrorException $e) {
        var_dump($e->rpc === $rpc, $e->description, $e->getLocalization() === $e->description, basename($e->getFile()));
    }
}
?>
--EXPECTF--
danog\MadelineProto\RPCError\ChannelInvalidError: CHANNEL_INVALID (code 400, rpc CHANNEL_INVALID)
danog\MadelineProto\RPCError\ChannelPrivateError: CHANNEL_PRIVATE (code 400, rpc CHANNEL_PRIVATE)
danog\MadelineProto\RPCErrorException: DATA_INVALID (code 400, rpc DATA_INVALID)
danog\MadelineProto\RPCErrorException: DATA_INVALID (code 400, rpc DATA_INVALID)
danog\MadelineProto\RPCErrorException: MESSAGE_ID_INVALID (code 400, rpc MESSAGE_ID_INVALID)
danog\MadelineProto\RPCError\PeerIdInvalidError: PEER_ID_INVALID (code 400, rpc PEER_ID_INVALID)
danog\MadelineProto\RPCErrorException: Timeout (code -503, rpc Timeout)
danog\MadelineProto\RPCErrorException: BOT_RESPONSE_TIMEOUT (code 400, rpc BOT_RESPONSE_TIMEOUT)
danog\MadelineProto\RPCError\PeerIdInvalidError: PEER_ID_INVALID (code 400, rpc PEER_ID_INVALID)
Descriptions:
bool(true)
string(22) "Encrypted data invalid"
bool(true)
string(%d) "answer_error.php"
bool(true)
string(27) "Timeout while fetching data"
bool(true)
string(%d) "answer_error.php"
bool(true)
string(15) "SOMETHING_NEW_X"
bool(true)
string(%d) "answer_error.php"
