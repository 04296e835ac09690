--TEST--
Globals: what a script finds, what PHP reads, sets and unsets, and what happens where a script replaces them
--FILE--
<?php
require __DIR__ . '/lua.inc';

$api = api();
$lua = lua(<<<'LUA'
    found = {
      madelineproto_lua, type(madeline_function), type(tdcli_function), type(var_dump), type(messages.getHistory),
      type(messages.get_history), type(getSelf), type(get_self), type(complete_2fa_login),
      type(nothing_of_this_name), type(string.format),
    }
    namespaces = 0
    for _, value in pairs(_G) do
      if type(value) == 'table' and rawget(value, 'x') == nil then namespaces = namespaces + 1 end
    end
    counter = 0
    function count() counter = counter + 1 return counter end
    function camel(text) return to_camel_case(text) end
    function replace()
      messages, get_info, print, pcall, error, setmetatable, type = nil, 5, nil, nil, nil, nil, nil
      _G = nil
      return to_snake_case('stillThere')
    end
    LUA, $api);
echo json_encode($lua->found), "\n";
var_dump($lua->namespaces > 30, $lua->camel('to_camel_case'));
var_dump($lua->count(), $lua->count(), $lua->counter);
$lua->counter = 40;
var_dump($lua->count(), isset($lua->counter), isset($lua->nothing), $lua->nothing, isset($lua->API));
unset($lua->counter);
var_dump($lua->counter, isset($lua->counter));
shown(fn () => $lua->count());
var_dump($lua->API === $api, $lua->MadelineProto === $api);
$lua->{"odd name\xff"} = 'set';
var_dump($lua->{"odd name\xff"});

$lua->replace();
var_dump($lua->messages, $lua->get_info, $lua->replace());
$lua->camel = 'no function any more';
shown(fn () => $lua->camel('x'));
// A state of its own for each object.
$other = lua('mine = counter', $api);
var_dump($other->mine, $other->camel);
?>
--EXPECT--
[1,"function","function","function","function","function","function","function","function","nil","function"]
bool(true)
string(11) "toCamelCase"
int(1)
int(2)
int(2)
int(41)
bool(true)
bool(false)
NULL
bool(true)
NULL
bool(false)
danog\MadelineProto\Exception: …/script.lua:11: attempt to perform arithmetic on a nil value (global 'counter')
bool(true)
bool(true)
string(3) "set"
NULL
int(5)
string(11) "still_there"
danog\MadelineProto\Exception: The Lua script has no function camel(): expected a function, found string
NULL
NULL
