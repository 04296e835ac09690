--TEST--
Calls under way at the same time: async, multiple and noResponse
--FILE--
<?php
require __DIR__ . '/coroutine.inc';

use danog\MadelineProto\Future;
use danog\MadelineProto\Tools;

$api = user();
$press = fn (string $data) => $api->messages->getBotCallbackAnswer(button($data), ['async' => true]);

// The later answer was asked for first.
[$slow, $yes] = [$press('slow'), $press('yes')];
var_dump($slow instanceof Future, $slow->isComplete());
echo $yes->await()['message'], ' ', json_encode($slow->isComplete()), "\n";
echo $slow->await()['message'], ' ', json_encode($slow->isComplete()), "\n";
// As often as one likes.
echo $slow->await()['message'], "\n";

// In generators, with keys; and the first of them.
$answers = Tools::wait((fn () => yield ['s' => $press('slow'), 'y' => $press('yes'), 'n' => $press('no')])());
echo json_encode(array_map(fn (array $answer) => $answer['message'], $answers)), "\n";
echo Tools::wait(Tools::first([$press('slow'), $press('no')]))['message'], "\n";

// Also as arguments by name and by method_call; "async" that is not true changes nothing.
echo $api->messages->getBotCallbackAnswer(...button('yes'), async: true)->await()['message'], "\n";
echo $api->methodCall('messages.getBotCallbackAnswer', button('no'), ['async' => true])->await()['message'], "\n";
echo $api->messages->getBotCallbackAnswer(button('yes'), ['async' => false])['message'], "\n";

// What was asked stands beside the updates, as in a call that waits.
$sent = $api->messages->sendMessage(['peer' => '@bot', 'message' => 'hello'], ['async' => true])->await();
echo $sent['request']['_'], ' ', $sent['request']['body']['message'], "\n";

// Several calls of one method, under their keys.
foreach ([
    $api->messages->getBotCallbackAnswer([button('slow'), button('yes'), button('no'), 'multiple' => true]),
    $api->messages->getBotCallbackAnswer([7 => button('slow'), 3 => button('yes')], ['multiple' => true]),
    $api->messages->getBotCallbackAnswer([button('slow'), button('yes')], ['multiple' => true, 'async' => true])->await(),
    $api->messages->getBotCallbackAnswer(['multiple' => true]),
] as $answers) {
    echo json_encode(array_map(fn (array $answer) => $answer['message'], $answers)), "\n";
}

// Sent, and forgotten.
var_dump($api->messages->sendMessage(['peer' => '@bot', 'message' => 'no answer wanted'], ['noResponse' => true]));
var_dump($api->messages->sendMessage([['peer' => '@bot', 'message' => 'first'], ['peer' => '@bot', 'message' => 'second']], ['multiple' => true, 'noResponse' => true]));
$history = $api->messages->getHistory(peer: '@bot', limit: 3)['messages'];
echo implode(', ', array_column(array_reverse($history), 'message')), "\n";

// Nobody waits for the answer; the call goes out all the same.
$api->messages->sendMessage(['peer' => '@bot', 'message' => 'dropped'], ['async' => true]);
echo $api->messages->getHistory(peer: '@bot', limit: 1)['messages'][0]['message'], "\n";
?>
--EXPECT--
bool(true)
bool(false)
You pressed yes. false
You pressed slow. true
You pressed slow.
{"s":"You pressed slow.","y":"You pressed yes.","n":"You pressed no."}
You pressed no.
You pressed yes.
You pressed no.
You pressed yes.
messages.sendMessage hello
["You pressed slow.","You pressed yes.","You pressed no."]
{"7":"You pressed slow.","3":"You pressed yes."}
["You pressed slow.","You pressed yes."]
[]
NULL
NULL
no answer wanted, first, second
dropped
