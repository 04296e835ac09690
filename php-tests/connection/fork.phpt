--TEST--
Children of pcntl_fork work: with a session of their own, and the parent goes on
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->user();
echo 'parent: ', $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'yes')['message'], "\n";

$pid = pcntl_fork();
if ($pid === 0) {
    $own = $sandbox->bot('6000001:sandbox-bot-token', 'child.madeline');
    file_put_contents("$sandbox->directory/child", $own->getSelf()['first_name']);
    // Without the parent's shutdown functions, which stop its sandbox.
    pcntl_exec('/bin/true');
}
pcntl_waitpid($pid, $status);
echo 'child: ', @file_get_contents("$sandbox->directory/child"), "\n";
echo 'parent: ', $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'no')['message'], "\n";
?>
--EXPECT--
parent: You pressed yes.
child: Button Bot
parent: You pressed no.
