--TEST--
Exceptions that scripts cannot make or change refuse it
--FILE--
<?php
use danog\MadelineProto\RPCErrorException;

$e = RPCErrorException::make('FLOOD_WAIT_1', 420, 'x.y');
foreach ([
    fn () => new RPCErrorException('X', 'Y', 400, 'x.y'),
    fn () => new \danog\MadelineProto\RPCError\ChannelPrivateError(400, 'x.y'),
    fn () => RPCErrorException::make('X'),
    fn () => RPCErrorException::make('X', 'code', 'x.y'),
    fn () => $e->rpc = 'Y',
    fn () => $e->waitTime = 5,
    fn () => new \danog\MadelineProto\TL\Exception(),
    fn () => new \danog\MadelineProto\Exception('text', 0, 'no exception'),
    fn () => new \danog\MadelineProto\TransportError('four'),
] as $attempt) {
    try {
        $attempt();
        echo "nothing was thrown\n";
    } catch (Error $error) {
        echo $error::class, ': ', preg_replace('/, called in .*/', '', $error->getMessage()), "\n";
    }
}
?>
--EXPECT--
Error: Call to protected danog\MadelineProto\RPCErrorException::__construct() from global scope
Error: Call to protected danog\MadelineProto\RPCErrorException::__construct() from global scope
ArgumentCountError: danog\MadelineProto\RPCErrorException::make() expects at least 3 arguments, 1 given
TypeError: danog\MadelineProto\RPCErrorException::make(): Argument #2 ($code) must be of type int, string given
Error: Cannot modify readonly property danog\MadelineProto\RPCErrorException::$rpc
Error: Cannot modify readonly property danog\MadelineProto\RPCError\RateLimitError::$waitTime
ArgumentCountError: danog\MadelineProto\TL\Exception::__construct() expects at least 1 argument, 0 given
TypeError: danog\MadelineProto\Exception::__construct(): Argument #3 ($previous) must be of type ?Throwable, string given
TypeError: danog\MadelineProto\TransportError::__construct(): Argument #1 ($error) must be of type int, string given
