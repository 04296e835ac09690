--TEST--
Entities refuse what they cannot be made of, and do not change
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message\Entities\Bold;
use danog\MadelineProto\EventHandler\Message\Entities\MessageEntity;
use danog\MadelineProto\EventHandler\Message\Entities\Pre;
use danog\MadelineProto\EventHandler\Message\Entities\TextUrl;

thrown(fn () => new MessageEntity(0, 1));
thrown(fn () => new Bold(0));
thrown(fn () => new Bold('a', 1));
thrown(fn () => new Pre(0, 1));
thrown(fn () => new TextUrl(0, 1, []));
$bold = new Bold(0, 1);
thrown(fn () => $bold->offset = 5);
thrown(fn () => $bold->__construct(5, 5));
$empty = (new ReflectionClass(Bold::class))->newInstanceWithoutConstructor();
thrown(fn () => $empty->offset);
echo json_encode($empty->toMTProto()), ' ', json_encode($empty), "\n";
echo $bold->offset, "\n";
?>
--EXPECTF--
Error: Cannot instantiate abstract class danog\MadelineProto\EventHandler\Message\Entities\MessageEntity
ArgumentCountError: danog\MadelineProto\EventHandler\Message\Entities\MessageEntity::__construct() expects exactly 2 arguments, 1 given
TypeError: danog\MadelineProto\EventHandler\Message\Entities\MessageEntity::__construct(): Argument #1 ($offset) must be of type int, string given, called in %s on line %d
ArgumentCountError: danog\MadelineProto\EventHandler\Message\Entities\Pre::__construct() expects exactly 3 arguments, 2 given
TypeError: danog\MadelineProto\EventHandler\Message\Entities\TextUrl::__construct(): Argument #3 ($url) must be of type string, array given, called in %s on line %d
Error: Cannot modify readonly property danog\MadelineProto\EventHandler\Message\Entities\MessageEntity::$offset
Error: Cannot modify readonly property danog\MadelineProto\EventHandler\Message\Entities\MessageEntity::$offset
Error: Typed property danog\MadelineProto\EventHandler\Message\Entities\MessageEntity::$offset must not be accessed before initialization
{"_":"messageEntityBold","offset":null,"length":null} {"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":null,"length":null}
0
