--TEST--
Arguments follow the caller's strict_types, as for methods written in PHP
--FILE--
<?php
declare(strict_types=1);

use danog\MadelineProto\TL\Types\Bytes;

try {
    new Bytes(12);
} catch (\TypeError $e) {
    echo preg_replace('/, called in .*/', '', $e->getMessage()), "\n";
}
echo eval('return (string) new \danog\MadelineProto\TL\Types\Bytes(12);'), "\n";
?>
--EXPECT--
danog\MadelineProto\TL\Types\Bytes::__construct(): Argument #1 ($bytes) must be of type string, int given
12
