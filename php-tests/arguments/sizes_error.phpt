--TEST--
Long strings and vectors: what TL can carry passes byte for byte, what it cannot is refused with its length
--FILE--
<?php
require __DIR__ . '/arguments.inc';
use danog\MadelineProto\Tools;

attempt('16777215 bytes', 'messages.sendMessage', message(['message' => str_repeat('x', 16777215)]));
attempt('16777216 bytes', 'messages.sendMessage', message(['message' => str_repeat('x', 16777216)]));
attempt('50 MB', 'messages.sendMessage', message(['message' => str_repeat('x', 50_000_000)]));
attempt('50 MB for a number', 'messages.getHistory', ['peer' => ['_' => 'inputPeerSelf'], 'limit' => str_repeat('x', 50_000_000)]);
attempt('100000 items', 'messages.deleteMessages', ['id' => range(1, 100_000)]);
attempt('100000 items, the last one wrong', 'messages.deleteMessages', ['id' => [...range(1, 99_999), 'last']]);
attempt('int keys in any order', 'messages.deleteMessages', ['id' => [7 => 1, 3 => 2, -1 => 3]]);
attempt('int and text keys', 'messages.deleteMessages', ['id' => [7 => 1, 'three' => 2]]);
attempt('arguments under int keys', 'messages.deleteMessages', [5, 6]);
attempt('arguments under int keys, too', 'messages.deleteMessages', [5 => 6, 'id' => [1]]);

$bytes = implode('', array_map(chr(...), range(0, 255)));
foreach (["\xff\xfe", "\xc3\x28", "a\0b", "\xed\xa0\x80", $bytes] as $text) {
    $written = Tools::tlSerialize('string', $text);
    var_dump(str_contains($written, $text), (string) Tools::tlDeserialize($written, 'string') === $text);
}
?>
--EXPECT--
16777215 bytes: 16777240 bytes
16777216 bytes: danog\MadelineProto\TL\Exception: A string of 16777216 bytes is too long for TL
  While serializing messages.sendMessage → message: expected at most 16777215 bytes, found 16777216
50 MB: danog\MadelineProto\TL\Exception: A string of 50000000 bytes is too long for TL
  While serializing messages.sendMessage → message: expected at most 16777215 bytes, found 50000000
50 MB for a number: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found a string of 50000000 bytes
100000 items: 400016 bytes
100000 items, the last one wrong: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.deleteMessages → id[99999]: expected int, found a string of 4 bytes
int keys in any order: 28 bytes
int and text keys: 24 bytes
arguments under int keys: 16 bytes
arguments under int keys, too: 20 bytes
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
