<?php
// Logs in, presses an inline button and prints what the bot answers. Nothing here knows where the server is: without
// further settings that is Telegram; `make demo` points the same file at the sandbox through php.ini settings.

if (!file_exists('madeline.php')) {
    copy('https://phar.madelineproto.xyz/madeline.php', 'madeline.php');
}
include 'madeline.php';

$MadelineProto = new \danog\MadelineProto\API('session.madeline');
$MadelineProto->start();

$started = hrtime(true);
$answer = $MadelineProto->messages->getBotCallbackAnswer(['peer' => '@bot', 'msg_id' => 42, 'data' => 'yes']);
$milliseconds = (hrtime(true) - $started) / 1e6;

print_r($answer);
printf("answered in %.1f ms\n", $milliseconds);
