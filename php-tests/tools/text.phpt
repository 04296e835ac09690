--TEST--
Lengths in UTF-16 code units, escaping, cases of names; on Tools and on API objects, in old names as well
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Tools;

var_dump(Tools::mbStrlen('a😀ä'), Tools::mbSubstr('a😀ä', 1, 2), Tools::mbSubstr('a😀ä', -1), Tools::mbSubstr('abc', 0, -1), Tools::mbSubstr('abc', 5));
echo json_encode([Tools::mbStrSplit('ab😀cd', 3), Tools::mbStrSplit('', 3), Tools::mbStrSplit('😀😀', 1)], JSON_UNESCAPED_UNICODE), "\n";
echo Tools::htmlEscape('<a href="x">\'&'), ' ', Tools::markdownEscape('a_b.c!'), ' ', Tools::markdownCodeEscape('a`b'), ' ',
    Tools::markdownCodeblockEscape('a```b`'), ' ', Tools::markdownUrlEscape('a)b'), "\n";
echo Tools::toCamelCase('get_full_info'), ' ', Tools::toSnakeCase('getFullInfo'), "\n";
$api = Sandbox::start()->api();
var_dump($api->mbStrlen('😀'), API::htmlEscape('<'), $api->mb_strlen('😀'));
?>
--EXPECT--
int(4)
string(4) "😀"
string(2) "ä"
string(2) "ab"
string(0) ""
[["ab","😀c","d"],[""],["😀","😀"]]
&lt;a href=&quot;x&quot;&gt;&apos;&amp; a\_b\.c\! a\`b a\```b` a\)b
getFullInfo get_full_info
int(2)
string(4) "&lt;"
int(2)
