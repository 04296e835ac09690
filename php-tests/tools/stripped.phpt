--TEST--
Stripped thumbnails become complete JPEGs; what is none stays as it is
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Tools;

// The head that Telegram's documentation gives has 623 bytes: with 32 rows and 40 columns, and without a scan.
$jpeg = Tools::inflateStripped("\x01\x20\x28");
echo strlen($jpeg), ' ', hash('sha256', $jpeg), "\n";
[$width, $height, $type] = getimagesizefromstring($jpeg);
echo "$width x $height ", image_type_to_mime_type($type), "\n";

$size = Tools::tlDeserialize(Tools::tlSerialize('PhotoSize', ['_' => 'photoStrippedSize', 'type' => 'i', 'bytes' => "\x01\x20\x28scan"]));
var_dump((string) $size['inflated'] === API::inflateStripped((string) $size['bytes']));
var_dump(substr(Tools::inflateStripped("\x01\x20\x28scan"), 623) === "scan\xff\xd9");
foreach (['', "\x01", "\x01\x20", "\x02\x20\x28scan", $jpeg] as $other) {
    echo Tools::inflateStripped($other) === $other ? 'as it is' : 'changed', "\n";
}
thrown(fn () => Tools::inflateStripped([]));
?>
--EXPECTF--
625 8635b527347b04944ca4b6b8bd2da6b8cc70a5279b0fd352a85ccc73445fdff8
40 x 32 image/jpeg
bool(true)
bool(true)
as it is
as it is
as it is
as it is
as it is
TypeError: danog\MadelineProto\Tools::inflateStripped(): Argument #1 ($stripped) must be of type string, array given, called in %s on line %d
