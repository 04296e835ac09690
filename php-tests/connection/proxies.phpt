--TEST--
Logins and calls through SOCKS5, HTTP and MTProxies, with and without passwords; the first proxy that works is used
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Settings\Connection;
use danog\MadelineProto\Stream\MTProtoTransport\FullStream;
use danog\MadelineProto\Stream\MTProtoTransport\IntermediatePaddedStream;
use danog\MadelineProto\Stream\MTProtoTransport\IntermediateStream;
use danog\MadelineProto\Stream\MTProtoTransport\ObfuscatedStream;
use danog\MadelineProto\Stream\Proxy\HttpProxy;
use danog\MadelineProto\Stream\Proxy\SocksProxy;

$key = '000102030405060708090a0b0c0d0e0f';
$tls = "ee$key" . bin2hex('example.org');
$sandbox = Sandbox::start(null, "--socks5 --socks5=me:secret --http-proxy --http-proxy=me:secret --mtproxy $key --mtproxy dd$key --mtproxy $tls")->configure();
$at = function (int $number) use ($sandbox): array {
    [$host, $port] = explode(':', $sandbox->proxies[$number]);
    return ['address' => $host, 'port' => (int) $port];
};
$login = ['username' => 'me', 'password' => 'secret'];
$call = function (string $name, $settings) use ($sandbox): void {
    $api = new API($sandbox->path(strtr($name, ' ', '-') . '.madeline'), $settings);
    $api->phoneLogin('9996612001');
    $api->completePhoneLogin('12345');
    echo $name, ': ', $api->getSelf()['first_name'], "\n";
};
$through = fn (string $class, array $extra) => (new Connection)->addProxy($class, $extra);

$call('SOCKS5', $through(SocksProxy::class, $at(0)));
$call('SOCKS5 with a password', $through(SocksProxy::class, $at(1) + $login));
$call('SOCKS5, obfuscated', $through(SocksProxy::class, $at(0))->setObfuscated(true)->setProtocol(IntermediateStream::class));
$call('SOCKS5 by name', $through(SocksProxy::class, ['address' => 'localhost'] + $at(0)));
$call('HTTP', $through(HttpProxy::class, $at(2))->setProtocol(FullStream::class));
$call('HTTP with a password', $through(HttpProxy::class, $at(3) + $login));
$call('MTProxy', $through(ObfuscatedStream::class, $at(4) + ['secret' => $key]));
$call('MTProxy with padding', $through(ObfuscatedStream::class, $at(5) + ['secret' => "dd$key"]));
$call('MTProxy as TLS', $through(ObfuscatedStream::class, $at(6) + ['secret' => $tls]));
$call('an array', ['connection_settings' => ['all' => ['proxy' => '\SocksProxy', 'proxy_extra' => $at(1) + $login]]]);
$call('the second proxy', $through(SocksProxy::class, ['address' => '127.0.0.1', 'port' => 1])->addProxy(HttpProxy::class, $at(2)));
$call('no proxy, obfuscated', (new Connection)->setObfuscated(true)->setProtocol(IntermediatePaddedStream::class));
?>
--EXPECT--
SOCKS5: Alice
SOCKS5 with a password: Alice
SOCKS5, obfuscated: Alice
SOCKS5 by name: Alice
HTTP: Alice
HTTP with a password: Alice
MTProxy: Alice
MTProxy with padding: Alice
MTProxy as TLS: Alice
an array: Alice
the second proxy: Alice
no proxy, obfuscated: Alice
