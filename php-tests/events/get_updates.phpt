--TEST--
getUpdates gives numbered updates until later ones are asked for, also to the next process
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

$api = new API($sandbox->path('live.madeline'));
$api->start();
$show = function (array $updates): array {
    foreach ($updates as $update) {
        echo $update['update_id'], ': ', $update['update']['_'], ' ', $update['update']['message']['message'] ?? '', "\n";
    }
    return $updates;
};

// Nothing was kept before the first call.
var_dump($api->getUpdates(['timeout' => 0]), $api->getUpdates(['timeout' => 0.2]));
$sandbox->push('alice', 'live', 'message {n}', 5);
$waited = $show($api->getUpdates(['limit' => 1, 'timeout' => INF]));
var_dump($waited[0]['update']['message']['from_id'], $waited[0]['update']['message']['peer_id']);
// The same ones until a later one is asked for.
usleep(300_000);
echo "-\n";
$show($api->getUpdates(['limit' => 2]));
echo "-\n";
$show($api->getUpdates(['offset' => 1, 'limit' => 2, 'timeout' => 5]));
echo "-\n";
$show($api->getUpdates(['offset' => -2]));
echo "-\n";
unset($api);

// Another process goes on with what is left, and with the numbers.
[$status, $output] = $sandbox->php('<?php
    $api = new danog\MadelineProto\API("live.madeline");
    $api->start();
    foreach ($api->getUpdates(["timeout" => 0]) as $update) {
        echo $update["update_id"], "\n";
    }
');
echo $output, $status, "\n";

// The oldest name, whose default was not to wait.
$api = new API($sandbox->path('live.madeline'));
$api->start();
$before = hrtime(true);
var_dump(count($api->get_updates(['offset' => 5])), hrtime(true) - $before < 5e9);
$sandbox->push('alice', 'live', 'old');
usleep(300_000);
$old = $api->get_updates();
echo $old[0]['update_id'], ' ', json_encode($old[0]['update']['message']['to_id']), "\n";

// It takes the updates from a handler.
$api->setCallback(fn () => null);
$api->getUpdates(['offset' => 6, 'timeout' => 0]);
var_dump($api->loop());
?>
--EXPECT--
array(0) {
}
array(0) {
}
0: updateNewMessage message 1
int(5000001)
int(5000001)
-
0: updateNewMessage message 1
1: updateNewMessage message 2
-
1: updateNewMessage message 2
2: updateNewMessage message 3
-
3: updateNewMessage message 4
4: updateNewMessage message 5
-
3
4
0
int(0)
bool(true)
5 {"_":"peerUser","user_id":5000001}
bool(false)
