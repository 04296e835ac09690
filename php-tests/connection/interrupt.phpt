--TEST--
Signals, pcntl handlers and exit() act while a call waits
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['callback_timeout_ms'] = 60_000;
});
$api = $sandbox->user();
pcntl_async_signals(true);
$press = fn () => $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'silent');

pcntl_signal(SIGALRM, function () {
    throw new \RuntimeException('the handler ran');
});
pcntl_alarm(1);
$before = hrtime(true);
thrown($press);
var_dump((hrtime(true) - $before) / 1e9 < 5);

// The connection is still good.
echo $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'yes')['message'], "\n";
unset($api, $press);
gc_collect_cycles();

$script = '<?php
    pcntl_async_signals(true);
    pcntl_signal(SIGALRM, function () { exit(7); });
    register_shutdown_function(function () { echo "shut down\n"; });
    $api = new \danog\MadelineProto\API("user.madeline");
    pcntl_alarm(1);
    $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: "silent");
';
[$status, $output] = $sandbox->php($script);
echo $output, $status, "\n";

// SIGINT without a handler ends the process, as anywhere in PHP.
file_put_contents("$sandbox->directory/waits.php", '<?php
    $api = new \danog\MadelineProto\API("user.madeline");
    $api->start();
    touch("waiting");
    $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: "silent");
');
$process = proc_open([...Sandbox::command($sandbox->ini()), 'waits.php'], [], $pipes, $sandbox->directory);
while (!file_exists("$sandbox->directory/waiting")) {
    usleep(10_000);
}
usleep(100_000);
proc_terminate($process, SIGINT);
while (($state = proc_get_status($process))['running']) {
    usleep(10_000);
}
var_dump($state['signaled'], $state['termsig']);
?>
--EXPECT--
RuntimeException: the handler ran
bool(true)
You pressed yes.
shut down
7
bool(true)
int(2)
