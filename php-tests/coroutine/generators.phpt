--TEST--
Generators run to their end: what they yield is sent back, awaited, or run within them, however deep
--FILE--
<?php
require __DIR__ . '/coroutine.inc';

use danog\MadelineProto\Future;
use danog\MadelineProto\Tools;

function returns(mixed $value, mixed ...$yields): Generator
{
    foreach ($yields as $yielded) {
        yield $yielded;
    }
    return $value;
}

echo json_encode(Tools::wait((function () {
    return [
        yield 1,
        yield null,
        yield 'text',
        yield [1, 'a' => 2],
        yield returns('inner', 1, 2),
        yield Future::complete('of a future'),
        yield ['x' => returns(1), 5 => Future::complete(2), 'plain' => 3, 'list' => [4]],
        yield ["\xff" => returns(1)] === ["\xff" => 1] ? 'wrong' : 'precedence',
        array_map(bin2hex(...), array_keys(yield ["\xff" => returns(1)])),
        yield [],
    ];
})())), "\n";

// A plain value is its own result; a generator that has begun goes on from where it stands.
var_dump(Tools::wait(5));
$begun = returns('end', 'first', 'second');
var_dump($begun->current(), Tools::wait($begun), Tools::wait($begun));

// Each within the next, on the heap.
$deep = (function (int $depth) use (&$deep) {
    return $depth === 0 ? 0 : 1 + yield $deep($depth - 1);
});
var_dump(Tools::wait($deep(20_000)));

// yield from stays what it is.
var_dump(Tools::wait((function () {
    $value = yield from returns('delegated', 1);
    return [$value, yield $value];
})())[1]);

// Those in an array run in turn, and each waits for itself.
$log = [];
$step = function (string $name, float ...$times) use (&$log) {
    foreach ($times as $time) {
        Tools::sleep($time);
        $log[] = $name;
    }
    yield;
    return strtoupper($name);
};
echo json_encode(Tools::wait((fn () => yield ['a' => $step('a', 0.3, 0.3), 'b' => $step('b', 0.1, 0.3)])())), "\n";
echo implode(' ', $log), "\n";
?>
--EXPECT--
[1,null,"text",{"0":1,"a":2},"inner","of a future",{"x":1,"5":2,"plain":3,"list":[4]},"precedence",["ff"],[]]
int(5)
string(5) "first"
string(3) "end"
string(3) "end"
int(20000)
string(9) "delegated"
{"a":"A","b":"B"}
b a b a
