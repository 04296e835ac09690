--TEST--
getInfo, getId and the lists of methods
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start();
$nobody = $sandbox->api('nobody.madeline');
var_dump($nobody->isSelfBot() || $nobody->isSelfUser() || $nobody->isPremium(), $nobody->getSelf(), $nobody->fullGetSelf());
$api = $sandbox->user();
var_dump($api->isSelfBot(), $api->isSelfUser());
$id = $api->getInfo('@bot', API::INFO_TYPE_ID);
$info = $api->getInfo('@bot');
var_dump(array_keys($info), $info['type'], $info['user_id'] === $id, $info['User']['username']);
var_dump(isset($info['User']['access_hash']), $api->getInfo($id, API::INFO_TYPE_TYPE));
echo implode(' ', array_keys($api->getInfo('@bot', API::INFO_TYPE_PEER))), "\n";
echo $api->getInfo('@bot', API::INFO_TYPE_CONSTRUCTOR)['_'], ' ', json_encode($api->getInfo('@bot', API::INFO_TYPE_USERNAMES)), "\n";
var_dump($api->getId('@bot') === $id, $api->getId(5));
thrown(fn () => $api->getId(['_' => 'peerChannel', 'channel_id' => 7]));
var_dump($api->getId('me') === $api->getSelf()['id']);
thrown(fn () => $api->getInfo('@nobody_has_this_name'));

var_dump(in_array('messages.sendMessage', $api->getAllMethods(), true), $api->getMethodNamespaces()['messages']);
var_dump(in_array(['messages' => 'sendMessage'], $api->getMethodsNamespaced(), true));
var_dump(str_ends_with($api->getSessionName(), '/user.madeline'), $api->isTestMode());
?>
--EXPECT--
bool(false)
bool(false)
bool(false)
bool(false)
bool(true)
array(4) {
  [0]=>
  string(4) "User"
  [1]=>
  string(7) "user_id"
  [2]=>
  string(10) "bot_api_id"
  [3]=>
  string(4) "type"
}
string(3) "bot"
bool(true)
string(3) "bot"
bool(true)
string(3) "bot"
_ user_id access_hash min
inputUser ["bot"]
bool(true)
int(5)
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
bool(true)
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
bool(true)
string(8) "messages"
bool(true)
bool(true)
bool(false)
