--TEST--
madeline_function() calls by name, from either language, with a callback
--FILE--
<?php
require __DIR__ . '/lua.inc';

$api = Sandbox::start()->user();
$lua = lua(<<<'LUA'
    seen = {}
    function note(result, extra) seen[#seen + 1] = {result._ or result.error, extra} end
    function by_name() return madeline_function({_='messages.getBotCallbackAnswer', peer='@bot', msg_id=42, data='yes'}, note, {1, 2}) end
    function by_wrong_name() return madeline_function({_='messages.nothing'}, note) end
    function by_no_name() return madeline_function({peer='@bot'}) end
    function by_nothing() return madeline_function() end
    LUA, $api);
var_dump($lua->by_name()['message'], $lua->by_wrong_name()['error']);
shown(fn () => $lua->by_no_name());
shown(fn () => $lua->by_nothing());
echo json_encode($lua->seen), "\n";
var_dump($lua->madelineFunction(['_' => 'help.getNearestDc'], fn ($result, $extra) => print("$result[_] $extra\n"), 'extra')['_']);
var_dump($lua->madeline_function(['_' => 'help.getNearestDc'])['_']);
?>
--EXPECT--
string(16) "You pressed yes."
string(39) "Could not find method messages.nothing!"
InvalidArgumentException: Expected a table with the name of a method under _, as in {_='messages.getHistory', peer='@username'}
InvalidArgumentException: Expected a table with the name of a method under _, as in {_='messages.getHistory', peer='@username'}
[["messages.botCallbackAnswer",[1,2]],["Could not find method messages.nothing!"]]
nearestDc extra
string(9) "nearestDc"
string(9) "nearestDc"
