<?php
// A whole script, as short as they get: start with a saved session, one call.

$MadelineProto = new \danog\MadelineProto\API('session.madeline');
$MadelineProto->start();
$answer = $MadelineProto->messages->getBotCallbackAnswer(['peer' => '@bot', 'msg_id' => 42, 'data' => 'yes']);
exit($answer['_'] === 'messages.botCallbackAnswer' ? 0 : 1);
