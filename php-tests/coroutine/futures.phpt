--TEST--
Futures: their methods, and those of Tools that make them
--FILE--
<?php
require __DIR__ . '/coroutine.inc';

use danog\MadelineProto\Future;
use danog\MadelineProto\Tools;

$wait = fn (mixed $promise) => print json_encode(Tools::wait($promise)) . "\n";
$later = function (mixed $value, float $time): Generator {
    Tools::sleep($time);
    yield;
    if ($value instanceof Throwable) {
        throw $value;
    }
    return $value;
};
$error = fn (string $text) => new RangeException($text);
$text = fn (mixed $value) => $value instanceof Throwable ? $value->getMessage() : $value;

$wait(Tools::all(['a' => $later(1, 0.2), 'b' => $later(2, 0.1), 'c' => 3, 'd' => Future::complete(4)]));
$wait(Tools::first([$later(1, 0.3), $later(2, 0.1), $later($error('early'), 0)]));
[$errors, $values] = Tools::wait(Tools::any(['x' => $later($error('x failed'), 0), 'y' => $later('y', 0.1)]));
echo json_encode([array_map($text, $errors), $values]), "\n";
[$errors, $values] = Tools::wait(Tools::some([$later(1, 0), $later($error('second'), 0)]));
echo json_encode([array_map($text, $errors), $values]), "\n";

$wait(Tools::call($later('called', 0)));
$wait(Tools::call('plain'));
$wait(Tools::after($later(1, 0.1), $later('after', 0)));
$wait(Tools::after(fn () => $later(1, 0), fn () => 'functions'));
$wait(Tools::timeout($later('in time', 0), 5000));
$wait(Tools::timeoutWithDefault($later('too late', 5), 50, 'default'));
$wait(Tools::timeoutWithDefault($later('in time', 0), 5000));

// Forked: at once, or when somebody waits.
$order = [];
$note = function (string $what) use (&$order) { $order[] = $what; return $what; };
$now = Tools::callFork(fn (string ...$words) => $note(implode(' ', $words)), 'at', 'once');
$deferred = Tools::callForkDefer($note, 'deferred');
$note('script');
$wait([$deferred, $now]);
echo implode(', ', $order), "\n";
$wait(Tools::callFork($later('a generator', 0)));
$wait(Tools::callFork(fn () => $later('a function that returns one', 0)));

// On API objects, under their old names as well.
$api = user();
$wait($api->all([$later(1, 0)]));
$wait($api->call_fork(fn () => 'forked'));
$wait(danog\MadelineProto\AsyncTools::call(1));

// As in Amp.
$future = Future::complete(2);
var_dump($future->isComplete(), $future->map(fn (int $n) => $n * 21)->await());
var_dump(Future::error($error('caught'))->catch(fn (Throwable $e) => $e->getMessage())->await());
var_dump($future->catch(fn () => 'not called')->await());
var_dump($future->finally(function () { echo "finally\n"; })->await());
var_dump($future->ignore() === $future);
Future::complete('resolved')->onResolve(function (?Throwable $e, mixed $value) { var_dump($e, $value); });

// A cycle is collected.
$weak = WeakReference::create($cycle = Future::complete($holder = new ArrayObject()));
$holder[] = $cycle;
unset($holder, $cycle);
gc_collect_cycles();
var_dump($weak->get());
?>
--EXPECT--
{"a":1,"b":2,"c":3,"d":4}
2
[{"x":"x failed"},{"y":"y"}]
[{"1":"second"},[1]]
"called"
"plain"
"after"
"functions"
"in time"
"default"
"in time"
["deferred","at once"]
at once, script, deferred
"a generator"
"a function that returns one"
[1]
"forked"
1
bool(true)
int(42)
string(6) "caught"
int(2)
finally
int(2)
bool(true)
NULL
string(8) "resolved"
NULL
