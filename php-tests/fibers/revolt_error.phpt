--TEST--
Fibers of Revolt's loop: exceptions, one that is thrown into a waiting fiber, fibers that nobody holds, exit()
--FILE--
<?php
require __DIR__ . '/../coroutine/coroutine.inc';
require __DIR__ . '/../support/revolt.php';

use Revolt\EventLoop;

$api = user();
$press = fn (string $data) => $api->messages->getBotCallbackAnswer(button($data))['message'];

// Each gets its own error.
$log = [];
foreach (['data invalid', 'strange', 'yes'] as $data) {
    EventLoop::queue(function () use ($data, $press, &$log) {
        try {
            $log[] = $press($data);
        } catch (danog\MadelineProto\RPCErrorException $e) {
            $log[] = $e->rpc;
        }
    });
}
EventLoop::run();
sort($log);
echo implode(', ', $log), "\n";

// Thrown into the suspension: the call is dropped, nothing stays in the loop.
$suspension = null;
EventLoop::queue(function () use ($press, &$suspension) {
    $suspension = EventLoop::getSuspension();
    thrown(fn () => $press('slow'));
    echo $press('yes'), "\n";
});
EventLoop::delay(0.05, function () use (&$suspension) { $suspension->throw(new DomainException('cancelled')); });
EventLoop::run();
var_dump(EventLoop::getIdentifiers());

// One that nobody else holds: the loop does, as long as it waits.
$fiber = new Fiber(function () use ($press) {
    try {
        $press('slow');
        echo "went on\n";
    } finally {
        echo 'finally: ', $press('no'), "\n";
    }
});
$fiber->start();
var_dump($fiber->isSuspended(), count(EventLoop::getIdentifiers()));
unset($fiber, $suspension);
gc_collect_cycles();
EventLoop::run();
var_dump(EventLoop::getIdentifiers());

// Where fibers cannot be switched, a call blocks.
EventLoop::queue(function () use ($press) {
    $cycle = new class($press) {
        public ?object $self;
        public function __construct(private Closure $press) { $this->self = $this; }
        public function __destruct() { echo 'collected: ', ($this->press)('yes'), "\n"; }
    };
    unset($cycle);
    gc_collect_cycles();
});
EventLoop::run();

// The end of the script, in a fiber, and with fibers that wait.
$path = $api->getSessionName();
unset($api, $press);
gc_collect_cycles();
[$status, $output] = Sandbox::start()->php(sprintf('<?php
    require %s;
    use Revolt\EventLoop;
    register_shutdown_function(function () { echo "shut down\n"; });
    EventLoop::queue(function () {
        try {
            danog\MadelineProto\Tools::sleep(60);
        } finally {
            echo "waiting fiber ended\n";
        }
    });
    EventLoop::queue(function () { danog\MadelineProto\Tools::sleep(0.01); exit(5); });
    EventLoop::run();
', var_export(dirname(__DIR__) . '/support/revolt.php', true)));
echo $output, $status, "\n";
?>
--EXPECT--
DATA_INVALID, SOMETHING_NEW_7, You pressed yes.
DomainException: cancelled
You pressed yes.
array(0) {
}
bool(true)
int(1)
went on
finally: You pressed no.
array(0) {
}
collected: You pressed yes.
shut down
waiting fiber ended
5
