--TEST--
Sessions that get their name at the end, as in releases 2 to 4: settings first, then serialize() or ->session
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Serialization;

$sandbox = Sandbox::start()->configure();
ini_set('madelineproto.log_level', 'none');
chdir($sandbox->directory);

$api = new API(['app_info' => ['lang_code' => 'en']]);
$temporary = $api->getSessionName();
$api->phone_login('9996612001');
$api->complete_phone_login('12345');
$api->kept = 'by the script';
var_dump($api->session, file_exists('old.madeline'));
var_dump($api->serialize('old.madeline') > 1000, file_exists('old.madeline/session.sqlite'), file_exists($temporary));
echo $api->session, ' ', $api->get_self()['first_name'], "\n";
var_dump($api->serialize() > 1000);
unset($api);

$api = Serialization::deserialize('old.madeline');
echo $api->get_self()['first_name'], ' ', $api->kept, ' ', $api->messages->getMessages(id: [42])['messages'][0]['to_id']['_'], "\n";
// Of a session with a name it is a copy, in place of what is there.
(new API('copy.madeline'))->getAuthorization();
gc_collect_cycles();
var_dump(Serialization::serialize('copy.madeline', $api) > 1000);
echo $api->getSessionName() === "$sandbox->directory/old.madeline" ? 'goes on where it was' : '?', "\n";
unset($api);
echo (new API('copy.madeline'))->getSelf()['first_name'], "\n";

$api = new API([]);
$api->session = 'third.madeline';
var_dump($api->getAuthorization(), is_dir('third.madeline'));
unset($api);

// One that never gets a name is gone with its object.
$api = new API([]);
$temporary = $api->getSessionName();
var_dump(is_dir($temporary), fileperms($temporary) & 0777);
unset($api);
clearstatcache();
var_dump(is_dir($temporary));
?>
--EXPECT--
string(0) ""
bool(false)
bool(true)
bool(true)
bool(false)
old.madeline Alice
bool(true)
Alice by the script peerUser
bool(true)
goes on where it was
Alice
int(0)
bool(true)
bool(true)
int(448)
bool(false)
