--TEST--
A way to the servers that is not there is an exception, never another way; secrets are not repeated
--INI--
madelineproto.api_id=1
madelineproto.api_hash=0123456789abcdef0123456789abcdef
madelineproto.log_level=none
--FILE--
<?php
use danog\MadelineProto\Settings\Auth;
use danog\MadelineProto\Settings\Connection;
use danog\MadelineProto\Settings\RPC;
use danog\MadelineProto\Stream\MTProtoTransport\FullStream;
use danog\MadelineProto\Stream\MTProtoTransport\HttpsStream;
use danog\MadelineProto\Stream\MTProtoTransport\ObfuscatedStream;
use danog\MadelineProto\Stream\Proxy\HttpProxy;
use danog\MadelineProto\Stream\Proxy\SocksProxy;
use danog\MadelineProto\Stream\Transport\PremadeStream;
use danog\MadelineProto\Stream\Transport\WssStream;

$directory = sys_get_temp_dir() . '/madelineproto-routes-error-' . bin2hex(random_bytes(6));
mkdir($directory);
$attempt = function ($settings) use ($directory): void {
    try {
        new \danog\MadelineProto\API("$directory/session.madeline", $settings);
        echo "nothing was thrown\n";
    } catch (\danog\MadelineProto\Exception $e) {
        echo $e->getMessage(), "\n";
    }
};
$address = ['address' => 'localhost', 'port' => 1080];
$key = '000102030405060708090a0b0c0d0e0f';
foreach ([
    (new Connection)->setProtocol(HttpsStream::class),
    (new Connection)->setProtocol('Nonsense'),
    (new Connection)->setTransport(WssStream::class),
    (new Connection)->setTransport(PremadeStream::class),
    (new Connection)->setProtocol(FullStream::class)->setObfuscated(true),
    (new Connection)->setProtocol(FullStream::class)->addProxy(ObfuscatedStream::class, $address + ['secret' => $key]),
    (new Connection)->setBindTo('localhost'),
    (new Connection)->setPingInterval(0),
    (new Connection)->setMaxMediaSocketCount(0),
    (new RPC)->setRpcResendTimeout(-1),
    (new Connection)->addProxy('TorProxy', $address),
    (new Connection)->addProxy(WssStream::class, $address),
    (new Connection)->setProxies([SocksProxy::class => 1]),
    (new Connection)->setProxies([SocksProxy::class => [1]]),
    (new Connection)->addProxy(SocksProxy::class, ['address' => '', 'port' => 1]),
    (new Connection)->addProxy(SocksProxy::class, ['address' => 'local host', 'port' => 1]),
    (new Connection)->addProxy(SocksProxy::class, ['address' => 'localhost']),
    (new Connection)->addProxy(HttpProxy::class, ['address' => 'localhost', 'port' => 65536]),
    (new Connection)->addProxy(HttpProxy::class, $address + ['username' => []]),
    (new Connection)->addProxy(HttpProxy::class, $address + ['password' => 'hunter2']),
    (new Connection)->addProxy(ObfuscatedStream::class, $address),
    (new Connection)->addProxy(ObfuscatedStream::class, $address + ['secret' => 5]),
    (new Connection)->addProxy(ObfuscatedStream::class, $address + ['secret' => 'hunter2!']),
    (new Connection)->addProxy(ObfuscatedStream::class, $address + ['secret' => "ee$key"]),
    ['connection_settings' => ['all' => ['protocol' => 'udp']]],
    ['connection_settings' => ['all' => ['protocol' => 'http']]],
    ['connection_settings' => ['all' => ['transport' => 'wss']]],
    ['connection_settings' => ['all' => ['proxy' => 5]]],
    ['connection_settings' => ['all' => ['proxy' => '\Nonsense']]],
    ['connection_settings' => ['all' => ['proxy' => '\SocksProxy', 'proxy_extra' => 'me:hunter2@localhost:1080']]],
    ['connection_settings' => ['all' => ['proxy' => ['\Socket', '\HttpProxy'], 'proxy_extra' => [[], ['address' => 'localhost']]]]],
    ['connection_settings' => ['all' => [], 2 => ['proxy' => '\SocksProxy', 'proxy_extra' => $address]]],
] as $settings) {
    $attempt($settings);
}
ini_set('madelineproto.engine', 'grammers');
$attempt((new Connection)->addProxy(SocksProxy::class, $address));
$attempt((new Connection)->setObfuscated(true));
$attempt((new Auth)->setPfs(true));
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/madelineproto-routes-error-*') as $directory) {
    shell_exec('rm -r ' . escapeshellarg($directory));
}
?>
--EXPECT--
Invalid setting Connection::setProtocol(): expected AbridgedStream, IntermediateStream, IntermediatePaddedStream or FullStream (MTProto over HTTP or UDP is not spoken here), got "danog\\MadelineProto\\Stream\\MTProtoTransport\\HttpsStream"
Invalid setting Connection::setProtocol(): expected AbridgedStream, IntermediateStream, IntermediatePaddedStream or FullStream (MTProto over HTTP or UDP is not spoken here), got "Nonsense"
Invalid setting Connection::setTransport(): expected DefaultStream (web sockets are not spoken here), got "danog\\MadelineProto\\Stream\\Transport\\WssStream"
Invalid setting Connection::setTransport(): expected DefaultStream (web sockets are not spoken here), got "danog\\MadelineProto\\Stream\\Transport\\PremadeStream"
Invalid setting Connection::setObfuscated(): expected false with FullStream, which can't be obfuscated, got true
Invalid setting Connection::setProtocol(): expected a protocol that can be obfuscated, for the sake of the MTProxy, got FullStream
Invalid setting Connection::setBindTo(): expected a local IP address, with or without a port, got "localhost"
Invalid setting Connection::setPingInterval(): expected a positive number of seconds, got 0
Invalid setting Connection::setMaxMediaSocketCount(): expected a positive number, got 0
Invalid setting RPC::setRpcResendTimeout(): expected a positive number of seconds, got -1
Invalid setting Connection::addProxy(): expected ObfuscatedStream, HttpProxy or SocksProxy, got "TorProxy"
Invalid setting Connection::addProxy(): expected ObfuscatedStream, HttpProxy or SocksProxy, got "danog\\MadelineProto\\Stream\\Transport\\WssStream"
Invalid setting Connection::addProxy()[SocksProxy]: expected a list of parameters, got 1
Invalid setting Connection::addProxy()[SocksProxy][0]: expected ['address' => host, 'port' => number, …], with 'username' and 'password' or 'secret', got 1
Invalid setting Connection::addProxy()[SocksProxy][0].address: expected a host name or an IP address, got ""
Invalid setting Connection::addProxy()[SocksProxy][0].address: expected a host name or an IP address, got "local host"
Invalid setting Connection::addProxy()[SocksProxy][0].port: expected a TCP port (1 to 65535), got nothing
Invalid setting Connection::addProxy()[HttpProxy][0].port: expected a TCP port (1 to 65535), got 65536
Invalid setting Connection::addProxy()[HttpProxy][0].username: expected a string, got array
Invalid setting Connection::addProxy()[HttpProxy][0].username: expected a name for the password, got nothing
Invalid setting Connection::addProxy()[ObfuscatedStream][0].secret: expected 16 bytes, dd and 16 bytes, or ee, 16 bytes and a domain, as hexadecimal digits or base64, got nothing
Invalid setting Connection::addProxy()[ObfuscatedStream][0].secret: expected 16 bytes, dd and 16 bytes, or ee, 16 bytes and a domain, as hexadecimal digits or base64, got 5
Invalid setting Connection::addProxy()[ObfuscatedStream][0].secret: expected 16 bytes, dd and 16 bytes, or ee, 16 bytes and a domain, as hexadecimal digits or base64, got other characters
Invalid setting Connection::addProxy()[ObfuscatedStream][0].secret: expected 16 bytes, dd and 16 bytes, or ee, 16 bytes and a domain, as hexadecimal digits or base64, got no domain of at most 182 letters, digits, dots and hyphens after ee and 16 bytes
Invalid setting connection_settings.all.protocol: expected AbridgedStream, IntermediateStream, IntermediatePaddedStream or FullStream (MTProto over HTTP or UDP is not spoken here), got "udp"
Invalid setting connection_settings.all.protocol: expected AbridgedStream, IntermediateStream, IntermediatePaddedStream or FullStream (MTProto over HTTP or UDP is not spoken here), got "http"
Invalid setting connection_settings.all.transport: expected DefaultStream (web sockets are not spoken here), got "wss"
Invalid setting connection_settings.all.proxy: expected the name of a proxy's class, got 5
Invalid setting connection_settings.all.proxy: expected ObfuscatedStream, HttpProxy or SocksProxy, got "\\Nonsense"
Invalid setting connection_settings.all.proxy_extra: expected ['address' => host, 'port' => number, …], with 'username' and 'password' or 'secret', got a string
Invalid setting connection_settings.all.proxy_extra[1].port: expected a TCP port (1 to 65535), got nothing
Invalid setting connection_settings.2.proxy: expected proxies for all data centres, in connection_settings.all.proxy, got "\\SocksProxy"
the engine of grammers cannot connect through proxies; use the native one
the engine of grammers cannot obfuscate its stream; use the native one
nothing was thrown
