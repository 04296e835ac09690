--TEST--
Who is told when something goes wrong: kept with the session, reached by report()
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->user();
var_dump($api->hasReportPeers(), $api->hasAdmins(), $api->getAdminIds());
$api->report('nobody listens');
$api->setReportPeers(['me', '@erin_e']);
var_dump($api->hasReportPeers(), $api->getAdminIds());
$api->report('*something* broke', 'Markdown');
foreach (['me', '@erin_e'] as $peer) {
    $message = $api->messages->getHistory(peer: $peer, limit: 1)['messages'][0];
    echo $message['message'], ' ', $message['entities'][0]['_'], "\n";
}
unset($api);
$api = new \danog\MadelineProto\API($sandbox->path('user.madeline'));
$api->setReportPeers($api->getAdminIds()[1]);
var_dump($api->getAdminIds() === [5000005]);
$api->set_report_peers([]);
var_dump($api->hasReportPeers());
?>
--EXPECT--
bool(false)
bool(false)
array(0) {
}
bool(true)
array(2) {
  [0]=>
  int(5000001)
  [1]=>
  int(5000005)
}
something broke messageEntityBold
something broke messageEntityBold
bool(true)
bool(false)
