--TEST--
MTProtoToBotAPI(): what has no form in the bot API, what is incomplete, what contains itself
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$alice = $sandbox->user();
$message = ['_' => 'message', 'id' => 1, 'date' => 2, 'message' => 'text', 'peer_id' => 5000001];

thrown(fn () => $alice->MTProtoToBotAPI('text'));
thrown(fn () => $alice->MTProtoToBotAPI([5]));
thrown(fn () => $alice->MTProtoToBotAPI(["\xff" => null]));
thrown(fn () => $alice->MTProtoToBotAPI([new ArrayObject()]));
thrown(fn () => $alice->MTProtoToBotAPI(['_' => 'messageService', 'id' => 1]));
thrown(fn () => $alice->MTProtoToBotAPI(['_' => ['message']]));
thrown(fn () => $alice->MTProtoToBotAPI(['media' => ['_' => 'messageMediaPoll']] + $message));
thrown(fn () => $alice->MTProtoToBotAPI(['_' => 'updates', 'updates' => []]));
$endless = [];
$endless['a'] = &$endless;
thrown(fn () => $alice->MTProtoToBotAPI($endless));

echo "incomplete:\n";
thrown(fn () => $alice->MTProtoToBotAPI(['_' => 'message']));
thrown(fn () => $alice->MTProtoToBotAPI(array_diff_key($message, ['peer_id' => 0])));
thrown(fn () => $alice->MTProtoToBotAPI(['_' => 'updateNewMessage']));
thrown(fn () => $alice->MTProtoToBotAPI(['_' => 'updateNewMessage', 'message' => 5]));
thrown(fn () => $alice->MTProtoToBotAPI(['_' => 'messageMediaPhoto']));
thrown(fn () => $alice->MTProtoToBotAPI(['_' => 'photo', 'id' => 'x', 'sizes' => [['_' => 'photoSize', 'w' => 1, 'h' => 1, 'size' => 1]]]));
thrown(fn () => $alice->MTProtoToBotAPI(['_' => 'messageMediaDocument', 'document' => ['attributes' => [5, ['_' => 'documentAttributeVideo']]]]));
thrown(fn () => $alice->MTProtoToBotAPI(['_' => 'messageEntityTextUrl', 'offset' => 0, 'length' => 1]));

echo "unknown peers:\n";
thrown(fn () => $alice->MTProtoToBotAPI(['peer_id' => 987654] + $message));
thrown(fn () => $alice->MTProtoToBotAPI(['from_id' => []] + $message));
thrown(fn () => $alice->MTProtoToBotAPI(['from_id' => NAN] + $message));

ini_set('madelineproto.dialect', 'v7');
ini_set('madelineproto.log_level', 'none');
$old = new \danog\MadelineProto\API($sandbox->path('user.madeline'));
thrown(fn () => $old->MTProtoToBotAPI(['_' => 'messageService', 'id' => 1]));
?>
--EXPECTF--
TypeError: danog\MadelineProto\InternalDoc::MTProtoToBotAPI(): Argument #1 ($data) must be of type array, string given, called in %s on line %d
TypeError: MTProtoToBotAPI(): under key 0 there must be an array, int given
TypeError: MTProtoToBotAPI(): under key � there must be an array, null given
TypeError: An entity must be an array or of type danog\MadelineProto\EventHandler\Message\Entities\MessageEntity, ArrayObject given
AssertionError: Unknown entity type: messageService
AssertionError: Unknown entity type: 
AssertionError: Unknown entity type: messageMediaPoll
danog\MadelineProto\Exception: Could not find any message in {"_":"updates","updates":[]}!
danog\MadelineProto\Exception: MTProtoToBotAPI(): arrays are nested too deep, or contain themselves
incomplete:
danog\MadelineProto\Exception: Undefined array key "id" in this message (code 2)
danog\MadelineProto\Exception: Undefined array key "peer_id" in this message (code 2)
danog\MadelineProto\Exception: Undefined array key "message" in this updateNewMessage (code 2)
TypeError: MTProtoToBotAPI(): message must be of type array, int given
danog\MadelineProto\Exception: Undefined array key "photo" in this messageMediaPhoto (code 2)
TypeError: MTProtoToBotAPI(): id must be of type int, string given
danog\MadelineProto\Exception: Undefined array key "w" in this documentAttributeVideo (code 2)
danog\MadelineProto\Exception: Undefined array key "url" in an entity of type messageEntityTextUrl (code 2)
unknown peers:
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\Exception: Undefined array key "_" (code 2)
InvalidArgumentException: An invalid ID was specified!
danog\MadelineProto\TL\Conversion\Exception: Can't convert messageService to a bot API object
