--TEST--
Proxies that are down, silent, something else, or want another password or secret are named within the time limit
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Settings\Connection;
use danog\MadelineProto\Stream\MTProtoTransport\ObfuscatedStream;
use danog\MadelineProto\Stream\Proxy\HttpProxy;
use danog\MadelineProto\Stream\Proxy\SocksProxy;

const LIMIT = 5;

$key = '000102030405060708090a0b0c0d0e0f';
$other = '100102030405060708090a0b0c0d0e0f';
$domain = bin2hex('example.org');
$sandbox = Sandbox::start(null, "--socks5=me:secret --http-proxy=me:secret --mtproxy $key --mtproxy ee$key$domain")->configure();

// Servers that answer everything with a line, or with nothing.
$server = fn (string $answer) => '$listener = stream_socket_server("tcp://127.0.0.1:0");
    echo stream_socket_get_name($listener, false), "\n";
    while ($connection = stream_socket_accept($listener, 60)) {
        ' . ($answer === '' ? '$kept[] = $connection;' : 'fread($connection, 64); fwrite($connection, "' . $answer . '"); fclose($connection);') . '
    }';
$start = function (string $answer) use ($server): array {
    $process = proc_open([PHP_BINARY, '-n', '-r', $server($answer)], [1 => ['pipe', 'w']], $pipes);
    return [$process, trim(fgets($pipes[1]))];
};
[$ssh, $garbage] = $start('SSH-2.0-OpenSSH_9.2p1\r\n');
[$mute, $silent] = $start('');
$down = free_address();

$number = 0;
$attempt = function (string $class, string $at, array $extra = []) use ($sandbox, &$number): void {
    [$host, $port] = explode(':', $at);
    $settings = (new Connection)->setTimeout(LIMIT)->addProxy($class, ['address' => $host, 'port' => (int) $port] + $extra);
    $begun = microtime(true);
    try {
        (new API($sandbox->path($number++ . '.madeline'), $settings))->phoneLogin('9996612001');
        echo "nothing was thrown\n";
    } catch (\danog\MadelineProto\Exception $e) {
        $text = strstr($e->getMessage(), 'the ' . ['SocksProxy' => 'SOCKS5 ', 'HttpProxy' => 'HTTP ', 'ObfuscatedStream' => 'MTProxy'][basename(strtr($class, '\\', '/'))]);
        echo $text === false ? $e->getMessage() : str_replace($at, 'AT', $text);
        // The limit is for the connection; half of it again for a machine that is busy.
        echo microtime(true) - $begun < LIMIT * 1.5 ? '' : ' (too late)', "\n";
    }
};
$wrong = ['username' => 'me', 'password' => 'wrong'];
$attempt(SocksProxy::class, $sandbox->proxies[0], $wrong);
$attempt(SocksProxy::class, $sandbox->proxies[0]);
$attempt(SocksProxy::class, $garbage);
$attempt(SocksProxy::class, $silent);
$attempt(SocksProxy::class, $down);
$attempt(HttpProxy::class, $sandbox->proxies[1], $wrong);
$attempt(HttpProxy::class, $sandbox->proxies[1]);
$attempt(HttpProxy::class, $garbage);
$attempt(HttpProxy::class, $down);
$attempt(ObfuscatedStream::class, $sandbox->proxies[2], ['secret' => $other]);
$attempt(ObfuscatedStream::class, $sandbox->proxies[2], ['secret' => "ee$key$domain"]);
$attempt(ObfuscatedStream::class, $sandbox->proxies[3], ['secret' => "ee$other$domain"]);
$attempt(ObfuscatedStream::class, $garbage, ['secret' => "ee$key$domain"]);
$attempt(ObfuscatedStream::class, $silent, ['secret' => $key]);
$attempt(ObfuscatedStream::class, $down, ['secret' => $key]);
proc_terminate($ssh);
proc_terminate($mute);
?>
--EXPECTF--
the SOCKS5 proxy AT refused the password
the SOCKS5 proxy AT wants a name and a password
the SOCKS5 proxy AT does not speak SOCKS5 (it began with 0x53)
the SOCKS5 proxy AT did not answer within %f s
the SOCKS5 proxy AT could not be reached: Connection refused (os error 111)
the HTTP proxy AT answered 407: it refused the password
the HTTP proxy AT answered 407: it wants a name and a password
the HTTP proxy AT does not speak HTTP
the HTTP proxy AT could not be reached: Connection refused (os error 111)
the MTProxy AT closed the connection: wrong secret?
the MTProxy AT closed the connection: wrong secret?
the MTProxy AT closed the connection: wrong secret?
the MTProxy AT does not speak TLS (it began with 0x53): is this an `ee` secret for that proxy?
the MTProxy AT did not answer within %f s: wrong secret?
the MTProxy AT could not be reached: Connection refused (os error 111)
