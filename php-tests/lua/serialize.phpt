--TEST--
A Lua object can be serialized: it keeps its API object and its script, which runs again
--FILE--
<?php
require __DIR__ . '/lua.inc';

$lua = lua("loads = (loads or 0) + 1\nfunction count() loads = loads + 1 return loads end\nfunction name() return get_session_name() end");
var_dump($lua->count(), basename($lua->name()));
$text = serialize($lua);
$again = unserialize($text);
// Globals are the script's own.
var_dump($again instanceof danog\MadelineProto\Lua, $again->count(), $again->name() === $lua->name(), $again->MadelineProto instanceof danog\MadelineProto\API);
// Neither of these makes a second state.
$lua->__wakeup();
$lua->__construct('another.lua', $lua->API);
var_dump($lua->count());
unlink(Scripts::directory() . '/script.lua');
shown(fn () => unserialize($text));
?>
--EXPECT--
int(2)
string(16) "session.madeline"
bool(true)
int(2)
bool(true)
bool(true)
int(3)
danog\MadelineProto\Exception: Provided script does not exist: …/script.lua
