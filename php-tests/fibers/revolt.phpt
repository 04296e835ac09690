--TEST--
With Revolt's loop a call suspends its fiber, and others run: each gets its own answer
--FILE--
<?php
require __DIR__ . '/../coroutine/coroutine.inc';

use danog\MadelineProto\Tools;
use Revolt\EventLoop;

$api = user();
// Found through an autoloader, the first time that a fiber waits.
spl_autoload_register(function (string $class) {
    if ($class === 'Revolt\EventLoop') {
        require __DIR__ . '/../support/revolt.php';
    }
});
$press = fn (string $data) => $api->messages->getBotCallbackAnswer(button($data))['message'];
// Without the loop, and outside fibers, nobody looks for it.
echo $press('yes'), ' ', json_encode(class_exists('Revolt\EventLoop', false)), "\n";

$log = [];
$run = function (string $data) use ($press, &$log) {
    EventLoop::queue(function () use ($data, $press, &$log) { $log[] = $press($data); });
};
array_map($run, ['slow', 'yes', 'no']);
EventLoop::run();
echo implode(' ', $log), "\n";

// The loop's own timers run meanwhile, also while the main script calls.
$ticks = 0;
$timer = EventLoop::repeat(0.02, function () use (&$ticks) { $ticks++; });
echo $press('slow'), ' ', json_encode($ticks > 2), "\n";
EventLoop::cancel($timer);

// sleep(), futures, generators and functions that run by themselves suspend as well.
$log = [];
EventLoop::queue(function () use ($api, &$log) {
    $future = $api->messages->getBotCallbackAnswer(button('slow'), ['async' => true]);
    $log[] = 'asked';
    $log[] = $future->await()['message'];
});
EventLoop::queue(function () use (&$log) {
    Tools::sleep(0.05);
    $log[] = 'slept';
    $log[] = Tools::wait((fn () => yield 'of a generator')());
});
$forked = Tools::callFork(function () use ($press, &$log) { $log[] = $press('no'); return 'forked'; });
echo $forked->await(), "\n";
EventLoop::run();
sort($log);
echo implode(', ', $log), "\n";

// Many at a time.
$sum = 0;
foreach (range(1, 200) as $n) {
    EventLoop::queue(function () use ($n, $press, &$sum) { $sum += $press($n % 2 ? 'yes' : 'no') === ($n % 2 ? 'You pressed yes.' : 'You pressed no.') ? 1 : 0; });
}
EventLoop::run();
var_dump($sum, EventLoop::getIdentifiers());
?>
--EXPECT--
You pressed yes. false
You pressed yes. You pressed no. You pressed slow.
You pressed slow. true
forked
You pressed no., You pressed slow., asked, of a generator, slept
int(200)
array(0) {
}
