--TEST--
Options with values that cannot be used are exceptions that name them
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->user();
$bot = $sandbox->bot('6000001:sandbox-bot-token');

$call = fn (array $options) => $api->help->getNearestDc([], $options);
thrown(fn () => $call(['floodWaitLimit' => 'long']));
thrown(fn () => $call(['floodWaitLimit' => 1.5]));
thrown(fn () => $call(['datacenter' => 0]));
thrown(fn () => $call(['datacenter' => 'two']));
thrown(fn () => $call(['datacenter' => []]));
thrown(fn () => $call(['datacenter' => 77]));
thrown(fn () => $call(['datacenter' => PHP_INT_MIN]));
thrown(fn () => $call(['queueId' => []]));
thrown(fn () => $call(['takeoutId' => 'x']));
thrown(fn () => $call(['takeoutId' => 12345]));
thrown(fn () => $api->account->finishTakeoutSession());
thrown(fn () => $call(['businessConnectionId' => 1.5]));
thrown(fn () => $bot->help->getNearestDc(businessConnectionId: 'connection'));
thrown(fn () => $call(['madelineMsgId' => 5]));
thrown(fn () => $call(['botAPI' => true]));
thrown(fn () => $call(['cancellation' => 5]));
thrown(fn () => $call(['cancellation' => new stdClass]));

/** As Amp's. */
final class Cancelled extends RuntimeException
{
}
final class Cancellation
{
    public function __construct(private float $until)
    {
    }
    public function throwIfRequested(): void
    {
        if (microtime(true) > $this->until) {
            throw new Cancelled('The operation was cancelled');
        }
    }
}
thrown(fn () => $call(['cancellation' => new Cancellation(0)]));
// A bot that does not answer.
thrown(fn () => $api->messages->getBotCallbackAnswer(
    peer: '@bot',
    msg_id: 42,
    data: 'silent',
    cancellation: new Cancellation(microtime(true) + 0.05),
));
// What comes afterwards is answered as ever.
echo $call([])['_'], "\n";
?>
--EXPECT--
danog\MadelineProto\Exception: `floodWaitLimit` must be an int, 'long' was given
danog\MadelineProto\Exception: `floodWaitLimit` must be an int, float was given
danog\MadelineProto\Exception: `datacenter` must be the number of a data centre, 0 was given
danog\MadelineProto\Exception: `datacenter` must be the number of a data centre, 'two' was given
danog\MadelineProto\Exception: `datacenter` must be the number of a data centre, array was given
danog\MadelineProto\Exception: no address of DC 77 is known, only of [DC 1, DC 2]
danog\MadelineProto\Exception: `datacenter` must be the number of a data centre, -9223372036854775808 was given
danog\MadelineProto\Exception: `queueId` must be a string, array was given
danog\MadelineProto\Exception: `takeoutId` must be an int, 'x' was given
danog\MadelineProto\RPCErrorException: TAKEOUT_INVALID (code 400, rpc TAKEOUT_INVALID)
danog\MadelineProto\RPCErrorException: TAKEOUT_REQUIRED (code 403, rpc TAKEOUT_REQUIRED)
danog\MadelineProto\Exception: `businessConnectionId` must be a string, float was given
danog\MadelineProto\RPCErrorException: BUSINESS_CONNECTION_INVALID (code 400, rpc BUSINESS_CONNECTION_INVALID)
danog\MadelineProto\Exception: `madelineMsgId` cannot be used: the numbers of messages are the session's, which makes and checks them
danog\MadelineProto\Exception: `botAPI` cannot be used: results are arrays of Telegram's API
TypeError: cancellation must be of type Amp\Cancellation, int given
TypeError: cancellation must be of type Amp\Cancellation, stdClass given
Cancelled: The operation was cancelled
Cancelled: The operation was cancelled
nearestDc
