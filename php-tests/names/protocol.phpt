--TEST--
ping and get_future_salts by name, before and after a login
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->api();
$show = fn (array $pong): string => "$pong[_] " . get_debug_type($pong['msg_id']) . ' ' . bin2hex($pong['ping_id']);
echo $show($api->ping(['ping_id' => 3])), "\n";
// A session whose first call was none for the API introduces itself afterwards all the same.
echo $api->help->getNearestDc()['_'], "\n";
$api->botLogin('6000001:sandbox-bot-token');
echo $show($api->ping(ping_id: 0x0102030405060708)), ' ', $show($api->API->method_call('ping', ['ping_id' => -1])), ' ', $show($api->ping([])), "\n";
$salts = $api->get_future_salts(['num' => 2]);
echo $salts['_'], ' ', count($salts['salts']), ' ', implode(' ', array_keys($salts['salts'][0])), ' ', $salts['salts'][0]['valid_until'] > $salts['now'] ? 'later' : 'over', "\n";
echo $show($api->methodCall('ping', ['ping_id' => 3])), "\n";

echo "what cannot be:\n";
thrown(fn () => $api->ping(['ping_id' => 'three']));
thrown(fn () => $api->get_future_salts(['num' => 1 << 40]));
thrown(fn () => $api->destroy_session(['session_id' => 1]));
thrown(fn () => $api->methodCall('req_pq', ['nonce' => '']));
ini_set('madelineproto.engine', 'grammers');
$other = $sandbox->api('other.madeline');
thrown(fn () => $other->ping(['ping_id' => 3]));
?>
--EXPECT--
pong int 0300000000000000
nearestDc
pong int 0807060504030201 pong int ffffffffffffffff pong int 0000000000000000
future_salts 2 _ valid_since valid_until salt later
pong int 0300000000000000
what cannot be:
danog\MadelineProto\TL\Exception: Given value isn't numeric
danog\MadelineProto\TL\Exception: Provided value 1099511627776 is bigger than 2147483647
Error: Call to undefined method danog\MadelineProto\API::destroy_session()
danog\MadelineProto\TL\Exception: Could not find method req_pq!
danog\MadelineProto\Exception: ping() belongs to the protocol, which the engine grammers keeps to itself
