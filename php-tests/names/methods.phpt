--TEST--
Methods answer to the names of all releases: snake case, any case, through ->API, by name
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->api();
echo $api->phone_login('9996612001')['_'], "\n";
echo $api->complete_phone_login('12345')['_'], "\n";
$me = $api->getSelf()['id'];
var_dump($api->get_self()['id'] === $me, $api->GETSELF()['id'] === $me, $api->Get_Self()['id'] === $me);
var_dump($api->API->get_self()['id'] === $me, $api->API === $api);
echo $api->get_info(id: '@bot')['type'], ' ', $api->get_info('@bot', type: \danog\MadelineProto\API::INFO_TYPE_TYPE), "\n";
echo $api->method_call('help.getNearestDc')['_'], ' ', $api->API->method_call('messages.getMessages', ['id' => [42]], ['datacenter' => 2])['_'], "\n";
// More arguments than are declared do no harm, as to functions written in PHP.
var_dump($api->get_self('more', 'than', 'declared')['id'] === $me);
// The style of releases 2 to 4 is a sign of what results should look like.
var_dump($api->messages->getMessages(id: [42])['messages'][0]['to_id']['_']);
?>
--EXPECT--
auth.sentCode
auth.authorization
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bot bot
nearestDc messages.messages
bool(true)
string(8) "peerUser"
