--TEST--
Advertisements of a channel: the same for five minutes, and told when they were seen
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['channels']['news']['ads'] = ['Buy bread', 'Buy butter'];
    $world['channels']['quiet'] = ['title' => 'Quiet', 'username' => 'quiet_channel', 'creator' => 'alice'];
});
$api = $sandbox->user();
$ads = $api->getSponsoredMessages('@news_channel');
echo implode(', ', array_column($ads, 'message')), ' ', $ads[0]['_'], ' ', get_debug_type($ads[0]['random_id']), "\n";
var_dump($api->getSponsoredMessages($api->getId('@news_channel')) == $ads, $api->getSponsoredMessages('@quiet_channel'), $api->getSponsoredMessages('@bob_b'));
var_dump($api->viewSponsoredMessage('@news_channel', $ads[0]), $api->viewSponsoredMessage('@news_channel', (string) $ads[1]['random_id']));

echo "what cannot be:\n";
thrown(fn () => $api->viewSponsoredMessage('@news_channel', 'unknown'));
thrown(fn () => $api->viewSponsoredMessage('@news_channel', ['message' => 'Buy bread']));
thrown(fn () => $api->getSponsoredMessages('@nobody_has_this_name'));
thrown(fn () => $api->getSponsoredMessages(null));
thrown(fn () => $sandbox->bot('6000001:sandbox-bot-token')->getSponsoredMessages('@news_channel'));

echo "without the server, those that are known:\n";
$sandbox->kill();
echo count($api->getSponsoredMessages('@news_channel')), "\n";
?>
--EXPECTF--
Buy bread, Buy butter sponsoredMessage danog\MadelineProto\TL\Types\Bytes
bool(true)
NULL
NULL
bool(true)
bool(true)
what cannot be:
danog\MadelineProto\RPCErrorException: RANDOM_ID_INVALID (code 400, rpc RANDOM_ID_INVALID)
danog\MadelineProto\Exception: viewSponsoredMessage(): the message has no random_id
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
TypeError: danog\MadelineProto\InternalDoc::getSponsoredMessages(): Argument #1 ($peer) must be of type array|string|int, null given, called in %s on line %d
danog\MadelineProto\RPCErrorException: BOT_METHOD_INVALID (code 400, rpc BOT_METHOD_INVALID)
without the server, those that are known:
2
