--TEST--
Coroutines: calls of the API inside them, yields across calls of PHP's, and PHP's fibers around Lua
--FILE--
<?php
require __DIR__ . '/lua.inc';

$api = Sandbox::start()->user();
$lua = lua(<<<'LUA'
    function press(data) return messages.getBotCallbackAnswer{peer='@bot', msg_id=42, data=data}.message end
    function inside()
      local answers = {}
      local threads = {}
      for i, data in ipairs{'yes', 'no', 'native'} do
        threads[i] = coroutine.wrap(function()
          coroutine.yield('ready')
          answers[i] = press(data)
          coroutine.yield(answers[i])
          return 'end'
        end)
      end
      for _ = 1, 3 do for _, thread in ipairs(threads) do answers[#answers + 1] = thread() end end
      return answers
    end
    function yields() coroutine.yield(1) end
    function through(f)
      local thread = coroutine.create(function() return f() end)
      return coroutine.resume(thread)
    end
    function callback()
      local thread = coroutine.create(function()
        return madeline_function({_='messages.getBotCallbackAnswer', peer='@bot', msg_id=42, data='yes'}, function() coroutine.yield() end)
      end)
      local ok, problem = coroutine.resume(thread)
      return ok, tostring(problem):match('^[^\n]*')
    end
    function call(f) return f() end
    LUA, $api);

echo json_encode($lua->inside()), "\n";
shown(fn () => $lua->yields());
$back = $lua->through(fn () => $lua->yields());
var_dump($back[0], get_class($back[1]));
echo placed(json_encode($lua->callback(), JSON_UNESCAPED_SLASHES)), "\n";

echo "Fibers:\n";
$other = lua('function call(f) return f() end function press(data) return messages.getBotCallbackAnswer{peer="@bot", msg_id=42, data=data}.message end', $api);
$fiber = new Fiber(fn () => $lua->call(fn () => Fiber::suspend('suspended below Lua')));
var_dump($fiber->start());
// The state is in use; another one is not.
shown(fn () => $lua->call(fn () => 1));
var_dump($other->call(fn () => 'another one'));
$fiber->resume('resumed');
var_dump($fiber->getReturn(), $lua->call(fn () => 'free again'));
$thrown = new Fiber(function () use ($lua) {
    try {
        $lua->call(fn () => Fiber::suspend());
    } catch (LogicException $e) {
        return 'caught: ' . $e->getMessage();
    }
});
$thrown->start();
$thrown->throw(new LogicException('thrown into the fiber'));
var_dump($thrown->getReturn());
$dropped = new Fiber(fn () => $lua->call(function () {
    try {
        Fiber::suspend();
    } finally {
        echo "left\n";
    }
}));
$dropped->start();
unset($dropped);
gc_collect_cycles();
var_dump($lua->call(fn () => 'free after that'));

// Two scripts wait for their answers, in fibers beside each other.
$futures = [
    danog\MadelineProto\Tools::callFork(fn () => $lua->press('yes')),
    danog\MadelineProto\Tools::callFork(fn () => $other->press('no')),
];
var_dump(array_map(fn ($future) => $future->await(), $futures));
?>
--EXPECT--
["You pressed yes.","You pressed no.","Native.","You pressed yes.","You pressed no.","Native.","end","end","end"]
danog\MadelineProto\Exception: attempt to yield from outside a coroutine
bool(false)
string(29) "danog\MadelineProto\Exception"
[false,"runtime error: attempt to yield across a C-call boundary"]
Fibers:
string(19) "suspended below Lua"
danog\MadelineProto\Exception: This Lua script is running in another fiber: wait until its call has ended, or use a Lua object of its own for each fiber
string(11) "another one"
string(7) "resumed"
string(10) "free again"
string(29) "caught: thrown into the fiber"
left
string(15) "free after that"
array(2) {
  [0]=>
  string(16) "You pressed yes."
  [1]=>
  string(15) "You pressed no."
}
