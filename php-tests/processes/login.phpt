--TEST--
A login goes on from process to process, each step in another; a logout in one is one in all
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->api('shared.madeline');
$open = '<?php $api = new \danog\MadelineProto\API("shared.madeline"); ';
$run = fn (string $code) => print($sandbox->php("$open $code")[1] . "\n");

$run('$api->phoneLogin("9996612002"); echo "code wanted";');
var_dump($api->getAuthorization() === $api::WAITING_CODE);
$run('$api->completePhoneLogin("12345"); echo "password wanted";');
var_dump($api->getAuthorization() === $api::WAITING_PASSWORD, $api->getHint());
$run('$api->complete2faLogin("correct horse"); echo "logged in";');
var_dump($api->getAuthorization() === $api::LOGGED_IN, $api->getSelf()['first_name']);

$run('$api->logout(); echo "logged out";');
var_dump($api->getAuthorization() === $api::LOGGED_OUT);
try {
    $api->help->getNearestDc();
} catch (\danog\MadelineProto\Exception $e) {
    echo $e->getMessage(), "\n";
}
$run('echo $api->getAuthorization() === $api::NOT_LOGGED_IN ? "a new session" : "?";');
?>
--EXPECTF--
code wanted
bool(true)
password wanted
bool(true)
string(14) "battery staple"
logged in
bool(true)
string(3) "Bob"
logged out
bool(true)
%slogged out%S
a new session
