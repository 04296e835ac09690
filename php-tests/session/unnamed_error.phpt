--TEST--
A session without a name, one that does not exist, one that another object has open
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Serialization;

$sandbox = Sandbox::start()->configure();
ini_set('madelineproto.log_level', 'none');
ini_set('madelineproto.lock_timeout', '0');
chdir($sandbox->directory);
$api = new API([]);
thrown(fn () => $api->serialize());
thrown(fn () => Serialization::deserialize('nothing.madeline'));
thrown(fn () => Serialization::serialize('a.madeline', new stdClass()));
thrown(fn () => new API(5));
file_put_contents('file.madeline', 'a session of another program');
try {
    $api->serialize('file.madeline');
} catch (\danog\MadelineProto\Exception $e) {
    echo str_contains($e->getMessage(), 'file.madeline') ? "a file is not overwritten\n" : $e->getMessage();
}
echo file_get_contents('file.madeline'), "\n";
$other = new API('other.madeline');
try {
    $api->serialize('other.madeline');
} catch (\danog\MadelineProto\Exception $e) {
    echo str_contains($e->getMessage(), 'other.madeline') ? "nor a session that is open\n" : $e->getMessage();
}
var_dump($api->getAuthorization());
?>
--EXPECTF--
danog\MadelineProto\Exception: The session has no name yet: give serialize() the path to keep it at
danog\MadelineProto\Exception: File does not exist
TypeError: danog\MadelineProto\Serialization::serialize(): Argument #2 ($instance) must be of type danog\MadelineProto\InternalDoc, stdClass given%S
TypeError: danog\MadelineProto\API::__construct(): Argument #1 ($session) must be of type string, 5 given
a file is not overwritten
a session of another program
nor a session that is open
int(0)
