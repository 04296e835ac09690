--TEST--
Without an API id it is asked for once; the session remembers it
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$without = ['madelineproto.api_id' => '', 'madelineproto.api_hash' => ''];
$login = '<?php $api = new \danog\MadelineProto\API("session.madeline"); $api->phoneLogin("9996612001"); echo "state ", $api->getAuthorization(), "\n";';
echo $sandbox->php($login, "id\n17\n0123456789abcdef0123456789abcdef\n", $without)[1];
$again = '<?php echo (new \danog\MadelineProto\API("session.madeline"))->completePhoneLogin("12345")["_"], "\n";';
echo $sandbox->php($again, '', $without)[1];
?>
--EXPECT--
An API id and an API hash are needed once: log in at https://my.telegram.org and open "API development tools".
Enter your API ID: The API id is a number, the API hash a text of 32 letters and digits.
Enter your API ID: Enter your API hash: state 1
auth.authorization
