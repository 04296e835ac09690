--TEST--
Every getter gives what its setter took; defaults are MadelineProto's
--ENV--
LANG=it_IT.UTF-8
--FILE--
<?php
use danog\MadelineProto\Settings;

function show(mixed $value): string
{
    return is_object($value) ? $value::class : json_encode($value, JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION);
}

$sample = ['int' => 7, 'string' => 'text', 'bool' => true, 'float' => 1.5, 'array' => ['a' => 1], 'mixed' => 'any'];
$machine = ['getDeviceModel', 'getSystemVersion', 'getAppVersion', 'getLayer', 'getHtmlTemplate', 'getExtra'];
foreach (get_declared_classes() as $class) {
    $reflection = new ReflectionClass($class);
    if (!$reflection->isSubclassOf(danog\MadelineProto\SettingsAbstract::class) || $reflection->isAbstract() || $class === Settings::class) {
        continue;
    }
    $settings = new $class;
    $line = [];
    foreach ($reflection->getMethods() as $getter) {
        $name = $getter->getName();
        if (!str_starts_with($name, 'get') || in_array($name, ['getApiId', 'getApiHash'], true)) {
            continue;
        }
        $line[] = lcfirst(substr($name, 3)) . '=' . (in_array($name, $machine, true) ? '…' : show($settings->$name()));
        $setter = 'set' . substr($name, 3);
        if ($name === 'getDcList' || $name === 'getMetricsBindTo' || !$reflection->hasMethod($setter)) {
            continue;
        }
        $type = $reflection->getMethod($setter)->getParameters()[0]->getType();
        $value = $sample[$type instanceof ReflectionNamedType ? $type->getName() : ($name === 'getExtra' ? 'string' : 'bool')];
        if ($settings->$setter($value) !== $settings) {
            echo "$class::$setter() does not return the object\n";
        }
        $expected = match ($name) { 'getLevel' => 7, 'getMaxSize' => 25 * 1024 * 1024, default => $value };
        if ($settings->$name() !== $expected) {
            echo "$class::$name() gives ", show($settings->$name()), "\n";
        }
    }
    echo str_replace(['danog\\MadelineProto\\', 'Settings\\'], '', $class), ': ', implode(' ', $line), "\n";
}
?>
--EXPECT--
SettingsEmpty: 
AppInfo: langPack="" showPrompt=true deviceModel=… systemVersion=… appVersion=… langCode="it" systemLangCode="en"
Auth: pfs=true maxAuthTries=5
Connection: protocol="danog\\MadelineProto\\Stream\\MTProtoTransport\\AbridgedStream" transport="danog\\MadelineProto\\Stream\\Transport\\DefaultStream" testMode=false ipv6=false obfuscated=false retry=true useDoH=true pingInterval=60 maxMediaSocketCount=10 robinPeriod=10 sslSubdomains=[] rsaKeys=[] testRsaKeys=[] timeout=5.0 bindTo=null dcList=[] proxies=[]
Files: allowAutomaticUpload=true uploadParallelChunks=20 downloadParallelChunks=20 reportBrokenMedia=true downloadLink=null
Lua: instructionLimit=1000000000 memoryLimit=134217728 allowUnsafe=false libraries=["coroutine","io","math","os","package","string","table","utf8"]
Metrics: enablePrometheusCollection=false enableMemprofCollection=false returnMetricsFromStartAndLoop=false metricsBindTo=null
Logger: type=3 extra=… level=4 maxSize=1048576
Peer: fullInfoCacheTime=3600 fullFetch=false cacheAllPeersOnStartup=false
RPC: rpcResendTimeout=10 rpcDropTimeout=60 floodTimeout=30 gzipEncodeIfGt=1048576
SecretChats: accept=true
Serialization: interval=30
TLSchema: aPISchema="" mTProtoSchema="" secretSchema="" other=[] fuzzMode=false layer=…
Templates: htmlTemplate=…
Ipc: slow=false
VoIP: 
Pwr: 
Database\Memory: enableFileReferenceDb=true enableMinDb=true enableUsernameDb=true enableFullPeerDb=true enablePeerInfoDb=true
Database\Mysql: optimizeIfWastedGtMb=null uri="tcp://127.0.0.1" database="MadelineProto" username="root" maxConnections=100 idleTimeout=60 password="" cacheTtl=300 serializer=null ephemeralFilesystemPrefix=null enableFileReferenceDb=true enableMinDb=true enableUsernameDb=true enableFullPeerDb=true enablePeerInfoDb=true
Database\Postgres: uri="tcp://127.0.0.1" database="MadelineProto" username="root" maxConnections=100 idleTimeout=60 password="" cacheTtl=300 serializer=null ephemeralFilesystemPrefix=null enableFileReferenceDb=true enableMinDb=true enableUsernameDb=true enableFullPeerDb=true enablePeerInfoDb=true
Database\Redis: uri="redis://127.0.0.1" database=0 password="" cacheTtl=300 serializer=null ephemeralFilesystemPrefix=null enableFileReferenceDb=true enableMinDb=true enableUsernameDb=true enableFullPeerDb=true enablePeerInfoDb=true
