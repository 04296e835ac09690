--TEST--
Settings has a part of each kind, which can be read and set
--FILE--
<?php
use danog\MadelineProto\Settings;

const PARTS = 'AppInfo Auth Connection Files Metrics Logger Peer Rpc:RPC SecretChats Serialization Schema:TLSchema Db:Database\Memory Ipc Templates '
    . 'Voip:VoIP Pwr';
const GETTERS = [
    'AppInfo' => 'apiId apiHash deviceModel systemVersion appVersion langCode systemLangCode langPack showPrompt',
    'Auth' => 'pfs maxAuthTries',
    'Connection' => 'protocol transport proxies testMode ipv6 obfuscated retry useDoH timeout pingInterval bindTo maxMediaSocketCount robinPeriod '
        . 'sslSubdomains rsaKeys testRsaKeys',
    'Files' => 'allowAutomaticUpload uploadParallelChunks downloadParallelChunks reportBrokenMedia downloadLink',
    'Logger' => 'type extra level maxSize',
    'Peer' => 'fullInfoCacheTime fullFetch cacheAllPeersOnStartup',
    'RPC' => 'rpcResendTimeout rpcDropTimeout floodTimeout gzipEncodeIfGt',
    'SecretChats' => 'accept',
    'Serialization' => 'interval',
    'TLSchema' => 'layer APISchema MTProtoSchema secretSchema other fuzzMode',
    'Database\Mysql' => 'uri database username password maxConnections idleTimeout cacheTtl serializer ephemeralFilesystemPrefix optimizeIfWastedGtMb '
        . 'enableFileReferenceDb enableMinDb enableUsernameDb enableFullPeerDb enablePeerInfoDb',
    'Database\Postgres' => 'uri database username password maxConnections idleTimeout cacheTtl serializer ephemeralFilesystemPrefix',
    'Database\Redis' => 'uri database password cacheTtl serializer ephemeralFilesystemPrefix',
    'Metrics' => 'enablePrometheusCollection enableMemprofCollection metricsBindTo returnMetricsFromStartAndLoop',
    'Templates' => 'htmlTemplate',
    'Ipc' => 'slow',
];
$settings = new Settings;
foreach (explode(' ', PARTS) as $part) {
    [$name, $class] = explode(':', $part) + [1 => $part];
    $class = "danog\\MadelineProto\\Settings\\$class";
    $value = $settings->{"get$name"}();
    if ($value::class !== $class || $settings->{"set$name"}(new $class) !== $settings) {
        echo "$name is ", $value::class, "\n";
    }
}
foreach (GETTERS as $class => $properties) {
    foreach (explode(' ', $properties) as $property) {
        foreach (['get', 'set'] as $prefix) {
            if (!method_exists("danog\\MadelineProto\\Settings\\$class", $prefix . ucfirst($property))) {
                echo "$class::$prefix", ucfirst($property), "() is missing\n";
            }
        }
    }
}
foreach (['addProxy', 'removeProxy', 'clearProxies'] as $method) {
    var_dump(method_exists(Settings\Connection::class, $method));
}
try {
    $settings->setNothing(1);
} catch (Error $e) {
    echo $e->getMessage(), "\n";
}
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
Call to undefined method danog\MadelineProto\Settings::setNothing()
