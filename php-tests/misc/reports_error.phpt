--TEST--
Nobody unknown can be told; who cannot be reached does not keep the others from it
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['errors'][] = ['method' => 'messages.sendMessage', 'peer' => 'erin', 'error' => ['code' => 403, 'text' => 'USER_IS_BLOCKED']];
});
$api = $sandbox->user();
thrown(fn () => $api->setReportPeers('@nobody_has_this_name'));
var_dump($api->hasReportPeers());
$api->setReportPeers(['@erin_e', 'me']);
$api->report('broken');
echo $api->messages->getHistory(peer: 'me', limit: 1)['messages'][0]['message'], "\n";
?>
--EXPECT--
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
bool(false)
broken
