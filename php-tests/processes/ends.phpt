--TEST--
A process that has the connections ends, in order or by kill -9: the others go on, and a call that was lost says why
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(null, '--control 0');
$sandbox->user();
gc_collect_cycles();
$leader = fn (string $name) => $sandbox->background('<?php
    $api = new \danog\MadelineProto\API("user.madeline");
    $api->help->getNearestDc();
    echo "leads";
    while (!file_exists("end")) usleep(1000);
    echo " and ends";
', $name)->printed('leads');
$press = fn ($api) => $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'yes')['message'];

$first = $leader('first');
$api = $sandbox->api('user.madeline');
echo $press($api), "\n";

// In order, with a call on its way: it is answered first.
$sandbox->ask(['do' => 'delay_answer', 'ms' => 400, 'on' => ['method' => 'messages.getBotCallbackAnswer']]);
$slow = $sandbox->background('<?php
    $api = new \danog\MadelineProto\API("user.madeline");
    echo $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: "no")["message"];
    echo ", ", $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: "yes")["message"];
', 'slow');
$executed = fn () => $sandbox->ask(['do' => 'stats'])['methods']['messages.getBotCallbackAnswer']['results'];
while ($executed() < 2) usleep(1000);
touch($sandbox->path('end'));
echo $first->wait(), ' ', $first->output(), "\n";
echo $slow->wait(), ' ', $slow->output(), "\n";
echo $press($api), "\n";
unlink($sandbox->path('end'));
unset($api);
gc_collect_cycles();

// Killed, with two calls on their way: what may be repeated is, the other says who ended.
$second = $leader('second');
$api = $sandbox->api('user.madeline');
$sandbox->ask(['do' => 'ignore', 'on' => ['method' => 'messages.sendMessage']]);
$sandbox->ask(['do' => 'ignore', 'on' => ['method' => 'messages.getHistory']]);
$read = $sandbox->background('<?php
    $api = new \danog\MadelineProto\API("user.madeline");
    echo count($api->messages->getHistory(peer: "@bot", limit: 1)["messages"]), " message";
', 'read');
preg_match('/\d+/', file_get_contents($sandbox->path('user.madeline/lock')), $pid);
usleep(300_000);
pcntl_async_signals(true);
pcntl_signal(SIGALRM, fn () => $second->signal(9));
pcntl_alarm(1);
try {
    $api->messages->sendMessage(peer: '@bot', message: 'lost');
} catch (\danog\MadelineProto\Exception $e) {
    echo str_replace($pid[0], 'PID', $e->getMessage()), "\n";
}
echo $second->wait(), "\n";
echo $press($api), "\n";
echo $read->wait(), ' ', $read->output(), "\n";
?>
--EXPECT--
You pressed yes.
0 leads and ends
0 You pressed no., You pressed yes.
You pressed yes.
messages.sendMessage: the connection to DC 2 ended before the answer came, so the server may or may not have executed it: process PID, which has the session's connections, has ended
signal 9
You pressed yes.
0 1 message
