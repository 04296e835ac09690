--TEST--
logout ends the login on the server and removes the session
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start();
$api = $sandbox->user();
[$dc, $key] = $api->exportAuthorization();
$api->logout();
var_dump($api->getAuthorization() === API::LOGGED_OUT, strlen($key));
thrown(fn () => $api->messages->getDialogs(limit: 1));
unset($api);
var_dump(file_exists($sandbox->path('user.madeline')));
?>
--EXPECTF--
bool(true)
int(256)
%s
bool(false)
