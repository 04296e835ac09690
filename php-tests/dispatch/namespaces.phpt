--TEST--
Namespaces live as long as they are used, take arbitrary properties on the API object, and tell what does not exist
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$api = Sandbox::start()->user();
$api->note = ['kept' => true];
var_dump($api->note['kept'], isset($api->nothing));
thrown(function () use ($api) { $api->messages = null; });
echo get_debug_type(@$api->nothing), "\n";
thrown(fn () => $api->noSuchMethod());
thrown(fn () => $api->messages->noSuchMethod(['peer' => 'me']));
thrown(fn () => $api->messages->noSuchMethod('positional'));
thrown(fn () => $api->auth->signIn(phone_number: '1'));
thrown(fn () => $api->users->getUsers(id: ['me']));

$help = $api->help;
$call = $api->help->getNearestDc(...);
unset($api);
echo $help->getNearestDc()['_'], ' ', $call()['_'], ' ', call_user_func([$help, 'getNearestDc'], [])['_'], "\n";
?>
--EXPECTF--
bool(true)
bool(false)
Error: Cannot modify readonly property danog\MadelineProto\InternalDoc::$messages
null
Error: Call to undefined method danog\MadelineProto\API::noSuchMethod()
danog\MadelineProto\TL\Exception: Could not find method messages.noSuchMethod!
danog\MadelineProto\TL\Exception: Could not find method messages.noSuchMethod!
danog\MadelineProto\Exception: You cannot use this method directly: auth.signIn %s. Use completePhoneLogin() instead
danog\MadelineProto\Exception: You cannot use this method directly: users.getUsers %s. Use getInfo(), getFullInfo() or getPwrChat() instead
nearestDc nearestDc nearestDc
