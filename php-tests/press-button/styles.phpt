--TEST--
Every style of call reaches the same button: array, two arrays, named arguments, callables, every form of peer
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\TL\Types\Bytes;

$api = Sandbox::start()->user();
$request = ['peer' => '@bot', 'msg_id' => 42, 'data' => 'yes'];
$bot = $api->getInfo('@bot')['bot_api_id'];

$calls = [
    'array' => fn () => $api->messages->getBotCallbackAnswer($request),
    'two arrays' => fn () => $api->messages->getBotCallbackAnswer(['peer' => '@bot', 'msg_id' => 42], ['data' => 'yes']),
    'first array wins' => fn () => $api->messages->getBotCallbackAnswer($request, ['data' => 'no']),
    'named' => fn () => $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'yes'),
    'unpacked' => fn () => $api->messages->getBotCallbackAnswer(...$request),
    'first-class callable' => fn () => ($api->messages->getBotCallbackAnswer(...))($request),
    'call_user_func' => fn () => call_user_func([$api->messages, 'getBotCallbackAnswer'], $request),
    'kept namespace' => function () use ($api, $request) {
        $messages = $api->messages;
        return $messages->getBotCallbackAnswer($request);
    },
    'name without @' => fn () => $api->messages->getBotCallbackAnswer(peer: 'bot', msg_id: 42, data: 'yes'),
    'other case' => fn () => $api->messages->getBotCallbackAnswer(peer: '@BoT', msg_id: 42, data: 'yes'),
    'link' => fn () => $api->messages->getBotCallbackAnswer(peer: 'https://t.me/bot', msg_id: 42, data: 'yes'),
    'id' => fn () => $api->messages->getBotCallbackAnswer(peer: $bot, msg_id: 42, data: 'yes'),
    'id as text' => fn () => $api->messages->getBotCallbackAnswer(peer: "$bot", msg_id: '42', data: 'yes'),
    'peer array' => fn () => $api->messages->getBotCallbackAnswer(peer: ['_' => 'peerUser', 'user_id' => $bot], msg_id: 42, data: 'yes'),
    'message as peer' => fn () => $api->messages->getBotCallbackAnswer(
        peer: $api->messages->getHistory(peer: '@bot', limit: 1)['messages'][0],
        msg_id: 42,
        data: 'yes',
    ),
    'Bytes' => fn () => $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: new Bytes('yes')),
    'bytes array' => fn () => $api->messages->getBotCallbackAnswer(
        peer: '@bot',
        msg_id: 42,
        data: ['_' => 'bytes', 'bytes' => base64_encode('yes')],
    ),
    'unknown keys' => fn () => $api->messages->getBotCallbackAnswer($request + ['nonsense' => 1]),
    'reference' => function () use ($api, &$request) {
        $data = &$request['data'];
        return $api->messages->getBotCallbackAnswer($request);
    },
];
foreach ($calls as $style => $call) {
    echo str_pad($style, 22), $call()['message'], "\n";
}
?>
--EXPECT--
array                 You pressed yes.
two arrays            You pressed yes.
first array wins      You pressed yes.
named                 You pressed yes.
unpacked              You pressed yes.
first-class callable  You pressed yes.
call_user_func        You pressed yes.
kept namespace        You pressed yes.
name without @        You pressed yes.
other case            You pressed yes.
link                  You pressed yes.
id                    You pressed yes.
id as text            You pressed yes.
peer array            You pressed yes.
message as peer       You pressed yes.
Bytes                 You pressed yes.
bytes array           You pressed yes.
unknown keys          You pressed yes.
reference             You pressed yes.
