--TEST--
cancellation ends the waits of calls that are async, of several, and of those that a function in a fiber makes
--FILE--
<?php
require __DIR__ . '/coroutine.inc';

use danog\MadelineProto\Tools;

/** As Amp's. */
final class Cancelled extends RuntimeException
{
}
final class Cancellation
{
    public int $asked = 0;
    public function __construct(private float $until = INF)
    {
    }
    public function throwIfRequested(): void
    {
        $this->asked++;
        if (microtime(true) > $this->until) {
            throw new Cancelled('The operation was cancelled');
        }
    }
}
$soon = fn () => new Cancellation(microtime(true) + 0.05);

$api = Sandbox::start(function (array &$world) {
    $world['callback_timeout_ms'] = 60_000;
    $world['bots']['bot']['callbacks'][] = ['data' => 'slow', 'message' => 'You pressed slow.', 'delay_ms' => 100];
    $world['messages'][0]['keyboard'][] = [['text' => 'Slow', 'data' => 'slow']];
})->user();
$press = fn (array $arguments, array ...$more) => $api->messages->getBotCallbackAnswer($arguments, ...$more);

echo "async:\n";
$silent = $press(button('silent'), ['async' => true, 'cancellation' => $soon()]);
$yes = $press(button('yes'), ['async' => true]);
echo $yes->await()['message'], "\n";
thrown(fn () => $silent->await());
thrown(fn () => $silent->await());
$never = new Cancellation();
$slow = $press(button('slow') + ['async' => true, 'cancellation' => $never]);
echo get_debug_type($slow), ' ', $slow->await()['message'], ' ', $never->asked > 1 ? 'asked' : 'not asked', "\n";
echo $press(button('yes'), ['async' => true, 'cancellation' => null])->await()['message'], "\n";
thrown(fn () => Tools::wait((fn () => yield $press(button('silent'), ['async' => true, 'cancellation' => $soon()]))()));

echo "several:\n";
thrown(fn () => $press([button('slow'), button('silent'), 'multiple' => true, 'cancellation' => $soon()]));
$answers = $press([3 => button('slow'), 1 => button('yes')], ['multiple' => true, 'cancellation' => $never]);
echo json_encode(array_map(fn (array $answer) => $answer['message'], $answers)), "\n";
// One of them alone, of which the others know nothing; in release 7's form of a future, too.
thrown(fn () => $press([button('slow'), button('silent') + ['cancellation' => $soon()]], ['multiple' => true]));
thrown(fn () => $press([button('silent'), 'multiple' => true, 'async' => true, 'cancellation' => $soon()])->await());
echo json_encode(array_map(fn ($answer) => $answer['message'], $press([button('slow') + ['cancellation' => $never]], ['multiple' => true, 'async' => true])->await())), "\n";

echo "without an answer:\n";
var_dump($press(button('yes'), ['noResponse' => true, 'cancellation' => $never]));

// What comes afterwards is answered as ever.
echo $press(button('yes'))['message'], "\n";
?>
--EXPECT--
async:
You pressed yes.
Cancelled: The operation was cancelled
Cancelled: The operation was cancelled
danog\MadelineProto\Future You pressed slow. asked
You pressed yes.
Cancelled: The operation was cancelled
several:
Cancelled: The operation was cancelled
{"3":"You pressed slow.","1":"You pressed yes."}
Cancelled: The operation was cancelled
Cancelled: The operation was cancelled
["You pressed slow."]
without an answer:
NULL
You pressed yes.
