--TEST--
RPCErrorException::make() gives the class, message and description of an error
--FILE--
<?php
use danog\MadelineProto\RPCErrorException;

foreach ([
    ['CHANNEL_INVALID', 400], ['CHANNEL_PRIVATE', 400], ['DATA_INVALID', 400], ['MESSAGE_ID_INVALID', 400],
    ['PEER_ID_INVALID', 400], ['AUTH_KEY_DUPLICATED', 406], ['Timeout', -503], ['TIMEOUT', 500], ['BOT_RESPONSE_TIMEOUT', 400],
    ['FLOOD_WAIT_31', 420], ['FLOOD_PREMIUM_WAIT_3', 420], ['SLOWMODE_WAIT_10', 420], ['FLOOD_WAIT_31', 400],
    ['PASSWORD_TOO_FRESH_86400', 400], ['SOMETHING_NEW', 400], ['SOMETHING_NEW_7', 400], ['', 0],
] as [$rpc, $code]) {
    $e = RPCErrorException::make($rpc, $code, 'messages.getBotCallbackAnswer');
    echo substr($e::class, 20), ' ', json_encode([$e->rpc, $e->getMessage(), $e->getCode(), $e->getLocalization()]), "\n";
}
$cause = new LogicException('the cause');
$e = RPCErrorException::make('CHANNEL_PRIVATE', 400, 'x.y', $cause);
var_dump($e->getPrevious() === $cause, $e->getLine(), $e->getFile() === __FILE__, $e->description === $e->getLocalization());
echo $e->getTLTrace(), "\n", str_replace(__FILE__, '{FILE}', (string) $e), "\n";
?>
--EXPECT--
RPCError\ChannelInvalidError ["CHANNEL_INVALID","CHANNEL_INVALID",400,"The provided channel is invalid"]
RPCError\ChannelPrivateError ["CHANNEL_PRIVATE","CHANNEL_PRIVATE",400,"You haven't joined this channel\/supergroup"]
RPCErrorException ["DATA_INVALID","DATA_INVALID",400,"Encrypted data invalid"]
RPCErrorException ["MESSAGE_ID_INVALID","MESSAGE_ID_INVALID",400,"The provided message id is invalid"]
RPCError\PeerIdInvalidError ["PEER_ID_INVALID","PEER_ID_INVALID",400,"The provided peer id is invalid"]
RPCErrorException ["AUTH_KEY_DUPLICATED","AUTH_KEY_DUPLICATED",406,"An auth key with the same ID was already generated"]
RPCErrorException ["Timeout","Timeout",-503,"Timeout while fetching data"]
RPCErrorException ["TIMEOUT","TIMEOUT",500,"TIMEOUT"]
RPCErrorException ["BOT_RESPONSE_TIMEOUT","BOT_RESPONSE_TIMEOUT",400,"The bot did not answer in time"]
RPCError\FloodWaitError ["FLOOD_WAIT_31","FLOOD_WAIT_31",420,"Too many requests of this kind, please repeat the call in 31 seconds"]
RPCError\FloodPremiumWaitError ["FLOOD_PREMIUM_WAIT_3","FLOOD_PREMIUM_WAIT_3",420,"Too many requests of this kind, please repeat the call in 3 seconds"]
RPCError\RateLimitError ["SLOWMODE_WAIT_10","SLOWMODE_WAIT_10",420,"Too many requests of this kind, please repeat the call in 10 seconds"]
RPCErrorException ["FLOOD_WAIT_31","FLOOD_WAIT_31",400,"Too many calls of this kind, a pause is needed"]
RPCErrorException ["PASSWORD_TOO_FRESH_86400","PASSWORD_TOO_FRESH_86400",400,"The two-step password is too new for this"]
RPCErrorException ["SOMETHING_NEW","SOMETHING_NEW",400,"SOMETHING_NEW"]
RPCErrorException ["SOMETHING_NEW_7","SOMETHING_NEW_7",400,"SOMETHING_NEW_X"]
RPCErrorException ["","",0,""]
bool(true)
int(14)
bool(true)
bool(true)
make.php(14):	x.y
Telegram returned an RPC error: You haven't joined this channel/supergroup (400) (CHANNEL_PRIVATE), caused by {FILE}:14

TL trace:
make.php(14):	x.y
