--TEST--
Runaway, recursive and greedy scripts end with an exception, whatever they catch, and the object works afterwards
--FILE--
<?php
require __DIR__ . '/lua.inc';

use danog\MadelineProto\Settings;

$lua = lua(<<<'LUA'
    function forever() while true do end end
    function catching() while true do pcall(forever) end end
    function in_coroutine() return coroutine.wrap(forever)() end
    function coroutines()
      while true do
        coroutine.resume(coroutine.create(catching))
      end
    end
    function in_metamethod() return setmetatable({}, {__index = forever}).x end
    function in_close() local x <close> = setmetatable({}, {__close = forever}) error('first') end
    function in_sort() table.sort({3, 2, 1}, forever) end
    function recursion() return 1 + recursion() end
    function recursion_in_pcall() return pcall(recursion_in_pcall) end
    function recursion_in_metamethod() local t = setmetatable({}, {__index = function(t, k) return t[k] end}) return t.x end
    function greedy() local t = {} for i = 1, math.huge do t[i] = {i} end end
    function long_string() return ('x'):rep(1 << 30) end
    function growing_string() local s = 'x' while true do s = s .. s end end
    function arguments() return table.unpack({}, 1, 1e7) end
    function busy(f) for _ = 1, 20 do for _ = 1, 100000 do end f() end return 'done' end
    function works() return 'works' end
    LUA, api((new Settings\Lua)->setInstructionLimit(1_000_000)->setMemoryLimit(16 << 20)));

foreach ([
    'forever', 'catching', 'in_coroutine', 'coroutines', 'in_metamethod', 'in_close', 'in_sort',
    'recursion', 'recursion_in_metamethod', 'greedy', 'long_string', 'growing_string', 'arguments',
] as $name) {
    echo "$name: ";
    shown(fn () => $lua->$name());
    if ($lua->works() !== 'works') {
        echo "and nothing works any more\n";
    }
}
// Ends by itself, at the bottom of C's stack.
var_dump(is_array($lua->recursion_in_pcall()));
// What speaks to PHP on the way has not run away.
var_dump($lua->busy(fn () => null));
// A limit that has passed in a call inside another is an exception there.
$lua->call = function () use ($lua) {
    try {
        $lua->catching();
    } catch (danog\MadelineProto\Exception $e) {
        return 'the inner one ended';
    }
};
var_dump($lua->busy($lua->call), $lua->call());

echo "From PHP:\n";
shown(function () use ($lua) { $lua->large = str_repeat('x', 32 << 20); });
shown(function () use ($lua) { $lua->large = range(1, 2_000_000); });
var_dump($lua->large, $lua->works());

echo "At the start:\n";
shown(fn () => lua('while true do end', api((new Settings\Lua)->setInstructionLimit(100_000), 'second')));
echo "None:\n";
$free = lua('function sum() local n = 0 for i = 1, 3000000 do n = n + 1 end return n end', api((new Settings\Lua)->setInstructionLimit(0)->setMemoryLimit(0), 'free'));
var_dump($free->sum());
shown(fn () => lua('', api((new Settings\Lua)->setInstructionLimit(-1), 'negative')));
shown(fn () => lua('', api((new Settings\Lua)->setMemoryLimit(-5), 'negative2')));
?>
--EXPECT--
forever: danog\MadelineProto\Exception: The Lua script ran more instructions without calling PHP than the 1000000 that Settings\Lua::setInstructionLimit() allows
catching: danog\MadelineProto\Exception: The Lua script ran more instructions without calling PHP than the 1000000 that Settings\Lua::setInstructionLimit() allows
in_coroutine: danog\MadelineProto\Exception: The Lua script ran more instructions without calling PHP than the 1000000 that Settings\Lua::setInstructionLimit() allows
coroutines: danog\MadelineProto\Exception: The Lua script ran more instructions without calling PHP than the 1000000 that Settings\Lua::setInstructionLimit() allows
in_metamethod: danog\MadelineProto\Exception: The Lua script ran more instructions without calling PHP than the 1000000 that Settings\Lua::setInstructionLimit() allows
in_close: danog\MadelineProto\Exception: The Lua script ran more instructions without calling PHP than the 1000000 that Settings\Lua::setInstructionLimit() allows
in_sort: danog\MadelineProto\Exception: The Lua script ran more instructions without calling PHP than the 1000000 that Settings\Lua::setInstructionLimit() allows
recursion: danog\MadelineProto\Exception: The Lua script needs more memory than the 16777216 bytes that Settings\Lua::setMemoryLimit() allows
recursion_in_metamethod: danog\MadelineProto\Exception: …/script.lua:14: C stack overflow
greedy: danog\MadelineProto\Exception: The Lua script needs more memory than the 16777216 bytes that Settings\Lua::setMemoryLimit() allows
long_string: danog\MadelineProto\Exception: The Lua script needs more memory than the 16777216 bytes that Settings\Lua::setMemoryLimit() allows
growing_string: danog\MadelineProto\Exception: The Lua script needs more memory than the 16777216 bytes that Settings\Lua::setMemoryLimit() allows
arguments: danog\MadelineProto\Exception: …/script.lua:18: too many results to unpack
bool(true)
string(4) "done"
string(4) "done"
string(19) "the inner one ended"
From PHP:
danog\MadelineProto\Exception: The Lua script needs more memory than the 16777216 bytes that Settings\Lua::setMemoryLimit() allows
danog\MadelineProto\Exception: The Lua script needs more memory than the 16777216 bytes that Settings\Lua::setMemoryLimit() allows
NULL
string(5) "works"
At the start:
danog\MadelineProto\Exception: The Lua script ran more instructions without calling PHP than the 100000 that Settings\Lua::setInstructionLimit() allows
None:
int(3000000)
danog\MadelineProto\Exception: Invalid setting Lua::setInstructionLimit(): expected a number that is not negative, or 0 for no limit, got -1
danog\MadelineProto\Exception: Invalid setting Lua::setMemoryLimit(): expected a number that is not negative, or 0 for no limit, got -5
