--TEST--
start() tells what was wrong and asks the same question again
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$script = '<?php
    $self = (new \danog\MadelineProto\API($argv[1]))->start();
    echo "\n", $self["first_name"], ", then the script reads: ", fgets(STDIN);
';
foreach ([
    'code.madeline' => "12\n9996612001\n00000\n\n12345\nits own line\n",
    'password.madeline' => "9996612002\n12345\nwrong\ncorrect horse\nits own line\n",
    'bot.madeline' => "6000001:no-such-token\n6000001:sandbox-bot-token\nits own line\n",
] as $session => $input) {
    echo $sandbox->php($script, $input, [], [$session])[1], "\n";
}
?>
--EXPECT--
Enter your phone number (with its country code) or a bot token: The phone number is wrong.
Enter your phone number (with its country code) or a bot token: Enter the code: The login code is wrong.
Enter the code: The login code is missing.
Enter the code: 
Alice, then the script reads: its own line

Enter your phone number (with its country code) or a bot token: Enter the code: Enter your password (hint battery staple): The password is wrong.
Enter your password (hint battery staple): 
Bob, then the script reads: its own line

Enter your phone number (with its country code) or a bot token: This bot token does not exist.
Enter your phone number (with its country code) or a bot token: 
Button Bot, then the script reads: its own line

