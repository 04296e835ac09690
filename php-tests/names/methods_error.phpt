--TEST--
Names that no release knows are PHP's own error; a TL method that scripts may not call stays forbidden by its name
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->user();
thrown(fn () => $api->noSuchApiMethod());
thrown(fn () => $api->no_such_api_method(1));
thrown(fn () => $api->__destroy());
thrown(fn () => $api->get_info());
thrown(fn () => $api->get_info(nobody: 1));
thrown(fn () => $api->method_call('messages.noSuchMethod'));
thrown(fn () => $api->method_call('auth.logOut'));
thrown(fn () => $api->method_call('messages.sendMessage', ['peer' => '@nobody_has_this_name', 'message' => 'a']));
?>
--EXPECT--
Error: Call to undefined method danog\MadelineProto\API::noSuchApiMethod()
Error: Call to undefined method danog\MadelineProto\API::no_such_api_method()
Error: Call to undefined method danog\MadelineProto\API::__destroy()
ArgumentCountError: danog\MadelineProto\InternalDoc::getInfo() expects at least 1 argument, 0 given
Error: Unknown named parameter $nobody
danog\MadelineProto\TL\Exception: Could not find method messages.noSuchMethod!
danog\MadelineProto\Exception: You cannot use this method directly: auth.logOut is part of how the session is kept. Use logout() instead
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
