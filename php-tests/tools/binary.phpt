--TEST--
Numbers and texts as bytes
--FILE--
<?php
use danog\MadelineProto\Tools;

echo bin2hex(Tools::packSignedInt(-2)), ' ', bin2hex(Tools::packUnsignedInt(4294967295)), ' ', bin2hex(Tools::packSignedLong(-2)), ' ', bin2hex(Tools::packDouble(1.5)), "\n";
var_dump(Tools::unpackSignedInt("\xfe\xff\xff\xff"), Tools::unpackSignedLong("\xfe\xff\xff\xff\xff\xff\xff\xff"), Tools::unpackDouble(Tools::packDouble(1.5)));
var_dump(Tools::unpackSignedLongString("\xfe\xff\xff\xff\xff\xff\xff\xff"), Tools::unpackSignedLongString(5));
var_dump(Tools::base64urlEncode("\xfb\xff\xfe\0"), bin2hex(Tools::base64urlDecode('-__-AA')), Tools::base64urlDecode('YQ=='));
echo bin2hex(Tools::rleEncode("a\0\0\0b\0")), ' ', bin2hex(Tools::rleDecode("a\0\x03b\0\x01")), "\n";
var_dump(Tools::rleDecode(Tools::rleEncode($long = str_repeat("\0", 600) . 'x')) === $long);
var_dump(strlen(Tools::random(20)), Tools::random(20) !== Tools::random(20), Tools::randomInt(1), Tools::posmod(-3, 5));
echo bin2hex(Tools::genVectorHash([])), ' ', bin2hex(Tools::genVectorHash([1])), ' ', strlen(Tools::genVectorHash([1, 2, 3])), "\n";
?>
--EXPECT--
feffffff ffffffff feffffffffffffff 000000000000f83f
int(-2)
int(-2)
float(1.5)
string(2) "-2"
string(1) "5"
string(6) "-__-AA"
string(8) "fbfffe00"
string(1) "a"
610003620001 610000006200
bool(true)
int(20)
bool(true)
int(0)
int(2)
0000000000000000 0100000000000000 8
