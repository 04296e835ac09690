--TEST--
The 2FA password is set, changed and removed; a recovery address counts once it is confirmed
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start();
$alice = $sandbox->user();

/** Logs in once more. */
function login(Sandbox $sandbox, ?string $password): string
{
    static $number = 0;
    $api = $sandbox->api('again-' . $number++ . '.madeline');
    $api->phoneLogin('9996612001');
    $asked = $api->completePhoneLogin('12345');
    if ($password === null) {
        return $asked['_'];
    }
    return $asked['_'] . ', hint "' . $asked['hint'] . '", ' . $api->complete2faLogin($password)['user']['first_name'];
}

echo login($sandbox, null), "\n";
var_dump($alice->update2fa(['new_password' => 'first', 'hint' => 'number']));
echo login($sandbox, 'first'), "\n";
$alice->update2fa(['password' => 'first', 'new_password' => "second \u{1F40E}"]);
echo login($sandbox, "second \u{1F40E}"), "\n";
$alice->update_2fa(['password' => "second \u{1F40E}"]);
echo login($sandbox, null), "\n";

thrown(fn () => $alice->update2fa(['new_password' => 'third', 'hint' => 'h', 'email' => 'alice@example.com']));
echo login($sandbox, null), "\n";
echo $alice->account->getPassword()['email_unconfirmed_pattern'], "\n";
var_dump($alice->account->confirmPasswordEmail(code: '12345'));
echo login($sandbox, 'third'), "\n";
var_dump($alice->account->getPassword()['has_recovery']);

echo "only the address: ";
thrown(fn () => $alice->update2fa(['password' => 'third', 'email' => 'a@example.org']));
$alice->account->confirmPasswordEmail(code: '12345');
echo login($sandbox, 'third'), "\n";
?>
--EXPECT--
auth.authorization
NULL
account.password, hint "number", Alice
account.password, hint "", Alice
auth.authorization
danog\MadelineProto\RPCErrorException: The e-mail address has to be confirmed with the code that was sent to it (code 400, rpc EMAIL_UNCONFIRMED_5)
auth.authorization
a***@example.com
bool(true)
account.password, hint "h", Alice
bool(true)
only the address: danog\MadelineProto\RPCErrorException: The e-mail address has to be confirmed with the code that was sent to it (code 400, rpc EMAIL_UNCONFIRMED_5)
account.password, hint "h", Alice
