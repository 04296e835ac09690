--TEST--
A user of another data centre is followed there
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->user('9996612003');
echo $api->getSelf()['first_name'], ' ', $api->exportAuthorization()[0], "\n";
unset($api);
[, $output] = $sandbox->php('<?php
    $api = new \danog\MadelineProto\API("user.madeline");
    $api->start();
    echo $api->fullGetSelf()["first_name"], "\n";
');
echo $output;
?>
--EXPECT--
Carol 1
Carol
