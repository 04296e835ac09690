--TEST--
A fiber of the script's own, without an event loop, blocks; our own fibers run meanwhile
--FILE--
<?php
require __DIR__ . '/../coroutine/coroutine.inc';

use danog\MadelineProto\Tools;

$api = user();
$press = fn (string $data) => $api->messages->getBotCallbackAnswer(button($data))['message'];
$log = [];
$forked = Tools::callFork(function () use ($press, &$log) {
    $log[] = 'began';
    $log[] = $press('no');
    // A fiber in a fiber.
    $inner = new Fiber(function () use ($press, &$log) {
        $log[] = 'inner ' . $press('yes');
        Fiber::suspend('suspended');
        $log[] = 'inner end';
    });
    $log[] = $inner->start();
    $inner->resume();
});
$fiber = new Fiber(function () use ($press) {
    $answer = Fiber::suspend($press('slow'));
    return "$answer {$press('yes')}";
});
echo $fiber->start(), "\n";
$fiber->resume('resumed:');
echo $fiber->getReturn(), "\n";
$forked->await();
echo implode(', ', $log), "\n";

// Futures of one fiber are awaited in another.
$future = Tools::callFork(fn () => $press('slow'));
$all = array_map(fn () => Tools::callFork(fn () => $future->await()), range(1, 3));
echo implode(' ', Tools::wait(Tools::all($all))), "\n";

// The session was closed, and two fibers want it at once: the first opens it, for both.
$api->updateSettings($api->getSettings());
echo implode(' ', Tools::wait(Tools::all([Tools::callFork(fn () => $press('yes')), Tools::callFork(fn () => $press('no'))]))), "\n";

// A fatal error in one ends the script, as anywhere.
[$status, $output] = Sandbox::start()->php('<?php
    use danog\MadelineProto\Tools;
    Tools::callFork(function () { Tools::sleep(60); });
    Tools::callFork(function () { Tools::sleep(0.01); eval("function strlen() {}"); });
    register_shutdown_function(function () { Tools::sleep(0.01); echo "shut down\n"; });
    Tools::sleep(60);
');
echo $status, json_encode([str_contains($output, 'Cannot redeclare strlen()'), str_ends_with($output, "shut down\n")]), "\n";

// A signal's handler calls within a wait.
pcntl_async_signals(true);
pcntl_signal(SIGALRM, function () use ($press, &$log) { $log = [$press('yes')]; });
pcntl_alarm(1);
Tools::sleep(1.3);
echo implode(', ', $log), "\n";
?>
--EXPECT--
You pressed slow.
resumed: You pressed yes.
began, You pressed no., inner You pressed yes., suspended, inner end
You pressed slow. You pressed slow. You pressed slow.
You pressed yes. You pressed no.
255[true,true]
You pressed yes.
