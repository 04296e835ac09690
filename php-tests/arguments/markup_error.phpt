--TEST--
Markup, entities and keyboards of calls that are none: wrong types, broken markup, what contains itself, what is too much
--FILE--
<?php
require __DIR__ . '/arguments.inc';

use danog\MadelineProto\EventHandler\Message\Entities\Bold;
use danog\MadelineProto\ParseMode;

$bold = fn (array $changed = []) => $changed + ['_' => 'messageEntityBold', 'offset' => 0, 'length' => 1];
$html = fn (mixed $text, mixed $mode = 'HTML') => message(['message' => $text, 'parse_mode' => $mode]);

echo "parse_mode:\n";
foreach ([5, 1.5, true, [], ['_' => 5], new stdClass(), fopen('php://memory', 'r'), ParseMode::HTML, 'none of them', "\xffhtml"] as $mode) {
    attempt('mode ' . get_debug_type($mode), 'messages.sendMessage', $html('<b>a</b>', $mode));
}
foreach (['<b>a', '<b>a</i>', '&', "\xff", '<a href=x>', str_repeat('<b>', 300), '<b/>', ''] as $text) {
    attempt('HTML ' . json_encode(substr($text, 0, 10), JSON_INVALID_UTF8_SUBSTITUTE), 'messages.sendMessage', $html($text));
}
foreach (['*a', '[a](b', '`a', "\\", "*\xff*"] as $text) {
    attempt('Markdown ' . json_encode($text, JSON_INVALID_UTF8_SUBSTITUTE), 'messages.sendMessage', $html($text, 'markdown'));
}
attempt('a text that is none', 'messages.sendMessage', $html(['a']));
attempt('a number', 'messages.sendMessage', $html(5));
attempt('a text that throws', 'messages.sendMessage', $html(new class() {
    public function __toString(): string
    {
        throw new LogicException('mine');
    }
}));
attempt('50 MB', 'messages.sendMessage', $html('<b>' . str_repeat('x', 50_000_000) . '</b>'));
attempt('100000 entities', 'messages.sendMessage', $html(str_repeat('<b>x</b> ', 100_000)));

echo "entities:\n";
foreach ([
    'an object' => new Bold(0, 1), 'a text' => 'bold', 'a number' => [5], 'the bot API\'s' => [['type' => 'bold', 'offset' => 0, 'length' => 1]],
    'of no kind' => [['offset' => 0]], 'another object' => [new ArrayObject()], 'an unknown kind' => [$bold(['_' => 'messageEntityBald'])],
    'an offset that is none' => [$bold(['offset' => 'x'])], 'an offset that is not a number' => [$bold(['offset' => NAN])],
    'an offset out of range' => [$bold(['offset' => 1 << 40])], 'under other keys' => [7 => $bold(), 'x' => $bold(), "\xff" => $bold()],
] as $what => $entities) {
    attempt($what, 'messages.sendMessage', message(['entities' => $entities]));
    attempt("$what, with markup", 'messages.sendMessage', $html('<b>a</b>') + ['entities' => $entities]);
}
$endless = $bold();
$endless['offset'] = &$endless;
attempt('of itself', 'messages.sendMessage', message(['entities' => [&$endless]]));
attempt('100000', 'messages.sendMessage', message(['entities' => array_fill(0, 100_000, new Bold(0, 1))]));

echo "keyboards:\n";
$keyboard = fn (mixed $rows) => message(['reply_markup' => ['inline_keyboard' => $rows]]);
foreach ([
    'no rows' => 5, 'a row that is none' => [5], 'a button that is none' => [[5]], 'a bare text' => [['text']], 'no text' => [[['url' => 'a']]],
    'a text that is none' => [[['text' => [], 'url' => 'a']]], 'data that is none' => [[['text' => 'a', 'callback_data' => 1.5]]],
    'a resource' => [[['text' => fopen('php://memory', 'r')]]], 'a login that is none' => [[['text' => 'a', 'login_url' => 'b']]],
    'under other keys' => [7 => ["\xff" => ['text' => 'a', 'url' => 'b', "\xfe" => 5]]],
] as $what => $rows) {
    attempt($what, 'messages.sendMessage', $keyboard($rows));
}
$row = [['text' => 'a']];
$row[0]['web_app'] = ['url' => &$row];
attempt('of itself', 'messages.sendMessage', $keyboard([&$row]));
attempt('a text', 'messages.sendMessage', message(['reply_markup' => '{"inline_keyboard":[]}']));
attempt('both forms', 'messages.sendMessage', message(['reply_markup' => ['_' => 'replyKeyboardHide', 'inline_keyboard' => 5]]));

