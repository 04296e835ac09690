--TEST--
await() of a Future can be cancelled: the wait ends, and what is waited for goes on
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

/** With the interface of Amp\Cancellation. */
final class Cancellation
{
    public function __construct(private int $asked)
    {
    }

    public function throwIfRequested(): void
    {
        if (--$this->asked < 0) {
            throw new DomainException('enough');
        }
    }
}

$sandbox = Sandbox::start()->configure();
$api = $sandbox->api();
$future = $api->callFork(function () use ($api) {
    $api->sleep(0.3);
    return 'value';
});
thrown(fn () => $future->await(new Cancellation(3)));
thrown(fn () => $future->await(new Cancellation(0)));
thrown(fn () => $future->await(new ArrayObject()));
thrown(fn () => $future->await('later'));
var_dump($future->isComplete(), $future->await(new Cancellation(1000)), $future->await(null), $future->await());
// What is there already needs no wait.
var_dump($future->await(new Cancellation(0)));
?>
--EXPECTF--
DomainException: enough
DomainException: enough
TypeError: cancellation must be of type Amp\Cancellation, ArrayObject given
TypeError: danog\MadelineProto\Future::await(): Argument #1 ($cancellation) must be of type ?object, string given, called in %s
bool(false)
string(5) "value"
string(5) "value"
string(5) "value"
string(5) "value"
