--TEST--
Standard libraries: what Settings\Lua allows, output through PHP's buffers, and nothing that ends or escapes the process
--FILE--
<?php
require __DIR__ . '/lua.inc';

use danog\MadelineProto\Settings;

Scripts::write("return {answer = 42}", 'module.lua');
Scripts::write("answer = ...\nreturn 'done'", 'chunk.lua');
$directory = Scripts::directory();
const SCRIPT = <<<'LUA'
    function has()
      local names = {}
      for _, name in ipairs{'coroutine', 'debug', 'io', 'math', 'os', 'package', 'string', 'table', 'utf8', 'require'} do
        if _G[name] then names[#names + 1] = name end
      end
      return table and table.concat(names, ' ') or #names
    end
    function try(f, ...)
      local ok, problem = pcall(f, ...)
      return ok or tostring(problem):match('^[^\n]*')
    end
    function forbidden()
      return {try(os.execute, 'true'), try(io.popen, 'true'), try(package.loadlib, 'x', 'y'), try(os.setlocale, 'C'),
        try(setmetatable, {}, {__gc = print}), try(require, 'native'), select(2, load(string.dump(print_it), 'x', 'b')),
        select(2, load('return 1', 'x', 'b'))}
    end
    function print_it(...)
      print(...)
      io.write(...)
      io.stdout:write('!', 1.5, '\n'):write('again\n')
      print()
    end
    function files(directory)
      package.path = directory .. '/?.lua'
      local file = assert(io.open(directory .. '/written', 'w'))
      file:write('content'):close()
      local value = {require('module').answer, dofile(directory .. '/chunk.lua'), loadfile(directory .. '/chunk.lua') ~= nil}
      for line in io.lines(directory .. '/written') do value[#value + 1] = line end
      value[#value + 1] = select(2, loadfile(directory .. '/missing.lua'))
      io.output(directory .. '/other'):write('into the file')
      io.write(' and more')
      print('not into the file')
      io.output():close()
      io.output(io.stdout)
      return value
    end
    function env() return load('return x', 'x', 't', {x = 5})(), load(function() return nil end) ~= nil end
    LUA;

$lua = lua(SCRIPT);
var_dump($lua->has());
echo placed(implode("\n", $lua->forbidden())), "\n";
ob_start();
$lua->print_it('a', 1, '2');
var_dump(ob_get_clean());
echo placed(json_encode($lua->files($directory), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)), "\n", file_get_contents("$directory/other"), "\n";
echo json_encode($lua->env()), "\n";

echo "Fewer:\n";
$fewer = lua(SCRIPT, api((new Settings\Lua)->setLibraries(['string']), 'fewer'));
var_dump($fewer->has());
$none = lua('function has() return io or os or string or table or "none" end', api((new Settings\Lua)->setLibraries([]), 'none'));
var_dump($none->has());
echo "All:\n";
$all = lua(SCRIPT . ' function status() return os.execute("exit 3") end', api((new Settings\Lua)->setAllowUnsafe(true)->setLibraries(
    [...(new Settings\Lua)->getLibraries(), 'debug'],
), 'all'));
var_dump($all->has(), $all->status());
shown(fn () => lua('', api((new Settings\Lua)->setLibraries(['string', 'nothing']), 'wrong')));
shown(fn () => lua('', api((new Settings\Lua)->setLibraries([5]), 'wrong2')));
?>
--EXPECT--
string(54) "coroutine io math os package string table utf8 require"
execute() is not available: Settings\Lua::setAllowUnsafe(true) would allow it
popen() is not available: Settings\Lua::setAllowUnsafe(true) would allow it
loadlib() is not available: Settings\Lua::setAllowUnsafe(true) would allow it
setlocale() is not available: Settings\Lua::setAllowUnsafe(true) would allow it
finalizers (__gc) are not available
module 'native' not found:
attempt to load a binary chunk (mode is 't')
string(21) "a	1	2
a12!1.5
again

"
not into the file
[42,"done",true,"content","cannot open …/missing.lua: No such file or directory"]
into the file and more
[5,true]
Fewer:
int(1)
string(4) "none"
All:
string(60) "coroutine debug io math os package string table utf8 require"
array(3) {
  [0]=>
  NULL
  [1]=>
  string(4) "exit"
  [2]=>
  int(3)
}
danog\MadelineProto\Exception: Invalid setting Lua::setLibraries(): expected names of coroutine, debug, io, math, os, package, string, table, utf8, got "nothing"
danog\MadelineProto\Exception: Invalid setting Lua::setLibraries(): expected names of coroutine, debug, io, math, os, package, string, table, utf8, got 5
