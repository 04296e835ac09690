--TEST--
start() asks on the command line for what it needs, and again after a mistake
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$script = '<?php
    $api = new \danog\MadelineProto\API($argv[1]);
    $self = $api->start();
    echo "\nlogged in: ", $self["first_name"], "\n";
';
$run = function (string $session, string $input) use ($sandbox, $script) {
    [$status, $output] = $sandbox->php($script, $input, [], [$session]);
    preg_match('/logged in: .*/', $output, $match);
    echo $session, ': ', $match[0] ?? $output, ' (', $status, ")\n";
};
$run('phone', "9996612001\n12345\n");
$run('phone', '');
$run('password', "+999 66 1 2002\n12345\ncorrect horse\n");
$run('bot', "6000001:sandbox-bot-token\n");
$run('signup', "9996612009\n12345\nZoë\n\n");

[$status, $output] = $sandbox->php($script, '', [], ['nobody there']);
echo $status, ' ', preg_match('/Uncaught danog.MadelineProto.Exception: (.*)/', $output, $match) ? 'said why' : $output, "\n";
?>
--EXPECT--
phone: logged in: Alice (0)
phone: logged in: Alice (0)
password: logged in: Bob (0)
bot: logged in: Button Bot (0)
signup: logged in: Zoë (0)
255 said why
