--TEST--
Futures: failures, too few successes, what nobody waits for, mistakes
--FILE--
<?php
require __DIR__ . '/coroutine.inc';

use danog\MadelineProto\CompositeException;
use danog\MadelineProto\Future;
use danog\MadelineProto\Tools;

$fail = fn (string $text) => Future::error(new RangeException($text));

thrown(fn () => Tools::wait(Tools::all([Future::complete(1), $fail('one of all')])));
thrown(fn () => Tools::wait(Tools::first([])));
foreach (['first' => [[$fail('a'), $fail('b')]], 'some' => [['x' => $fail('x'), 'y' => 1], 2]] as $method => $arguments) {
    try {
        Tools::wait(Tools::$method(...$arguments));
    } catch (CompositeException $e) {
        echo $e->getMessage(), ': ', json_encode(array_map(fn (Throwable $e) => $e->getMessage(), $e->getReasons())), "\n";
    }
}
$slow = (function () { Tools::sleep(5); yield; })();
thrown(fn () => Tools::wait(Tools::timeout($slow, 10)));
thrown(fn () => Tools::timeout(1, -1));
thrown(fn () => Tools::rethrow(new DomainException('again')));

thrown(fn () => new Future());
thrown(fn () => serialize(Future::complete()));
thrown(fn () => clone Future::complete());
thrown(fn () => Future::complete(1)->map(fn () => throw new DomainException('in map'))->await());
thrown(fn () => $fail('through map')->map(fn () => 'not called')->await());
thrown(fn () => $fail('first')->finally(fn () => throw new DomainException('instead'))->await());
thrown(fn () => Tools::all('no array'));

// Only what waits for us may suspend our fibers.
thrown(fn () => Tools::wait(Tools::callFork(function () {
    try {
        Fiber::suspend();
    } finally {
        echo "its finally ran\n";
    }
})));

// What nobody waits for is logged.
$log = [];
danog\MadelineProto\Logger::constructor(danog\MadelineProto\Logger::CALLABLE_LOGGER, function ($text) use (&$log) { $log[] = $text; });
Tools::callFork(fn () => throw new DomainException('nobody looks'));
Tools::callForkDefer(fn () => throw new DomainException('nobody looks later'))->ignore();
Tools::sleep(0);
Tools::sleep(0.01);
echo implode("\n", array_filter($log, fn (string $line) => str_contains($line, 'Nobody'))), "\n";

// Fibers that the end of the script finds waiting are ended cleanly.
[$status, $output] = Sandbox::start()->php('<?php
    use danog\MadelineProto\Tools;
    Tools::callFork(function () {
        try {
            Tools::sleep(60);
            echo "not reached\n";
        } finally {
            echo "finally\n";
            Tools::sleep(0.01);
            echo "waited in finally\n";
        }
    });
    Tools::callFork(function () { Tools::sleep(0.01); exit(4); });
    Tools::sleep(60);
');
echo $output, $status, "\n";
?>
--EXPECTF--
RangeException: one of all
Error: Nothing was given to wait for: the array is empty
Not enough of what was waited for succeeded: 2 failed: ["a","b"]
Not enough of what was waited for succeeded: 1 failed: {"x":"x"}
danog\MadelineProto\TimeoutException: What was waited for did not come within 10 ms
danog\MadelineProto\Exception: timeout: -1 is no number of milliseconds to wait
DomainException: again
danog\MadelineProto\Exception: A Future is made by what it is the result of: a call with ['async' => true], or async()
Exception: Serialization of 'danog\MadelineProto\Future' is not allowed
Error: Trying to clone an uncloneable object of class danog\MadelineProto\Future
DomainException: in map
RangeException: through map
DomainException: instead
TypeError: danog\MadelineProto\AsyncTools::all(): Argument #1 ($promises) must be of type array, string given, called in %s on line %d
its finally ran
Error: Fiber::suspend() was called in a fiber of MadelineProto's async functions, which nobody would resume: wait with a call, a Future or Tools::sleep()
Nobody waits for what an asynchronous function threw: DomainException: nobody looks
finally
waited in finally
4
