--TEST--
Bytes objects cannot be changed, and take only a string
--FILE--
<?php
use danog\MadelineProto\TL\Types\Bytes;

function thrown(callable $do): void
{
    try {
        $do();
        echo "nothing was thrown\n";
    } catch (\Throwable $e) {
        echo $e::class, ': ', preg_replace('/, called in .*/', '', $e->getMessage()), "\n";
    }
}

$bytes = new Bytes('abc');
thrown(function () use ($bytes) { $bytes[0] = 'x'; });
thrown(function () use ($bytes) { $bytes[] = 'x'; });
thrown(function () use ($bytes) { unset($bytes[0]); });
thrown(fn () => $bytes['x']);
thrown(fn () => new Bytes());
thrown(fn () => new Bytes([]));
thrown(fn () => new Bytes(null));
thrown(fn () => new Bytes(text: 'a'));
var_dump($bytes[7]);
?>
--EXPECTF--
AssertionError: Cannot modify nested bytes!
AssertionError: Cannot modify nested bytes!
AssertionError: Cannot modify nested bytes!
TypeError: Cannot access offset of type %s on string
ArgumentCountError: danog\MadelineProto\TL\Types\Bytes::__construct() expects exactly 1 argument, 0 given
TypeError: danog\MadelineProto\TL\Types\Bytes::__construct(): Argument #1 ($bytes) must be of type string, array given
TypeError: danog\MadelineProto\TL\Types\Bytes::__construct(): Argument #1 ($bytes) must be of type string, null given
Error: Unknown named parameter $text

Warning: Uninitialized string offset 7 in %s on line %d
string(0) ""
