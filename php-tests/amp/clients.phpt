--TEST--
Amp's clients are the script's own, where it has them
--FILE--
<?php
namespace Amp\Http\Client {
    final class HttpClientBuilder
    {
        public static function buildDefault(): object
        {
            return new \ArrayObject(['client']);
        }
    }
}
namespace {
    require __DIR__ . '/../support/sandbox.inc';

    $api = Sandbox::start()->api();
    var_dump($api->getHTTPClient()[0]);
    thrown(fn () => $api->getDNSClient());
    eval('namespace Amp\Dns; function dnsResolver() { return new \ArrayObject(["resolver"]); }');
    var_dump($api->getDNSClient()[0]);
    thrown(fn () => $api->getHTTPClient() === $api->getHTTPClient());
}
?>
--EXPECT--
string(6) "client"
danog\MadelineProto\Exception: getDNSClient() needs the package amphp/dns, which this script does not load: names of servers are looked up by the system
string(8) "resolver"
nothing was thrown; result: false
