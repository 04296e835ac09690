--TEST--
The list of dialogs: ids, dialogs by id, and Peer constructors as releases before 8 gave them; of bots, whom they met
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['messages'][] = ['in' => 'news', 'text' => 'headline'];
    for ($i = 1; $i <= 120; ++$i) {
        $world['channels']["c$i"] = ['id' => 7100000 + $i, 'title' => "C $i", 'creator' => 'alice'];
        $world['messages'][] = ['in' => "c$i", 'text' => 'a', 'date' => 1700000000 + $i];
    }
});
ini_set('madelineproto.log_level', 'none');
$api = $sandbox->user();
$ids = $api->getDialogIds();
var_dump(count($ids), count(array_unique($ids)), in_array(6000001, $ids, true), in_array(-1000007000001, $ids, true));
$full = $api->getFullDialogs();
var_dump(array_keys($full) === $ids, $full[6000001]['_'], $full[6000001]['peer'], $full[-1000007000001]['peer']);

$peers = $api->getDialogs();
var_dump(count($peers), in_array(['_' => 'peerChannel', 'channel_id' => 7000001], $peers, true));
var_dump($api->getInfo(['_' => 'peerChannel', 'channel_id' => 7000001])['type']);
// getDialogs is a sign of a release before 8.
var_dump($api->getFullDialogs()[6000001]['peer']['_']);

$bot = $sandbox->bot('6000002:live-bot-token');
$bot->setReportPeers(5000001);
var_dump($bot->getDialogIds());
?>
--EXPECT--
int(123)
int(123)
bool(true)
bool(true)
bool(true)
string(6) "dialog"
int(6000001)
int(-1000007000001)
int(123)
bool(true)
string(7) "channel"
string(8) "peerUser"
array(2) {
  [0]=>
  int(5000001)
  [1]=>
  int(6000002)
}
