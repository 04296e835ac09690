--TEST--
What is no function is no callback; one that throws does not keep the others from running
--FILE--
<?php
use danog\MadelineProto\Shutdown;

foreach (['no_such_function', [], null] as $value) {
    try {
        Shutdown::addCallback($value);
    } catch (TypeError $e) {
        echo strtok($e->getMessage(), ','), "\n";
    }
}
try {
    new Shutdown;
} catch (Error $e) {
    echo $e->getMessage(), "\n";
}
Shutdown::addCallback(fn () => throw new LogicException('mine'));
Shutdown::addCallback(fn () => print "runs all the same\n");
?>
--EXPECTF--
danog\MadelineProto\Shutdown::addCallback(): Argument #1 ($callback) must be of type callable
danog\MadelineProto\Shutdown::addCallback(): Argument #1 ($callback) must be of type callable
danog\MadelineProto\Shutdown::addCallback(): Argument #1 ($callback) must be of type callable
Cannot instantiate abstract class danog\MadelineProto\Shutdown
runs all the same

Fatal error: Uncaught LogicException: mine in %s:16
Stack trace:
#0 [internal function]: {closure}()
#1 [internal function]: danog\MadelineProto\Shutdown::run()
#2 {main}
  thrown in %s on line 16
