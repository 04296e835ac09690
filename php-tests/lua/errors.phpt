--TEST--
Errors pass through PHP and Lua alternately: each language can catch them, and an exception comes out as it went in
--FILE--
<?php
require __DIR__ . '/lua.inc';

$lua = lua(<<<'LUA'
    function call(f, ...) return f(...) end
    function try(f, ...)
      local ok, result = pcall(f, ...)
      return ok, tostring(result):match('^[^\n]*')
    end
    function again(f)
      local ok, problem = pcall(f)
      error(problem, 0)
    end
    function fail(text) error(text) end
    function in_coroutine(f) return coroutine.wrap(f)() end
    function deep(php, n)
      if n == 0 then error('at the bottom') end
      return php(n - 1)
    end
    LUA);

class Mine extends RuntimeException
{
    public array $kept = ['a', 'b'];
}
$mine = new Mine('from PHP', 5);
$throw = function () use ($mine) { throw $mine; };
foreach (['call', 'again', 'in_coroutine'] as $how) {
    try {
        $lua->$how($throw);
    } catch (Mine $caught) {
        var_dump($caught === $mine, $caught->kept === ['a', 'b']);
    }
}
var_dump($lua->try($throw));

echo "Caught on the way:\n";
$catching = function () use ($lua) {
    try {
        return $lua->fail('from Lua');
    } catch (danog\MadelineProto\Exception $e) {
        return 'caught in PHP: ' . placed($e->getMessage());
    }
};
var_dump($lua->call($catching));
$through = fn () => $lua->fail('through PHP');
var_dump(array_map(fn ($value) => is_string($value) ? placed($value) : $value, $lua->try($through)));
shown(fn () => $lua->call($through));

echo "Alternately:\n";
$php = function (int $n) use (&$php, $lua) { return $lua->deep($php, $n); };
shown(fn () => $php(10));
shown(fn () => $php(100000));
var_dump($lua->call(fn () => 'still works'));
$error = new class extends Error {};
$php = function (int $n) use (&$php, $lua, $error) { return $n === 0 ? throw $error : $lua->deep($php, $n); };
try {
    $php(9);
} catch (Error $caught) {
    var_dump($caught === $error);
}
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
array(2) {
  [0]=>
  bool(false)
  [1]=>
  string(14) "Mine: from PHP"
}
Caught on the way:
string(42) "caught in PHP: …/script.lua:10: from Lua"
array(2) {
  [0]=>
  bool(false)
  [1]=>
  string(61) "danog\MadelineProto\Exception: …/script.lua:10: through PHP"
}
danog\MadelineProto\Exception: …/script.lua:10: through PHP
Alternately:
danog\MadelineProto\Exception: …/script.lua:13: at the bottom
danog\MadelineProto\Exception: C stack overflow
string(11) "still works"
bool(true)
