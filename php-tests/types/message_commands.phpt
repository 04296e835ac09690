--TEST--
What begins with a slash, a dot or an exclamation mark is a command, with what follows as its arguments
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\CommandType;

$api = Sandbox::start()->user();
foreach (['/start', '/start now', '.kick a  b', '!x@bot 1 2 ', '/', '/ a', "/two\nlines here", 'start', ' /start', '', '＊'] as $text) {
    $message = $api->wrapMessage(['_' => 'message', 'id' => 1, 'peer_id' => 5000001, 'date' => 1, 'message' => $text]);
    echo json_encode([$text, $message->command, $message->commandType, $message->commandArgs], JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
}
var_dump($message->commandType, CommandType::from('.'), CommandType::tryFrom('?'), CommandType::BANG->value, CommandType::SLASH->jsonSerialize());
var_dump($api->wrapMessage(['_' => 'message', 'id' => 1, 'peer_id' => 5000001, 'date' => 1, 'message' => '!'])->commandType === CommandType::BANG);
thrown(fn () => CommandType::from('?'));
?>
--EXPECT--
["/start","start","/",[]]
["/start now","start","/",["now"]]
[".kick a  b","kick",".",["a","","b"]]
["!x@bot 1 2 ","x@bot","!",["1","2",""]]
["/","","/",[]]
["/ a","","/",["a"]]
["/two\nlines here","two\nlines","/",["here"]]
["start",null,null,null]
[" /start",null,null,null]
["",null,null,null]
["＊",null,null,null]
NULL
enum(danog\MadelineProto\EventHandler\CommandType::DOT)
NULL
string(1) "!"
string(1) "/"
bool(true)
ValueError: "?" is not a valid backing value for enum danog\MadelineProto\EventHandler\CommandType
