--TEST--
Phone login, step by step: code, self, a second script with the saved session
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start();
$api = $sandbox->api();
var_dump($api->getAuthorization() === API::NOT_LOGGED_IN, $api->getSelf());
thrown(fn () => $api->messages->getDialogs(limit: 1));

$sent = $api->phoneLogin('+999 66 1 2001');
echo $sent['_'], ' ', $sent['type']['_'], ' ', $sent['type']['length'], ' ', $sent['phone_number'], "\n";
var_dump($api->getAuthorization() === API::WAITING_CODE);

$authorization = $api->completePhoneLogin('12345');
echo $authorization['_'], ' ', $authorization['user']['first_name'], ' ', $authorization['user']['last_name'], "\n";
var_dump($api->getAuthorization() === API::LOGGED_IN);

$self = $api->getSelf();
var_dump($self['_'], $self['self'], $self['bot'], $self['id'], $self['phone'], isset($self['access_hash']));
var_dump($api->start() == $api->getSelf());
thrown(fn () => $api->phoneLogin('9996612001'));
unset($api);

[$status, $output] = $sandbox->php('<?php
    $api = new \danog\MadelineProto\API("session.madeline");
    echo $api->start()["first_name"], " ", $api->getAuthorization(), "\n";
    echo $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: "yes")["message"], "\n";
');
echo $output;
?>
--EXPECT--
bool(true)
bool(false)
danog\MadelineProto\RPCErrorException: AUTH_KEY_UNREGISTERED (code 401, rpc AUTH_KEY_UNREGISTERED)
auth.sentCode auth.sentCodeTypeSms 5 +999 66 1 2001
bool(true)
auth.authorization Alice Ångström
bool(true)
string(4) "user"
bool(true)
bool(false)
int(5000001)
string(10) "9996612001"
bool(false)
bool(true)
danog\MadelineProto\Exception: This instance of MadelineProto is already logged in!
Alice 3
You pressed yes.
