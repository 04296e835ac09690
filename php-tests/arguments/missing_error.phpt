--TEST--
Missing arguments have a default, or are named; null counts as missing
--FILE--
<?php
require __DIR__ . '/arguments.inc';

attempt('all defaults', 'messages.getHistory', []);
attempt('an object with a default', 'messages.sendMedia', ['peer' => ['_' => 'inputPeerSelf'], 'message' => 'x']);
attempt('an object without a default', 'account.updateNotifySettings', []);
attempt('null', 'account.updateNotifySettings', ['peer' => null, 'settings' => null]);
attempt('inside an object', 'messages.sendMedia', ['peer' => ['_' => 'inputPeerSelf'], 'media' => ['_' => 'inputMediaPoll']]);
attempt('inside a vector', 'messages.sendMultiMedia', ['peer' => ['_' => 'inputPeerSelf'], 'multi_media' => [['_' => 'inputSingleMedia', 'media' => ['_' => 'inputMediaPoll']]]]);
attempt('a bit without its value', 'messages.getDialogs', ['flags' => 2]);
foreach ([str_repeat('k', 32), base64_encode(str_repeat('k', 32)), 'short', 7] as $key) {
    attempt('fixed bytes from ' . json_encode($key), 'phone.joinGroupCall', [
        'call' => ['_' => 'inputGroupCall', 'id' => 1, 'access_hash' => 1], 'join_as' => ['_' => 'inputPeerSelf'], 'params' => [], 'public_key' => $key, 'block' => 'x',
    ]);
}
?>
--EXPECT--
all defaults: 40 bytes
an object with a default: 28 bytes
an object without a default: danog\MadelineProto\TL\Exception: Missing required parameter peer
  While serializing account.updateNotifySettings → peer: expected a value for peer, found none
null: danog\MadelineProto\TL\Exception: Missing required parameter peer
  While serializing account.updateNotifySettings → peer: expected a value for peer, found none
inside an object: danog\MadelineProto\TL\Exception: Missing required parameter poll
  While serializing messages.sendMedia → media → poll: expected a value for poll, found none
inside a vector: danog\MadelineProto\TL\Exception: Missing required parameter poll
  While serializing messages.sendMultiMedia → multi_media[0] → media → poll: expected a value for poll, found none
a bit without its value: danog\MadelineProto\TL\Exception: Missing required parameter folder_id
  While serializing messages.getDialogs → folder_id: expected a value for folder_id, found none
fixed bytes from "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk": 76 bytes
fixed bytes from "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=": 76 bytes
fixed bytes from "short": danog\MadelineProto\TL\Exception: Given value is not 32 bytes long
  While serializing phone.joinGroupCall → public_key: expected int256, found a string of 5 bytes
fixed bytes from 7: TypeError: strlen(): Argument #1 ($string) must be of type string, int given
  While serializing phone.joinGroupCall → public_key: expected int256, found the number 7
