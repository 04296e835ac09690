--TEST--
What a generator waits for throws at the yield; what it throws itself comes out of it, unchanged
--FILE--
<?php
require __DIR__ . '/coroutine.inc';

use danog\MadelineProto\Future;
use danog\MadelineProto\Tools;

function fails(string $text): Generator
{
    yield;
    throw new DomainException($text);
}

echo Tools::wait((function () {
    $caught = [];
    foreach ([fails('inner'), Future::error(new RangeException('future')), [Future::complete(1), fails('in an array')]] as $awaited) {
        try {
            yield $awaited;
        } catch (Exception $e) {
            $caught[] = $e->getMessage();
        }
    }
    return implode(', ', $caught);
})()), "\n";

thrown(fn () => Tools::wait(fails('not caught')));
thrown(fn () => Tools::wait((function () { yield fails('two levels'); })()));
try {
    Tools::wait(fails('line'));
} catch (DomainException $e) {
    echo $e->getLine(), ' ', $e->getTrace()[0]['function'], "\n";
}

// finally runs, in the order of the nesting.
thrown(fn () => Tools::wait((function () {
    try {
        yield (function () {
            try {
                yield fails('unwinds');
            } finally {
                echo "inner finally\n";
            }
        })();
    } finally {
        echo "outer finally\n";
    }
})()));

// One that waits for itself.
$self = (function () use (&$self) { yield $self; })();
thrown(fn () => Tools::wait($self));
// One that failed has no result to give a second time.
$failed = fails('once');
thrown(fn () => Tools::wait($failed));
thrown(fn () => Tools::wait($failed));

// The end of the script, inside.
[$status, $output] = Sandbox::start()->php('<?php
    use danog\MadelineProto\Tools;
    register_shutdown_function(function () { echo "shut down\n"; });
    Tools::wait((function () {
        try {
            yield [(function () { yield; exit(3); })(), (function () { yield; })()];
        } finally {
            echo "a waiting generator goes as anywhere in PHP\n";
        }
    })());
    echo "not reached\n";
');
echo $output, $status, "\n";
?>
--EXPECT--
inner, future, in an array
DomainException: not caught
DomainException: two levels
10 fails
inner finally
outer finally
DomainException: unwinds
Error: A generator waits for itself
DomainException: once
Exception: Cannot get return value of a generator that hasn't returned
a waiting generator goes as anywhere in PHP
shut down
3
