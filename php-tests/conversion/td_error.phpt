--TEST--
TDLib's forms: functions and updates that have none, messages without text, arrays that contain themselves
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$alice = Sandbox::start()->user();
$message = ['_' => 'message', 'id' => 1, 'date' => 2, 'message' => 'text', 'peer_id' => 5000001];
thrown(fn () => $alice->tdToMTProto(5));
thrown(fn () => $alice->tdToMTProto(['_' => 'getMe']));
thrown(fn () => $alice->tdToMTProto([]));
thrown(fn () => $alice->tdToMTProto(['_' => 'sendMessage', 'chat_id' => 5]));
thrown(fn () => $alice->tdToMTProto(['_' => 'sendMessage', 'input_message_content' => ['_' => 'inputMessagePhoto']]));
thrown(fn () => $alice->MTProtoToTd(['_' => 'updateUserTyping']));
thrown(fn () => $alice->MTProtoToTd(['message' => ''] + $message));
thrown(fn () => $alice->MTProtoToTd(array_diff_key($message, ['peer_id' => 0])));
thrown(fn () => $alice->MTProtoToTd(['peer_id' => 987654] + $message));
thrown(fn () => $alice->MTProtoToTdcli(['_' => 'updateUserTyping']));
thrown(fn () => $alice->tdcliToTd(['ID' => []]));
thrown(fn () => $alice->tdToTdcli(['_' => 5]));
$endless = ['_' => 'a'];
$endless['b'] = &$endless;
thrown(fn () => $alice->tdToTdcli($endless));
thrown(fn () => $alice->tdcliToTd($endless));
unset($endless['_']);
thrown(fn () => $alice->MTProtoToTd($endless));
?>
--EXPECTF--
TypeError: danog\MadelineProto\InternalDoc::tdToMTProto(): Argument #1 ($params) must be of type array, int given, called in %s on line %d
danog\MadelineProto\Exception: Undefined array key "getMe": of TDLib's functions only sendMessage can be converted (code 2)
danog\MadelineProto\Exception: Undefined array key "": of TDLib's functions only sendMessage can be converted (code 2)
danog\MadelineProto\TL\Conversion\Exception: Can't convert non text messages yet!
danog\MadelineProto\TL\Conversion\Exception: Can't convert non text messages yet!
danog\MadelineProto\Exception: Undefined array key "updateUserTyping": only updateNewMessage, message and messages.sendMessage can be converted to TDLib's form (code 2)
danog\MadelineProto\TL\Conversion\Exception: Can't convert non text messages yet!
danog\MadelineProto\Exception: Undefined array key "peer_id" in this message (code 2)
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\Exception: Undefined array key "updateUserTyping": only updateNewMessage, message and messages.sendMessage can be converted to TDLib's form (code 2)
TypeError: TDLib's form: ID must be of type string, array given
TypeError: TDLib's form: _ must be of type string, int given
danog\MadelineProto\Exception: TDLib's form: arrays are nested too deep, or contain themselves
danog\MadelineProto\Exception: TDLib's form: arrays are nested too deep, or contain themselves
danog\MadelineProto\Exception: TDLib's form: arrays are nested too deep, or contain themselves