echo "the bot API's names:\n";
attempt('a chat that is none', 'messages.sendMessage', ['chat_id' => NAN, 'text' => 'a', 'random_id' => 1]);
attempt('a text that is none', 'messages.sendMessage', ['chat_id' => ['_' => 'inputPeerSelf'], 'text' => [], 'random_id' => 1]);
attempt('a message that it answers', 'messages.sendMessage', message(['reply_to' => ['_' => 'inputReplyToMessage', 'reply_to_message_id' => 'x']]));
?>
--EXPECT--
parse_mode:
mode int: TypeError: stripos(): Argument #1 ($haystack) must be of type string, int given
  While serializing messages.sendMessage → message
mode float: TypeError: stripos(): Argument #1 ($haystack) must be of type string, float given
  While serializing messages.sendMessage → message
mode bool: TypeError: stripos(): Argument #1 ($haystack) must be of type string, bool given
  While serializing messages.sendMessage → message
mode array: TypeError: stripos(): Argument #1 ($haystack) must be of type string, null given
  While serializing messages.sendMessage → message
mode array: TypeError: stripos(): Argument #1 ($haystack) must be of type string, int given
  While serializing messages.sendMessage → message
mode stdClass: TypeError: stripos(): Argument #1 ($haystack) must be of type string, object given
  While serializing messages.sendMessage → message
mode resource (stream): TypeError: stripos(): Argument #1 ($haystack) must be of type string, object given
  While serializing messages.sendMessage → message
mode danog\MadelineProto\ParseMode: 44 bytes
mode string: 32 bytes
mode string: 44 bytes
HTML "<b>a": danog\MadelineProto\Exception: DOMDocument::loadXML(): Opening and ending tag mismatch: b line 1 and body in Entity, line: 1
  While serializing messages.sendMessage → message
HTML "<b>a<\/i>": danog\MadelineProto\Exception: DOMDocument::loadXML(): Opening and ending tag mismatch: b line 1 and i in Entity, line: 1
  While serializing messages.sendMessage → message
HTML "&": danog\MadelineProto\Exception: DOMDocument::loadXML(): xmlParseEntityRef: no name in Entity, line: 1
  While serializing messages.sendMessage → message
HTML "\ufffd": danog\MadelineProto\Exception: DOMDocument::loadXML(): Input is not proper UTF-8, indicate encoding !
Bytes: 0xFF 0x3C 0x2F 0x62 in Entity, line: 1
  While serializing messages.sendMessage → message
HTML "<a href=x>": danog\MadelineProto\Exception: DOMDocument::loadXML(): AttValue: " or ' expected in Entity, line: 1
  While serializing messages.sendMessage → message
HTML "<b><b><b><": danog\MadelineProto\Exception: DOMDocument::loadXML(): Excessive depth in document: 256 use XML_PARSE_HUGE option in Entity, line: 1
  While serializing messages.sendMessage → message
HTML "<b\/>": 32 bytes
HTML "": 32 bytes
Markdown "*a": AssertionError: Found unclosed markdown elements *
  While serializing messages.sendMessage → message
Markdown "[a](b": AssertionError: Unclosed ) opened @ pos 4!
  While serializing messages.sendMessage → message
