--TEST--
Ways to the servers: protocols, obfuscation and proxies are accepted in the forms of every release
--INI--
madelineproto.api_id=1
madelineproto.api_hash=0123456789abcdef0123456789abcdef
madelineproto.log_level=none
--FILE--
<?php
use danog\MadelineProto\API;
use danog\MadelineProto\Settings\Connection;
use danog\MadelineProto\Stream\MTProtoTransport\FullStream;
use danog\MadelineProto\Stream\MTProtoTransport\IntermediatePaddedStream;
use danog\MadelineProto\Stream\MTProtoTransport\IntermediateStream;
use danog\MadelineProto\Stream\MTProtoTransport\ObfuscatedStream;
use danog\MadelineProto\Stream\Proxy\HttpProxy;
use danog\MadelineProto\Stream\Proxy\SocksProxy;

$directory = sys_get_temp_dir() . '/madelineproto-routes-' . bin2hex(random_bytes(6));
mkdir($directory);
$number = 0;
$connection = function ($settings) use ($directory, &$number): Connection {
    return (new API("$directory/" . $number++ . '.madeline', $settings))->getSettings()->getConnection();
};

$address = ['address' => 'localhost', 'port' => 1080];
$key = '000102030405060708090a0b0c0d0e0f';
foreach ([
    (new Connection)->setProtocol(IntermediateStream::class)->setObfuscated(true)->setBindTo('127.0.0.1'),
    (new Connection)->setProtocol(IntermediatePaddedStream::class)->setBindTo('[::1]:0'),
    (new Connection)->setProtocol(FullStream::class)->setBindTo('127.0.0.1:0'),
    (new Connection)->setProtocol('\\' . strtolower(FullStream::class)),
    // Ways that are not there, where there is nothing to lose.
    (new Connection)->setUseDoH(false)->setRetry(false)->setRobinPeriod(5)->setSslSubdomains([1 => 'x']),
    (new Connection)
        ->addProxy(SocksProxy::class, $address)
        ->addProxy(SocksProxy::class, $address + ['username' => 'me', 'password' => 'secret'])
        ->addProxy(HttpProxy::class, ['address' => '[::1]', 'port' => '8080', 'username' => '', 'password' => ''])
        ->addProxy(ObfuscatedStream::class, $address + ['secret' => $key])
        ->addProxy(ObfuscatedStream::class, $address + ['secret' => "dd$key"])
        ->addProxy(ObfuscatedStream::class, $address + ['secret' => "ee$key" . bin2hex('example.org')])
        ->addProxy(ObfuscatedStream::class, $address + ['secret' => strtr(base64_encode(hex2bin("ee$key") . 'example.org'), '+/', '-_')])
        ->addProxy(ObfuscatedStream::class, $address + ['secret' => hex2bin($key)])
        ->addProxy(ObfuscatedStream::class, $address + ['secret' => hex2bin("dd$key")]),
] as $settings) {
    $connection($settings);
}

$legacy = fn (array $all) => $connection(['connection_settings' => ['all' => $all]]);
foreach (['abridged', 'tcp_abridged', 'intermediate', 'tcp_intermediate', 'tcp_intermediate_padded', 'obfuscated2', 'tcp_full', FullStream::class] as $protocol) {
    $set = $legacy(['protocol' => $protocol, 'transport' => 'tcp']);
    echo $protocol, ': ', basename(strtr($set->getProtocol(), '\\', '/')), $set->getObfuscated() ? ', obfuscated' : '', "\n";
}
foreach ([
    ['proxy' => '\Socket', 'proxy_extra' => []],
    ['proxy' => '\SocksProxy', 'proxy_extra' => $address],
    ['proxy' => '\HttpProxy', 'proxy_extra' => $address + ['username' => 'me', 'password' => 'secret']],
    ['proxy' => '\MTProxySocket', 'proxy_extra' => $address + ['secret' => $key]],
    ['proxy' => ObfuscatedStream::getName(), 'proxy_extra' => $address + ['secret' => $key]],
    ['proxy' => ['\SocksProxy', '\Socket', '\SocksProxy'], 'proxy_extra' => [$address, [], ['port' => 1] + $address]],
] as $all) {
    $proxies = $legacy($all)->getProxies();
    foreach ($proxies as $class => $extras) {
        echo basename(strtr($class, '\\', '/')), ': ', json_encode($extras), "\n";
    }
}
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/madelineproto-routes-*') as $directory) {
    shell_exec('rm -r ' . escapeshellarg($directory));
}
?>
--EXPECT--
abridged: AbridgedStream
tcp_abridged: AbridgedStream
intermediate: IntermediateStream
tcp_intermediate: IntermediateStream
tcp_intermediate_padded: IntermediatePaddedStream
obfuscated2: IntermediatePaddedStream, obfuscated
tcp_full: FullStream
danog\MadelineProto\Stream\MTProtoTransport\FullStream: FullStream
SocksProxy: [{"address":"localhost","port":1080}]
HttpProxy: [{"address":"localhost","port":1080,"username":"me","password":"secret"}]
ObfuscatedStream: [{"address":"localhost","port":1080,"secret":"000102030405060708090a0b0c0d0e0f"}]
ObfuscatedStream: [{"address":"localhost","port":1080,"secret":"000102030405060708090a0b0c0d0e0f"}]
SocksProxy: [{"address":"localhost","port":1080},{"port":1,"address":"localhost"}]
