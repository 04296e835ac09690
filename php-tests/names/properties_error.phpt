--TEST--
Properties that are not there, that cannot be stored, or that hold the API object itself
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start()->configure();
$api = $sandbox->api();
thrown(fn () => $api->nosuchns->method(a: 1));
thrown(fn () => $api->nothing);
thrown(function () use ($api) { $api->messages = 1; });
thrown(function () use ($api) { $api->session = []; });
thrown(function () use ($api) { $api->settings = 'none'; });

$lines = [];
$settings = (new \danog\MadelineProto\Settings\Logger())
    ->setType(\danog\MadelineProto\Logger::CALLABLE_LOGGER)
    ->setExtra(function (mixed $line) use (&$lines) { $lines[] = $line; });
$api->updateSettings($settings);
$api->getSelf();
$api->callback = fn () => 1;
$api->itself = $api;
$api->within = ['api' => $api, 'kept' => 1];
$api->plain = 'stays';
$api->serialize();
foreach ($lines as $line) {
    if (str_contains($line, 'cannot be stored')) {
        echo $line, "\n";
    }
}
$api->within = $api->itself = null;
$api->within = ['api' => $api, 'kept' => 1];
$api->serialize();
$api->within = null;
$api->__destruct();
unset($api);
gc_collect_cycles();

$api = $sandbox->api();
echo json_encode([$api->plain, isset($api->callback), isset($api->itself)]), "\n";
?>
--EXPECT--
danog\MadelineProto\Exception: Undefined property: danog\MadelineProto\API::$nosuchns (code 2)
danog\MadelineProto\Exception: Undefined property: danog\MadelineProto\API::$nothing (code 2)
Error: Cannot modify readonly property danog\MadelineProto\InternalDoc::$messages
TypeError: API::$session is the path of a session: a string was expected, array given
danog\MadelineProto\Exception: Invalid setting (the API object's settings): expected a Settings object, one of its parts or an array, got "none"
The property callback cannot be stored with the session
The property itself cannot be stored with the session
["stays",false,false]
