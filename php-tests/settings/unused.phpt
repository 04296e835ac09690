--TEST--
A setting without effect says so in the debug log, once it is set to something else than its default
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\{API, Logger};
use danog\MadelineProto\Settings;

$sandbox = Sandbox::start()->configure();
$lines = [];
$open = function (mixed $settings) use ($sandbox, &$lines): void {
    $logger = (new Settings\Logger)->setType(Logger::LOGGER_CALLABLE)->setLevel(Logger::VERBOSE)
        ->setExtra(function (mixed $line) use (&$lines): void {
            if (is_string($line) && preg_match('/^The setting .*/', $line)) {
                $lines[] = $line;
            }
        });
    if ($settings instanceof Settings) {
        $settings->setLogger($logger);
    } else {
        (new API($sandbox->path(), $logger));
    }
    $api = new API($sandbox->path(), $settings);
    echo implode("\n", $lines), $lines === [] ? "nothing\n" : "\n";
    $lines = [];
};

echo "defaults: ";
$open((new Settings)->setConnection(new Settings\Connection)->setRpc(new Settings\RPC)->setPeer(new Settings\Peer)->setSchema(new Settings\TLSchema));
echo "those with an effect: ";
$open((new Settings)->setConnection((new Settings\Connection)->setTimeout(4)->setPingInterval(50)->setObfuscated(true)));
echo "those without:\n";
$open((new Settings)
    ->setAuth((new Settings\Auth)->setMaxAuthTries(7))
    ->setConnection((new Settings\Connection)->setRetry(false)->setUseDoH(false)->setSslSubdomains(['x' => 'y'])->setRobinPeriod(1))
    ->setPeer((new Settings\Peer)->setFullFetch(true))
    ->setRpc((new Settings\RPC)->setRpcDropTimeout(1))
    ->setSerialization((new Settings\Serialization)->setInterval(1))
    ->setSchema((new Settings\TLSchema)->setMTProtoSchema('a')->setSecretSchema('b')->setOther(['c' => 'd'])->setFuzzMode(true))
    ->setMetrics((new Settings\Metrics)->setEnableMemprofCollection(true)->setReturnMetricsFromStartAndLoop(true))
    ->setIpc((new Settings\Ipc)->setSlow(true)));
echo "as arrays:\n";
$open(['connection_settings' => ['robin_period' => 1, 'all' => ['do_not_retry' => true]], 'threading' => ['allow_threading' => true]]);
?>
--EXPECT--
defaults: nothing
those with an effect: nothing
those without:
The setting Auth::$maxAuthTries has no effect: key exchanges are repeated until the connection's time is over
The setting Connection::$retry has no effect: connections are made anew as long as somebody waits for them
The setting Connection::$useDoH has no effect: addresses of servers come from Telegram, without names
The setting Connection::$sslSubdomains has no effect: HTTPS is not spoken
The setting Connection::$robinPeriod has no effect: each part of a file takes the connection that is free
The setting Peer::$fullFetch has no effect: members are asked for by getPwrChat()
The setting RPC::$rpcDropTimeout has no effect: calls of the library's own have the timeout of all calls
The setting Serialization::$interval has no effect: every change is stored at once
The setting TLSchema::$MTProtoSchema has no effect: the protocol's own messages are built in
The setting TLSchema::$secretSchema has no effect: secret chats are not there
The setting TLSchema::$other has no effect: the API's schema is the only one that is loaded
The setting TLSchema::$fuzzMode has no effect: missing arguments are never made up
The setting Metrics::$enableMemprofCollection has no effect: getMemoryProfile() gives a profile when it is called
The setting Metrics::$returnMetricsFromStartAndLoop has no effect: renderPromStats() gives the text
The setting Ipc::$slow has no effect: there is no second process
as arrays:
The setting threading.allow_threading has no meaning here and is ignored
The setting Connection::$retry has no effect: connections are made anew as long as somebody waits for them
The setting Connection::$robinPeriod has no effect: each part of a file takes the connection that is free
