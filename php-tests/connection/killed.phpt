--TEST--
A server that dies during a call: the call fails with its cause, it does not hang
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['callback_timeout_ms'] = 60_000;
});
$api = $sandbox->user();
pcntl_async_signals(true);
pcntl_signal(SIGALRM, fn () => $sandbox->kill());
pcntl_alarm(1);
try {
    $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'silent');
    echo "an answer from a dead server?\n";
} catch (\danog\MadelineProto\Exception $e) {
    var_dump($e->getMessage() !== '');
}
thrown(fn () => $api->messages->getDialogs(limit: 1));
?>
--EXPECTF--
bool(true)
danog\MadelineProto\Exception: %s127.0.0.1%s
