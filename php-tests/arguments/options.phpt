--TEST--
Options among the arguments say how a call is made: flood limit, data centre, queue, takeout, cancellation
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['errors'] = [
        ['method' => 'help.getNearestDc', 'error' => ['code' => 420, 'text' => 'FLOOD_WAIT_1'], 'times' => 1],
        ['method' => 'help.getAppConfig', 'error' => ['code' => 420, 'text' => 'FLOOD_WAIT_1']],
    ];
});
$api = $sandbox->user();

echo "floodWaitLimit: ", $api->help->getNearestDc(floodWaitLimit: 2)['_'], "\n";
thrown(fn () => $api->help->getAppConfig(floodWaitLimit: 1));
thrown(fn () => $api->help->getAppConfig([], ['FloodWaitLimit' => '0']));

echo "datacenter: ";
foreach ([1, '1', '1_media', -1, 2] as $dc) {
    // help.getNearestDc names the data centre that was asked.
    echo $api->help->getNearestDc([], ['datacenter' => $dc])['this_dc'], ' ';
}
echo $api->help->getNearestDc()['this_dc'], "\n";

echo "queueId: ";
foreach ([['queueId' => 'a'], ['queue' => 'a'], ['queueId' => 7]] as $queue) {
    echo $api->messages->sendMessage(['peer' => 'me', 'message' => 'queued'], $queue)['_'], ' ';
}
echo "\n";
// One after the other although nobody waits for them.
foreach (range(1, 5) as $number) {
    $api->methodCallWrite('messages.sendMessage', ['peer' => 'me', 'message' => "number $number"], ['queueId' => 'b']);
}
$api->messages->sendMessage(peer: 'me', message: 'last', queueId: 'b');
$messages = array_column($api->messages->getHistory(peer: 'me', limit: 6)['messages'], 'message');
echo implode(', ', array_reverse($messages)), "\n";

echo "takeoutId: ";
$takeout = $api->account->initTakeoutSession(contacts: true)['id'];
echo $api->messages->getHistory(peer: 'me', limit: 1, takeoutId: $takeout)['messages'][0]['message'], ' ';
var_dump($api->account->finishTakeoutSession(success: true, takeoutId: (string) $takeout));

echo "cancellation: ";
$never = new class {
    public int $asked = 0;
    public function throwIfRequested(): void
    {
        $this->asked++;
    }
};
echo $api->help->getNearestDc(cancellation: $never)['_'], ' ', $never->asked > 0 ? 'asked' : 'not asked', ' ';
echo $api->help->getNearestDc(cancellation: null)['_'], "\n";

echo "ParseMode: ";
foreach (danog\MadelineProto\ParseMode::cases() as $mode) {
    echo $api->extractMessage($api->messages->sendMessage(peer: 'me', message: '*a* <b>b</b>', parse_mode: $mode))['message'], ', ';
}
echo "\n";

// Unknown keys are ignored, and options that are nothing too.
echo $api->help->getNearestDc(unknown: 1, madelineMsgId: null, botAPI: false, postpone: true, file: true)['_'], "\n";
?>
--EXPECT--
floodWaitLimit: nearestDc
danog\MadelineProto\RPCError\FloodWaitError: FLOOD_WAIT_1 (code 420, rpc FLOOD_WAIT_1)
danog\MadelineProto\RPCError\FloodWaitError: FLOOD_WAIT_1 (code 420, rpc FLOOD_WAIT_1)
datacenter: 1 1 1 1 2 2
queueId: updates updates updates 
number 1, number 2, number 3, number 4, number 5, last
takeoutId: last bool(true)
cancellation: nearestDc asked nearestDc
ParseMode: a <b>b</b>, *a* b, *a* <b>b</b>, 
nearestDc
