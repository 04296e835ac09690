--TEST--
A message that is too long goes in parts, cut at lines, and gives a list of results
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$alice = $sandbox->user();
/** The last messages of the chat with oneself, oldest first. */
$sent = fn (int $count) => array_reverse($alice->messages->getHistory(peer: 'me', limit: $count)['messages']);

$line = str_repeat('x', 99) . "\n";
$results = $alice->messages->sendMessage(peer: 'me', message: str_repeat($line, 90) . 'end', silent: true);
var_dump(array_is_list($results), count($results));
echo implode(' ', array_column($results, '_')), ' ', $results[2]['request']['_'], "\n";
foreach ($sent(3) as $message) {
    echo strlen($message['message']), ' ', substr($message['message'], -3) === 'end' ? 'end' : 'xxx', ' ', $message['silent'] ? 'silent' : 'loud', "\n";
}

echo "Entities: ";
$results = $alice->messages->sendMessage(peer: 'me', message: str_repeat('a', 4090) . ' <b>' . str_repeat("\u{1F40E}", 10) . '</b> end', parse_mode: 'HTML');
foreach ($sent(2) as $message) {
    echo json_encode(array_map(fn ($entity) => [$entity['_'], $entity['offset'], $entity['length']], $message['entities'] ?? [])), ' ';
}
echo "\nMarkup does not count: ";
$result = $alice->messages->sendMessage(peer: 'me', message: str_repeat('<b>aa</b>', 1000), parse_mode: 'HTML');
echo $result['_'], ' ', strlen($sent(1)[0]['message']), "\n";
echo "The longest that is one: ";
$result = $alice->messages->sendMessage(peer: 'me', message: str_repeat('b', 4096));
echo $result['_'], ' ', strlen($sent(1)[0]['message']), "\n";

echo "In the background: ";
$alice->methodCallWrite('messages.sendMessage', ['peer' => 'me', 'message' => str_repeat('c', 5000), 'queueId' => 'q']);
$alice->messages->sendMessage(peer: 'me', message: 'after', queueId: 'q');
echo implode(' ', array_map(strlen(...), array_column($sent(3), 'message'))), "\n";
thrown(fn () => $alice->messages->sendMessage(peer: '@gone_channel', message: str_repeat('d', 5000)));
?>
--EXPECT--
bool(true)
int(3)
updates updates updates messages.sendMessage
3999 xxx silent
3999 xxx silent
1003 end silent
Entities: [] [["messageEntityBold",0,20]] 
Markup does not count: updates 2000
The longest that is one: updates 4096
In the background: 4096 904 5
danog\MadelineProto\RPCError\ChannelInvalidError: CHANNEL_INVALID (code 400, rpc CHANNEL_INVALID)
