--TEST--
Small forms of Amp's functions: failures and mistakes
--FILE--
<?php
require __DIR__ . '/../coroutine/coroutine.inc';

use Amp\Future;
use function Amp\async;

$api = Sandbox::start()->api();
thrown(fn () => Amp\delay(-1));
thrown(fn () => Amp\delay('soon'));
thrown(fn () => Amp\delay(0, true, new stdClass()));
thrown(fn () => async('no_such_function'));
thrown(fn () => async(fn () => throw new DomainException('failed'))->await());
thrown(fn () => Future\await([Future::complete(1), async(fn () => throw new DomainException('one of several'))]));
thrown(fn () => Future\await('text'));
thrown(fn () => Future\awaitFirst([]));
try {
    Future\awaitAny([async(fn () => throw new DomainException('first')), async(fn () => throw new DomainException('second'))]);
} catch (Amp\CompositeException $e) {
    echo implode(', ', array_map(fn (Throwable $e) => $e->getMessage(), $e->getReasons())), "\n";
}
thrown(fn () => Amp\ByteStream\buffer(5));
thrown(fn () => @Amp\File\read('/no/such/file'));
thrown(fn () => @Amp\File\write('/no/such/directory/file', ''));
thrown(fn () => Amp\no_such_function());
?>
--EXPECTF--
danog\MadelineProto\Exception: sleep(): -1 is no number of seconds to wait
TypeError: Amp\delay(): Argument #1 ($timeout) must be of type float, string given, called in %s on line %d
TypeError: Amp\delay(): Argument #3 ($cancellation) must be of type null, stdClass given, called in %s on line %d
TypeError: Amp\async(): Argument #1 ($closure) must be of type callable, string given, called in %s on line %d
DomainException: failed
DomainException: one of several
TypeError: expected an array of futures or something to iterate over, found string
Error: Nothing was given to wait for: the array is empty
first, second
TypeError: Amp\ByteStream\buffer(): expected a stream, found int
danog\MadelineProto\Exception: file_get_contents(/no/such/file) failed
danog\MadelineProto\Exception: file_put_contents(/no/such/directory/file) failed
Error: Call to undefined function Amp\no_such_function()
