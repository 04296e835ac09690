--TEST--
What has no form in the other language is an error that says what and where; what nobody asks for does no harm
--FILE--
<?php
require __DIR__ . '/lua.inc';

$lua = lua(<<<'LUA'
    circle = {1, 2}
    circle[3] = {circle}
    deep = {}
    for _ = 1, 200 do deep = {deep} end
    odd = {[true] = 1}
    broad = {}
    for _ = 1, 30 do broad = {broad, broad} end

    function serialize(name, parameters) return tl_serialize_method(name, parameters) end
    function with(value) return tl_serialize_method('messages.getHistory', {peer={_='inputPeerSelf'}, limit=value}) end
    function beside(value)
      return #tl_serialize_method('messages.getHistory', {peer={_='inputPeerSelf'}, limit=1, nobody_reads_this=value})
    end
    function api(value) return to_camel_case(value) end
    thread = coroutine.create(print)
    values = {['function']=print, coroutine=thread, userdata=io.stdout, circle=circle, deep=deep, odd=odd, table={a=1}, text='x'}
    function of(name) return with(values[name]) end
    function beside_of(name) return beside(values[name]) end
    function api_of(name) return api(values[name]) end
    function list_of(name)
      return tl_serialize_method('messages.deleteMessages', {id={1, values[name]}})
    end
    function as_arguments(name) return tl_serialize_method('messages.getHistory', values[name]) end
    function called_with(name) return messages.getHistory(values[name]) end
    LUA);

foreach (['function', 'coroutine', 'userdata', 'circle', 'deep', 'odd', 'table', 'text'] as $name) {
    echo "== $name\n";
    foreach ([$lua->of($name), $lua->list_of($name)] as $error) {
        echo $error['error_code'], ' ', $error['error'], ' | ', preg_replace('/^.*:\s+/', '', $error['tl_trace']), "\n";
    }
    echo 'beside: ', $lua->beside_of($name), "\n";
    shown(fn () => $lua->api_of($name));
    if ($name !== 'table') {
        shown(fn () => $lua->called_with($name));
    }
}
shown(fn () => $lua->as_arguments('function'));
shown(fn () => $lua->as_arguments('text'));
shown(fn () => $lua->serialize('messages.nothing', []));
shown(fn () => $lua->serialize(null, []));

echo "To PHP:\n";
foreach (['circle', 'deep', 'odd', 'broad', 'thread'] as $name) {
    shown(fn () => $lua->$name);
}
echo "To Lua:\n";
$circle = [];
$circle['self'] = &$circle;
shown(fn () => $lua->serialize($circle));
shown(fn () => $lua->serialize(STDIN));
shown(function () use ($lua) { $lua->set = [STDIN]; });
var_dump($lua->set);
?>
--EXPECT--
== function
0 Given value isn't numeric | expected int, found a function
0 Given value isn't numeric | expected int, found a function
beside: 40
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a function
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a function
== coroutine
0 Given value isn't numeric | expected int, found a coroutine
0 Given value isn't numeric | expected int, found a coroutine
beside: 40
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a coroutine
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a coroutine
== userdata
0 Given value isn't numeric | expected int, found a userdata
0 Given value isn't numeric | expected int, found a userdata
beside: 40
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a userdata
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a userdata
== circle
0 Given value isn't numeric | expected int, found a list of 3 items
0 Given value isn't numeric | expected int, found a list of 3 items
beside: 40
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a table that contains itself at [3][1]
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a table that contains itself at [3][1]
== deep
0 Given value isn't numeric | expected int, found a list of 1 item
0 Given value isn't numeric | expected int, found a list of 1 item
beside: 40
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a table that nests too deep at [1][1][1][1][1][1][1][1][1][1]…
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a table that nests too deep at [1][1][1][1][1][1][1][1][1][1]…
== odd
0 Given value isn't numeric | expected int, found a table with a key that is a boolean
0 Given value isn't numeric | expected int, found a table with a key that is a boolean
beside: 40
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a table with a key that is a boolean
TypeError: argument 1 of a call from Lua: expected a value that PHP has, found a table with a key that is a boolean
== table
0 Given value isn't numeric | expected int, found an array without _
0 Given value isn't numeric | expected int, found an array without _
beside: 40
TypeError: danog\MadelineProto\InternalDoc::toCamelCase(): Argument #1 ($input) must be of type string, array given
== text
0 Given value isn't numeric | expected int, found a string of 1 bytes
0 Given value isn't numeric | expected int, found a string of 1 bytes
beside: 40
nothing was thrown: "x"
InvalidArgumentException: Parameter names must be provided!
InvalidArgumentException: Parameter names must be provided!
InvalidArgumentException: Parameter names must be provided!
nothing was thrown: {"error":"Could not find method messages.nothing!","error_code":0}
InvalidArgumentException: Expected a table with the name of a method under _, as in {_='messages.getHistory', peer='@username'}
To PHP:
danog\MadelineProto\Exception: PHP has no form for what the Lua script gives: a table that contains itself at [3][1]
danog\MadelineProto\Exception: PHP has no form for what the Lua script gives: a table that nests too deep at [1][1][1][1][1][1][1][1][1][1]…
danog\MadelineProto\Exception: PHP has no form for what the Lua script gives: a table with a key that is a boolean
danog\MadelineProto\Exception: PHP has no form for what the Lua script gives: a table with too many values
danog\MadelineProto\Exception: PHP has no form for what the Lua script gives: a coroutine
To Lua:
danog\MadelineProto\Exception: a PHP value nests too deep for Lua, or contains itself
danog\MadelineProto\Exception: a resource of PHP has no form in Lua
danog\MadelineProto\Exception: a resource of PHP has no form in Lua
NULL
