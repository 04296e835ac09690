--TEST--
Settings\Connection: a wrong address is named with its key
--FILE--
<?php
use danog\MadelineProto\Settings\Connection;

foreach ([
    [0 => '127.0.0.1:443'], ['x' => '127.0.0.1:443'], [10000 => '127.0.0.1:443'], [2 => '127.0.0.1'], [2 => '127.0.0.1:x'],
    [2 => 443], [2 => []], [2 => ['ip_address' => 1]], [2 => ['ip_address' => '127.0.0.1', 'port' => 'x']], [2 => null],
    ['media' => '127.0.0.1:443'], ['x_media' => '127.0.0.1:443'], ['2_media' => '127.0.0.1'], [2 => ['ip_address' => '127.0.0.1', 'media_only' => 'x']],
] as $list) {
    try {
        (new Connection)->setDcList($list);
    } catch (\danog\MadelineProto\Exception $e) {
        echo $e->getMessage(), "\n";
    }
}
foreach ([fn () => (new Connection)->setDcList('x'), fn () => (new Connection)->setTestMode([]), fn () => (new Connection)->nothing()] as $attempt) {
    try {
        $attempt();
    } catch (Error $e) {
        echo $e::class, ': ', preg_replace('/, called in .*/', '', $e->getMessage()), "\n";
    }
}
?>
--EXPECTF--
Invalid setting Connection::setDcList(): expected the number of a data centre (1 to 9999), got 0
Invalid setting Connection::setDcList(): expected the number of a data centre (1 to 9999), got x
Invalid setting Connection::setDcList(): expected the number of a data centre (1 to 9999), got 10000
Invalid setting Connection::setDcList()[2]: expected host:port, got "127.0.0.1"
Invalid setting Connection::setDcList()[2]: expected host:port, got "127.0.0.1:x" (%s)
Invalid setting Connection::setDcList()[2]: expected 'host:port' or ['ip_address' => host, 'port' => number], got 443
Invalid setting Connection::setDcList()[2]: expected 'host:port' or ['ip_address' => host, 'port' => number], got array
Invalid setting Connection::setDcList()[2]: expected 'host:port' or ['ip_address' => host, 'port' => number], got array
Invalid setting Connection::setDcList()[2]: expected 'host:port' or ['ip_address' => host, 'port' => number], got array
Invalid setting Connection::setDcList()[2]: expected 'host:port' or ['ip_address' => host, 'port' => number], got null
Invalid setting Connection::setDcList(): expected the number of a data centre (1 to 9999), got media
Invalid setting Connection::setDcList(): expected the number of a data centre (1 to 9999), got x_media
Invalid setting Connection::setDcList()[2_media]: expected host:port, got "127.0.0.1"
Invalid setting Connection::setDcList()[2][media_only]: expected true or false, got "x"
TypeError: danog\MadelineProto\Settings\Connection::setDcList(): Argument #1 ($dcs) must be of type array, string given
TypeError: danog\MadelineProto\Settings\Connection::setTestMode(): Argument #1 ($testMode) must be of type bool, array given
Error: Call to undefined method danog\MadelineProto\Settings\Connection::nothing()
