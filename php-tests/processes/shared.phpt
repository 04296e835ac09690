--TEST--
Several processes use one session at once: their calls go over the connection of the first, also while its PHP code is busy
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(null, '--control 0');
$api = $sandbox->user();
$connections = fn () => $sandbox->ask(['do' => 'stats'])['accepted'];
$before = $connections();

$script = '<?php
    $api = new \danog\MadelineProto\API("user.madeline");
    for ($n = 0; $n < 50; $n++) {
        $data = $n % 2 ? "yes" : "no";
        $message = $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: $data)["message"];
        if ($message !== "You pressed $data.") {
            exit("wrong answer: $message");
        }
    }
    try {
        $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 4711, data: "yes");
    } catch (\danog\MadelineProto\RPCErrorException $e) {
        echo $e->rpc, " ";
    }
    echo $api->getSelf()["first_name"], " is done";
';
$others = [];
foreach (range(1, 4) as $n) {
    $others[] = $sandbox->background($script, "other$n");
}
// Busy, without a call.
$end = hrtime(true) + 30_000_000_000;
while (array_filter($others, fn ($other) => $other->isRunning()) && hrtime(true) < $end) {
    for ($n = 0; $n < 100_000; $n++);
}
foreach ($others as $other) {
    echo $other->wait(), ' ', $other->output(), "\n";
}
echo $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'yes')['message'], "\n";
var_dump($connections() === $before);
?>
--EXPECT--
0 MESSAGE_ID_INVALID Alice is done
0 MESSAGE_ID_INVALID Alice is done
0 MESSAGE_ID_INVALID Alice is done
0 MESSAGE_ID_INVALID Alice is done
You pressed yes.
bool(true)
