--TEST--
64 processes begin at once where a killed one has left its lock and its socket: one leads, all have their answers
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(null, '--control 0');
$sandbox->user();
gc_collect_cycles();
$sandbox->background('<?php
    $api = new \danog\MadelineProto\API("user.madeline");
    $api->help->getNearestDc();
    echo "leads";
    sleep(60);
', 'killed')->printed('leads')->kill();
$left = fn (string $name) => $sandbox->path("user.madeline/$name");
echo filetype($left('socket')), "\n";
// Its number is another process's now, which has nothing to do with the session.
file_put_contents($left('lock'), getmypid() . " 1\n");

$script = '<?php
    echo "waits";
    while (!file_exists("go")) usleep(1000);
    $api = new \danog\MadelineProto\API("user.madeline");
    foreach (["yes", "no"] as $data) {
        echo " ", $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: $data)["message"];
    }
';
$crowd = [];
foreach (range(1, 64) as $n) {
    $crowd[] = $sandbox->background($script, "one$n");
}
foreach ($crowd as $one) {
    $one->printed('waits');
}
touch($sandbox->path('go'));
$said = [];
foreach ($crowd as $one) {
    $said[] = $one->wait() . ' ' . $one->output();
}
print_r(array_count_values($said));
$api = $sandbox->api('user.madeline');
echo $api->getSelf()['first_name'], "\n";
echo $sandbox->ask(['do' => 'stats'])['duplicated'], " keys were used twice\n";
?>
--EXPECT--
socket
Array
(
    [0 waits You pressed yes. You pressed no.] => 64
)
Alice
0 keys were used twice
