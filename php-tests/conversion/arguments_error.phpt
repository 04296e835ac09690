--TEST--
botAPIToMTProto(): texts, markup and keyboards that are none
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$api = Sandbox::start()->api();
thrown(fn () => $api->botAPIToMTProto('text'));
thrown(fn () => $api->botAPIToMTProto(['message' => ['a'], 'parse_mode' => 'HTML']));
thrown(fn () => $api->botAPIToMTProto(['message' => new class() {
    public function __toString(): string
    {
        throw new LogicException('mine');
    }
}, 'parse_mode' => 'HTML']));
thrown(fn () => $api->botAPIToMTProto(['message' => '<b>a', 'parse_mode' => 'HTML']));
thrown(fn () => $api->botAPIToMTProto(['message' => '*a', 'parse_mode' => 'markdown']));
thrown(fn () => $api->botAPIToMTProto(['message' => 'a', 'parse_mode' => 5]));
thrown(fn () => $api->botAPIToMTProto(['reply_markup' => ['inline_keyboard' => [['text']]]]));
thrown(fn () => $api->botAPIToMTProto(['reply_markup' => ['keyboard' => [[['url' => 'a']]]]]));
$endless = [];
$endless['keyboard'] = [[['text' => &$endless]]];
thrown(fn () => $api->botAPIToMTProto(['reply_markup' => $endless]));
thrown(fn () => $api->botAPIToMTProto(['reply_markup' => ['keyboard' => [[['text' => fopen('php://memory', 'r')]]]]]));
thrown(fn () => $api->botAPIToMTProto(['message' => '*a*', 'parse_mode' => 'markdown', 'entities' => 'bold']));
echo gettype($api->botAPIToMTProto(["\xff" => 1, 'chat_id' => fopen('php://memory', 'r')])['peer']), "\n";
?>
--EXPECTF--
TypeError: danog\MadelineProto\InternalDoc::botAPIToMTProto(): Argument #1 ($arguments) must be of type array, string given, called in %s on line %d
danog\MadelineProto\TL\Conversion\Exception: Messages can only be strings
LogicException: mine
danog\MadelineProto\Exception: DOMDocument::loadXML(): Opening and ending tag mismatch: b line 1 and body in Entity, line: 1 (code 2)
AssertionError: Found unclosed markdown elements *
TypeError: stripos(): Argument #1 ($haystack) must be of type string, int given
TypeError: Cannot access offset of type string on string
danog\MadelineProto\Exception: Undefined array key "text" (code 2)
danog\MadelineProto\TL\Exception: Arrays are nested too deep, or contain themselves
TypeError: A keyboard has texts, numbers and arrays; a resource was given
danog\MadelineProto\TL\Exception: You didn't provide a valid array: entities
resource
