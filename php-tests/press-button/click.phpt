--TEST--
Buttons in messages are objects that can be read like arrays and clicked
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$api = Sandbox::start()->user();
$message = $api->messages->getMessages(id: [42])['messages'][0];
[$first, $second] = $message['reply_markup']['rows'];
[$yes, $no, $bin] = $first['buttons'];
$website = $second['buttons'][0];

echo $yes::class, ' ', $yes->label, ' ', $yes['_'], ' ', $yes['data'], "\n";
echo json_encode($yes), "\n";
var_dump(isset($yes['data'], $yes['text']), isset($yes['url']));
echo bin2hex((string) $bin['data']), "\n";

var_dump($yes->click());
echo $yes->click(false)['message'], "\n";
echo $no->click(donotwait: false)['message'], "\n";
echo $bin->click(false)['message'], "\n";
echo $website->click(), "\n";

// A copy that went through serialize() is still a button of this session.
$copy = unserialize(serialize($yes));
echo $copy->label, ' ', $copy['text'], "\n";

$api->messages->sendMessage(peer: '@bot', message: '/reply');
$reply = $api->messages->getHistory(peer: '@bot', limit: 1)['messages'][0]['reply_markup']['rows'];
$sent = $reply[0]['buttons'][1]->click(false);
echo $sent['_'], ' ', $api->messages->getHistory(peer: '@bot', limit: 1)['messages'][0]['message'], "\n";
var_dump($reply[1]['buttons'][0]->click(false));
?>
--EXPECT--
danog\MadelineProto\TL\Types\Button Yes keyboardButtonCallback yes
{"_":"keyboardButtonCallback","requires_password":false,"text":"Yes","data":{"_":"bytes","bytes":"eWVz"}}
bool(true)
bool(false)
ff000162696e
bool(true)
You pressed yes.
You pressed no.
You pressed binary.
https://example.com/
Yes Yes
updates No
bool(false)
