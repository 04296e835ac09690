--TEST--
Signals, exit(), fatal errors and time limits act while Lua code runs, and Lua's frames are left in order
--FILE--
<?php
require __DIR__ . '/lua.inc';

const SCRIPT = <<<'LUA'
    function forever() while true do end end
    function catching() while true do pcall(forever) end end
    function until_set() while not done do end return done end
    function call(f) return f() end
    function try(f) while true do pcall(f) end end
    function leave(status) pcall(os.exit, status) print('still here') end
    function in_coroutine(f) while true do coroutine.resume(coroutine.create(function() try(f) end)) end end
    closing = setmetatable({}, {__close = function() print('closed') end})
    function with_close(f) local value <close> = closing return f() end
    LUA;

$sandbox = Sandbox::start();
Scripts::write(SCRIPT);
$run = function (string $what, string $code, array $ini = []) use ($sandbox) {
    $head = '<?php $api = new danog\MadelineProto\API("session"); $lua = new danog\MadelineProto\Lua(%s, $api);
        register_shutdown_function(function () use ($lua) {
            echo "shut down\n";
            var_dump($lua->call(fn () => "Lua still works"));
        });
        pcntl_async_signals(true);
        ';
    [$status, $output] = $sandbox->php(sprintf($head, var_export(Scripts::directory() . '/script.lua', true)) . $code, ini: $ini);
    echo "== $what: $status\n", preg_replace('/ in \/\S+ on line \d+| in \S+:\d+/', '', placed($output)), "\n";
};
$alarm = 'pcntl_signal(SIGALRM, %s); pcntl_alarm(1); ';

$run('a handler that returns', sprintf($alarm, 'function () use ($lua) { echo "alarm\n"; $lua->done = true; }') . 'var_dump($lua->until_set());');
$run('a handler that throws', sprintf($alarm, 'fn () => throw new LogicException("from the handler")') . '
    try { $lua->forever(); } catch (LogicException $e) { echo "caught: ", $e->getMessage(), "\n"; }');
$run('a handler that calls Lua', sprintf($alarm, 'function () use ($lua) { var_dump($lua->call(fn () => "called")); $lua->done = 5; }') . 'var_dump($lua->until_set());');
$run('a handler that exits', sprintf($alarm, 'function () { exit(3); }') . '$lua->catching();');
$run('exit() below Lua', '$lua->try(function () { echo "leaving\n"; exit(4); }); echo "never\n";');
$run('exit() in a coroutine', '$lua->in_coroutine(function () { exit(5); }); echo "never\n";');
$run('values that are closed', '$lua->with_close(function () { exit(8); }); echo "never\n";');
$run('os.exit()', '$lua->leave(6); echo "never\n";');
$run('a fatal error below Lua', '$lua->try(function () { echo "fatal\n"; trigger_error("fatal for PHP", E_USER_ERROR); }); echo "never\n";', ['madelineproto.error_handler' => '0']);
$run('no more memory', '$lua->try(function () { return str_repeat("x", 1 << 30); }); echo "never\n";', ['memory_limit' => '64M']);
$run('a time limit', 'set_time_limit(1); $lua->catching(); echo "never\n";');
$run('a time limit below Lua', 'set_time_limit(1); $lua->try(function () { while (true); }); echo "never\n";');
?>
--EXPECT--
== a handler that returns: 0
alarm
bool(true)
shut down
string(15) "Lua still works"

== a handler that throws: 0
caught: from the handler
shut down
string(15) "Lua still works"

== a handler that calls Lua: 0
string(6) "called"
int(5)
shut down
string(15) "Lua still works"

== a handler that exits: 3
shut down
string(15) "Lua still works"

== exit() below Lua: 4
leaving
shut down
string(15) "Lua still works"

== exit() in a coroutine: 5
shut down
string(15) "Lua still works"

== values that are closed: 8
shut down
string(15) "Lua still works"

== os.exit(): 6
shut down
string(15) "Lua still works"

== a fatal error below Lua: 255
fatal

Fatal error: fatal for PHP
shut down
string(15) "Lua still works"

== no more memory: 255

Fatal error: Allowed memory size of 67108864 bytes exhausted (tried to allocate 1073745920 bytes)
shut down
string(15) "Lua still works"

== a time limit: 255

Fatal error: Maximum execution time of 1 second exceeded
shut down
string(15) "Lua still works"

== a time limit below Lua: 255

Fatal error: Maximum execution time of 1 second exceeded
shut down
string(15) "Lua still works"
