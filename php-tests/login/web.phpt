--TEST--
On a web server, start() shows a page for each step until somebody is logged in
--FILE--
<?php
require __DIR__ . '/../support/web.inc';

$sandbox = Sandbox::start();
$web = new Web($sandbox, '<?php
    ob_start();
    echo "before";
    $api = new \danog\MadelineProto\API($_GET["session"] ?? "session.madeline");
    register_shutdown_function(function () { echo "<!-- shut down -->"; });
    $self = $api->start();
    ob_end_clean();
    echo "Hello, ", $self["first_name"];
');

echo "a user with a password:\n";
$page = $web->ask();
echo Web::show($page), "\n", implode("\n", preg_grep('/^(Cache-Control|X-Frame-Options)/', $web->headers)), "\n";
var_dump(str_starts_with($page, 'before<!DOCTYPE html>'), str_contains($page, '<!-- shut down -->'));
echo Web::show($web->ask(['type' => 'phone'])), "\n";
echo Web::show($web->ask(['phone_number' => ' +999 66 1 2002 '])), "\n";
echo Web::show($web->ask()), "\n";
echo Web::show($web->ask(['phone_code' => ' '])), "\n";
echo Web::show($web->ask(['phone_code' => '11111'])), "\n";
echo Web::show($page = $web->ask(['phone_code' => '12345'])), "\n";
var_dump(str_contains($page, 'Hint: battery staple'), str_contains($page, '12345'));
echo Web::show($web->ask(['password' => 'wrong'])), "\n";
echo $web->ask(['password' => 'correct horse']), "\n";
echo $web->ask(), "\n";

echo "a bot:\n";
echo Web::show($web->ask(['type' => 'bot'], '?session=bot')), "\n";
echo Web::show($web->ask(['token' => 'wrong:token'], '?session=bot')), "\n";
echo $web->ask(['token' => '6000001:sandbox-bot-token'], '?session=bot'), "\n";

echo "a new user, who mistypes the number first:\n";
echo Web::show($web->ask(['phone_number' => 'no number'], '?session=new')), "\n";
echo Web::show($web->ask(['phone_number' => '9996612001'], '?session=new')), "\n";
echo Web::show($web->ask(['again' => '1'], '?session=new')), "\n";
echo Web::show($web->ask(['phone_number' => '9996612009'], '?session=new')), "\n";
echo Web::show($web->ask(['phone_code' => '12345'], '?session=new')), "\n";
echo Web::show($web->ask(['first_name' => ''], '?session=new')), "\n";
echo $web->ask(['first_name' => 'Zoë', 'last_name' => ''], '?session=new'), "\n";
?>
--EXPECT--
a user with a password:
How do you want to log in? [type]
Cache-Control: no-store
X-Frame-Options: SAMEORIGIN
bool(true)
bool(true)
With a phone number, as a user [phone_number again]
Telegram has sent you a code [phone_code again]
Telegram has sent you a code [phone_code again]
Telegram has sent you a code [phone_code again] !ERROR: The code is missing. Try again.
Telegram has sent you a code [phone_code again] !ERROR: The login code is wrong. Try again.
This account has a password [password again]
bool(true)
bool(false)
This account has a password [password again] !ERROR: The password is wrong. Try again.
Hello, Bob<!-- shut down -->
Hello, Bob<!-- shut down -->
a bot:
With a token, as a bot [token again]
With a token, as a bot [token again] !ERROR: This bot token does not exist. Try again.
Hello, Button Bot<!-- shut down -->
a new user, who mistypes the number first:
With a phone number, as a user [phone_number again] !ERROR: The phone number is wrong. Try again.
Telegram has sent you a code [phone_code again]
How do you want to log in? [type]
Telegram has sent you a code [phone_code again]
This number has no account yet [first_name last_name again]
This number has no account yet [first_name last_name again] !ERROR: The first name is missing. Try again.
Hello, Zoë<!-- shut down -->
