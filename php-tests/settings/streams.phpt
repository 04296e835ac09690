--TEST--
The classes by whose names connections are described exist, and know their names
--FILE--
<?php
foreach ([
    'MTProtoTransport' => ['AbridgedStream', 'FullStream', 'HttpStream', 'HttpsStream', 'IntermediateStream', 'IntermediatePaddedStream', 'ObfuscatedStream'],
    'Proxy' => ['HttpProxy', 'SocksProxy'],
    'Transport' => ['DefaultStream', 'PremadeStream', 'WsStream', 'WssStream'],
] as $below => $names) {
    foreach ($names as $name) {
        $class = "danog\\MadelineProto\\Stream\\$below\\$name";
        echo class_exists($class) && (new ReflectionClass($class))->isFinal() && $class::getName() === $class ? '' : "$class is missing\n";
    }
}
$connection = new \danog\MadelineProto\Settings\Connection;
var_dump(class_exists($connection->getProtocol(), false), class_exists($connection->getTransport(), false));
?>
--EXPECT--
bool(true)
bool(true)
