--TEST--
Bytes objects read like strings, compare, and survive json_encode, serialize, clone and var_dump
--FILE--
<?php
use danog\MadelineProto\TL\Types\Bytes;

$bytes = new Bytes("abc");
var_dump((string) $bytes, $bytes[1], $bytes[-1], isset($bytes[2]), isset($bytes[3]));
var_dump($bytes == new Bytes('abc'), $bytes == new Bytes('abd'), clone $bytes == $bytes);
echo json_encode(new Bytes("\xff\x00")), "\n";
var_dump((string) unserialize(serialize(new Bytes("x\x00y"))) === "x\x00y");
var_dump($bytes, (string) new Bytes(bytes: ''));
echo implode(', ', class_implements($bytes)), "\n";
?>
--EXPECT--
string(3) "abc"
string(1) "b"
string(1) "c"
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
{"_":"bytes","bytes":"\/wA="}
bool(true)
object(danog\MadelineProto\TL\Types\Bytes)#1 (1) {
  ["bytes":"danog\MadelineProto\TL\Types\Bytes":private]=>
  string(3) "abc"
}
string(0) ""
Stringable, JsonSerializable, ArrayAccess