Markdown "`a": AssertionError: Unclosed ``` opened @ pos 1!
  While serializing messages.sendMessage → message
Markdown "\\": 32 bytes
Markdown "*\ufffd*": 44 bytes
a text that is none: danog\MadelineProto\TL\Conversion\Exception: Messages can only be strings
  While serializing messages.sendMessage → message
a number: danog\MadelineProto\TL\Conversion\Exception: Messages can only be strings
  While serializing messages.sendMessage → message
a text that throws: LogicException: mine
  
50 MB: danog\MadelineProto\TL\Exception: A string of 50000000 bytes is too long for TL
  While serializing messages.sendMessage → message: expected at most 16777215 bytes, found 50000000
100000 entities: 1400032 bytes
entities:
an object: danog\MadelineProto\TL\Exception: You didn't provide a valid array
  While serializing messages.sendMessage → entities: expected Vector<MessageEntity>, found messageEntityBold
an object, with markup: danog\MadelineProto\TL\Exception: You didn't provide a valid array
  While serializing messages.sendMessage → entities
a text: danog\MadelineProto\TL\Exception: You didn't provide a valid array
  While serializing messages.sendMessage → entities: expected Vector<MessageEntity>, found a string of 4 bytes
a text, with markup: danog\MadelineProto\TL\Exception: You didn't provide a valid array
  While serializing messages.sendMessage → entities
a number: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → entities[0]: expected MessageEntity, found the number 5
a number, with markup: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → entities[0]: expected MessageEntity, found the number 5
the bot API's: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → entities[0]: expected MessageEntity, found an array without _
the bot API's, with markup: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → entities[0]: expected MessageEntity, found an array without _
of no kind: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → entities[0]: expected MessageEntity, found an array without _
of no kind, with markup: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → entities[0]: expected MessageEntity, found an array without _
another object: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → entities[0]: expected MessageEntity, found an object of ArrayObject
another object, with markup: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → entities[0]: expected MessageEntity, found an object of ArrayObject
an unknown kind: danog\MadelineProto\TL\Exception: Could not extract type "messageEntityBald", you should update MadelineProto!
  While serializing messages.sendMessage → entities[0]: expected a constructor of the schema, found messageEntityBald
an unknown kind, with markup: danog\MadelineProto\TL\Exception: Could not extract type "messageEntityBald", you should update MadelineProto!
  While serializing messages.sendMessage → entities[0]: expected a constructor of the schema, found messageEntityBald
an offset that is none: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.sendMessage → entities[0] → offset: expected int, found a string of 1 bytes
an offset that is none, with markup: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.sendMessage → entities[0] → offset: expected int, found a string of 1 bytes
an offset that is not a number: 48 bytes
an offset that is not a number, with markup: 56 bytes
an offset out of range: danog\MadelineProto\TL\Exception: Provided value 1099511627776 is bigger than 2147483647
  While serializing messages.sendMessage → entities[0] → offset: expected int, found the number 1099511627776
an offset out of range, with markup: danog\MadelineProto\TL\Exception: Provided value 1099511627776 is bigger than 2147483647
  While serializing messages.sendMessage → entities[0] → offset: expected int, found the number 1099511627776
under other keys: 72 bytes
under other keys, with markup: 80 bytes
of itself: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.sendMessage → entities[0] → offset: expected int, found messageEntityBold
100000: 1200036 bytes
keyboards:
no rows: danog\MadelineProto\Exception: foreach() argument must be of type array|object, int given
  While serializing messages.sendMessage → reply_markup
a row that is none: danog\MadelineProto\Exception: foreach() argument must be of type array|object, int given
  While serializing messages.sendMessage → reply_markup
a button that is none: TypeError: Cannot access offset of type string on string
  While serializing messages.sendMessage → reply_markup
a bare text: TypeError: Cannot access offset of type string on string
  While serializing messages.sendMessage → reply_markup
no text: danog\MadelineProto\Exception: Undefined array key "text"
  While serializing messages.sendMessage → reply_markup
a text that is none: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → reply_markup → rows[0] → buttons[0] → text: expected string, found an empty array
data that is none: 68 bytes
a resource: TypeError: A keyboard has texts, numbers and arrays; a resource was given
  While serializing messages.sendMessage → reply_markup
a login that is none: TypeError: Cannot access offset of type string on string
  While serializing messages.sendMessage → reply_markup
under other keys: 68 bytes
of itself: danog\MadelineProto\TL\Exception: Arrays are nested too deep, or contain themselves
  While serializing messages.sendMessage → reply_markup
a text: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → reply_markup: expected ReplyMarkup, found a string of 22 bytes
both forms: 36 bytes
the bot API's names:
a chat that is none: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → peer: expected InputPeer, found the number NaN
a text that is none: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found an empty array
a message that it answers: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.sendMessage → reply_to → reply_to_msg_id: expected int, found a string of 1 bytes
