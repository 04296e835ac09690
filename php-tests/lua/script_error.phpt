--TEST--
Scripts that are missing, do not parse or fail: exceptions that name the script's file and line
--FILE--
<?php
require __DIR__ . '/lua.inc';

use danog\MadelineProto\Lua;

$api = api();
shown(fn () => new Lua(Scripts::directory() . '/missing.lua', $api));
shown(fn () => new Lua(Scripts::directory(), $api));
shown(fn () => lua("local x = 1\n\nif x then\n  x = = 2\nend", $api));
shown(fn () => lua("return 'never closed", $api));
shown(fn () => lua("\n\nx.y = 1", $api));
shown(fn () => lua("error('my own words')", $api));
shown(fn () => lua("error(setmetatable({}, {__tostring = function() return 'words of a table' end}))", $api));
shown(fn () => lua("error()", $api));
// Compiled code.
shown(fn () => lua("\x1bLua", $api));
shown(fn () => lua("assert(load(string.dump(function() end)))", $api));

echo "Arguments:\n";
shown(fn () => new Lua());
shown(fn () => new Lua('script.lua'));
shown(fn () => new Lua('script.lua', new stdClass));
shown(fn () => new Lua([], $api));
$unmade = (new ReflectionClass(Lua::class))->newInstanceWithoutConstructor();
shown(fn () => $unmade->anything());
shown(fn () => $unmade->anything);
shown(fn () => clone $unmade);

echo "Functions:\n";
$lua = lua("#!/usr/bin/env lua\nfunction fails()\n  nothing.at_all()\nend\nnumber = 5", $api);
shown(fn () => $lua->fails());
shown(fn () => $lua->number());
shown(fn () => $lua->missing());
?>
--EXPECT--
danog\MadelineProto\Exception: Provided script does not exist: …/missing.lua
danog\MadelineProto\Exception: Provided script does not exist: …
danog\MadelineProto\Exception: …/script.lua:4: unexpected symbol near '='
danog\MadelineProto\Exception: …/script.lua:1: unfinished string near <eof>
danog\MadelineProto\Exception: …/script.lua:3: attempt to index a nil value (global 'x')
danog\MadelineProto\Exception: …/script.lua:1: my own words
danog\MadelineProto\Exception: words of a table
danog\MadelineProto\Exception: nil
danog\MadelineProto\Exception: attempt to load a binary chunk (mode is 't')
danog\MadelineProto\Exception: …/script.lua:1: attempt to load a binary chunk (mode is 't')
Arguments:
ArgumentCountError: danog\MadelineProto\Lua::__construct() expects exactly 2 arguments, 0 given
ArgumentCountError: danog\MadelineProto\Lua::__construct() expects exactly 2 arguments, 1 given
TypeError: danog\MadelineProto\Lua::__construct(): Argument #2 ($MadelineProto) must be of type danog\MadelineProto\InternalDoc, stdClass given
TypeError: danog\MadelineProto\Lua::__construct(): Argument #1 ($script) must be of type string, array given
danog\MadelineProto\Exception: This Lua object has no script: its constructor did not run to its end
danog\MadelineProto\Exception: This Lua object has no script: its constructor did not run to its end
Error: Trying to clone an uncloneable object of class danog\MadelineProto\Lua
Functions:
danog\MadelineProto\Exception: …/script.lua:3: attempt to index a nil value (global 'nothing')
danog\MadelineProto\Exception: The Lua script has no function number(): expected a function, found integer
danog\MadelineProto\Exception: The Lua script has no function missing(): expected a function, found nil
