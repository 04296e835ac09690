--TEST--
Markup that is broken, entities that are none
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message\Entities\MessageEntity;
use danog\MadelineProto\StrTools;
use danog\MadelineProto\TextEntities;
use danog\TelegramEntities\Entities;
use danog\TelegramEntities\EntityTools;

thrown(fn () => StrTools::htmlToMessageEntities('<b>a'));
thrown(fn () => TextEntities::fromHtml("\xff"));
thrown(fn () => StrTools::markdownToMessageEntities('*a'));
thrown(fn () => Entities::fromMarkdown('[a](b'));
thrown(fn () => StrTools::htmlToMessageEntities([]));
echo "\n";
thrown(fn () => StrTools::entitiesToHtml('a', [5]));
thrown(fn () => StrTools::entitiesToHtml('a', [new ArrayObject()]));
thrown(fn () => StrTools::entitiesToHtml('a', [['_' => 'messageEntityUnheardOf', 'offset' => 0, 'length' => 1]]));
thrown(fn () => StrTools::entitiesToHtml('a', [['_' => 'messageEntityBold', 'offset' => 0]]));
thrown(fn () => (new Entities('a', [null]))->toHTML());
echo StrTools::entitiesToHtml('a', [['offset' => 0, 'length' => 1], "\xff" => ['type' => 'bold', 'offset' => 5, 'length' => NAN]]), "\n\n";
thrown(fn () => MessageEntity::fromRawEntity([]));
thrown(fn () => MessageEntity::fromRawEntity(['type' => 'text_link', 'offset' => 0, 'length' => 1]));
thrown(fn () => MessageEntity::fromRawEntity(['type' => 'text_mention', 'offset' => 0, 'length' => 1, 'user' => []]));
thrown(fn () => MessageEntity::fromRawEntity(['type' => 'bold', 'offset' => 'x', 'length' => 1]));
thrown(fn () => MessageEntity::fromRawEntity(['type' => 'pre', 'offset' => 1, 'length' => 1, 'language' => fopen('php://memory', 'r')]));
thrown(fn () => MessageEntity::fromRawEntity(5));
$endless = ['_' => 'messageEntityBold', 'offset' => 0, 'length' => 1];
$endless['offset'] = &$endless;
thrown(fn () => MessageEntity::fromRawEntities([$endless]));
echo "\n";
thrown(fn () => new EntityTools());
thrown(fn () => new TextEntities('a'));
?>
--EXPECTF--
danog\MadelineProto\Exception: DOMDocument::loadXML(): Opening and ending tag mismatch: b line 1 and body in Entity, line: 1 (code 2)
danog\MadelineProto\Exception: DOMDocument::loadXML(): Input is not proper UTF-8, indicate encoding !
Bytes: 0xFF 0x3C 0x2F 0x62 in Entity, line: 1 (code 2)
AssertionError: Found unclosed markdown elements *
AssertionError: Unclosed ) opened @ pos 4!
TypeError: danog\MadelineProto\StrTools::htmlToMessageEntities(): Argument #1 ($html) must be of type string, array given, called in %s on line %d

TypeError: An entity must be an array or of type danog\MadelineProto\EventHandler\Message\Entities\MessageEntity, int given
TypeError: An entity must be an array or of type danog\MadelineProto\EventHandler\Message\Entities\MessageEntity, ArrayObject given
AssertionError: Unknown entity type: messageEntityUnheardOf
danog\MadelineProto\Exception: Undefined array key "length" in an entity of type messageEntityBold (code 2)
TypeError: An entity must be an array or of type danog\MadelineProto\EventHandler\Message\Entities\MessageEntity, null given
a

danog\MadelineProto\Exception: Undefined array key "type" in an entity (code 2)
danog\MadelineProto\Exception: Undefined array key "url" in an entity of type text_link (code 2)
danog\MadelineProto\Exception: Undefined array key "user_id" in an entity of type text_mention (code 2)
TypeError: danog\MadelineProto\EventHandler\Message\Entities\MessageEntity::__construct(): Argument #1 ($offset) must be of type int, string given
TypeError: danog\MadelineProto\EventHandler\Message\Entities\Pre::__construct(): Argument #3 ($language) must be of type string, resource given
TypeError: danog\MadelineProto\EventHandler\Message\Entities\MessageEntity::fromRawEntity(): Argument #1 ($entity) must be of type danog\MadelineProto\EventHandler\Message\Entities\MessageEntity|array, int given, called in %s on line %d
TypeError: danog\MadelineProto\EventHandler\Message\Entities\MessageEntity::__construct(): Argument #1 ($offset) must be of type int, array given

Error: Call to protected danog\TelegramEntities\EntityTools::__construct() from global scope
ArgumentCountError: danog\MadelineProto\TextEntities::__construct() expects exactly 2 arguments, 1 given
