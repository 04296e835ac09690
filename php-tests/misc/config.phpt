--TEST--
The server's configuration, asked for once; what this is not
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['errors'][] = ['method' => 'help.getConfig', 'after' => 1, 'error' => ['code' => 400, 'text' => 'ASKED_TWICE']];
});
$api = $sandbox->user();
$config = $api->getConfig();
var_dump($config['_'], $config['this_dc'], $api->get_config() === $config, $api->getCachedConfig() === $config);
thrown(fn () => $api->help->getConfig());
var_dump($api->isIpc(), $api->isIpcWorker());
?>
--EXPECT--
string(6) "config"
int(2)
bool(true)
bool(true)
danog\MadelineProto\RPCErrorException: ASKED_TWICE (code 400, rpc ASKED_TWICE)
bool(false)
bool(false)
