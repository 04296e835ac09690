--TEST--
What a script keeps in properties of the API object is there again when the session is opened the next time
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

final class Counter
{
    public function __construct(public int $seen)
    {
    }
}

$sandbox = Sandbox::start()->configure();
$api = $sandbox->api();
$api->greeted = ['alice' => true];
$api->greeted['bob'] = false;
$api->list[] = 'made by use';
$api->counter = new Counter(3);
$api->gone = 1;
unset($api->gone);
var_dump(isset($api->greeted), isset($api->gone), isset($api->API), isset($api->nothing), $api->nothing ?? 'default');
unset($api);

$api = $sandbox->api();
echo json_encode([$api->greeted, $api->list, $api->counter->seen, isset($api->gone)]), "\n";
$api->greeted['carol'] = true;
unset($api->list, $api->counter);
$kept = serialize($api);
unset($api);

$api = unserialize($kept);
echo json_encode([$api->greeted, isset($api->list), isset($api->counter)]), "\n";
unset($api);

// What meant something in earlier releases.
$api = $sandbox->api();
var_dump($api->session === $sandbox->path(), $api->API === $api, $api->logger instanceof \danog\MadelineProto\Logger);
$settings = $api->settings;
var_dump($settings['flood_timeout']['wait_if_lt']);
$settings['flood_timeout']['wait_if_lt'] = 7;
$api->settings = $settings;
var_dump($api->settings['flood_timeout']['wait_if_lt'], $api->getSettings()->getRpc()->getFloodTimeout());
$api->session = null;
var_dump($api->session === $sandbox->path());

// Another process finds them, too.
$api->shared = 'in another process';
unset($api);
[$status, $output] = $sandbox->php('<?php echo (new \danog\MadelineProto\API("session.madeline"))->shared, "\n"; exit(3);');
echo $status, ' ', $output;
?>
--EXPECT--
bool(true)
bool(false)
bool(true)
bool(false)
string(7) "default"
[{"alice":true,"bob":false},["made by use"],3,false]
[{"alice":true,"bob":false,"carol":true},false,false]
bool(true)
bool(true)
bool(true)
int(30)
int(7)
int(7)
bool(true)
3 in another process
