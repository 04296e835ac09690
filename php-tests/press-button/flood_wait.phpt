--TEST--
A short flood wait is slept through; a long one is a FloodWaitError that says how long
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\RPCError\FloodWaitError;
use danog\MadelineProto\RPCErrorException;

$api = Sandbox::start(function (array &$world) {
    $world['errors'] = [
        ['method' => 'messages.getHistory', 'error' => ['code' => 420, 'text' => 'FLOOD_WAIT_1'], 'times' => 1],
        ['method' => 'messages.getDialogs', 'error' => ['code' => 420, 'text' => 'FLOOD_WAIT_31']],
        ['method' => 'messages.getPeerDialogs', 'error' => ['code' => 420, 'text' => 'FLOOD_WAIT_2']],
    ];
})->user();

echo $api->messages->getHistory(peer: '@bot', limit: 1)['_'], "\n";
try {
    $api->messages->getDialogs(limit: 1);
} catch (FloodWaitError $e) {
    var_dump($e instanceof RPCErrorException, $e->getMessage(), $e->rpc, $e->getCode(), $e->getWaitTime(), $e->waitTime);
}
thrown(fn () => $api->messages->getPeerDialogs(peers: [['_' => 'inputDialogPeer', 'peer' => '@bot']], floodWaitLimit: 1));
?>
--EXPECTF--
messages.messages%S
bool(true)
string(13) "FLOOD_WAIT_31"
string(13) "FLOOD_WAIT_31"
int(420)
int(31)
int(31)
danog\MadelineProto\RPCError\FloodWaitError: FLOOD_WAIT_2 (code 420, rpc FLOOD_WAIT_2)
