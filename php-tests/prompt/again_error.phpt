--TEST--
start() gives up after five wrong answers, and when the input ends
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$script = '<?php
    $api = new \danog\MadelineProto\API($argv[1]);
    try {
        $api->start();
    } catch (\Throwable $e) {
        echo "\n", $e::class, ": ", $e->getMessage(), ", state ", $api->getAuthorization();
    }
';
foreach ([
    'code.madeline' => "9996612001\n0\n1\n2\n3\n4\n12345\n",
    'end.madeline' => "9996612001\n",
    'nothing.madeline' => '',
] as $session => $input) {
    $output = $sandbox->php($script, $input, [], [$session])[1];
    echo substr($output, strrpos($output, "\n") + 1), ' after ', substr_count($output, ': ') - 1, " questions\n";
}
?>
--EXPECT--
danog\MadelineProto\RPCErrorException: PHONE_CODE_INVALID, state 0 after 6 questions
danog\MadelineProto\Exception: The input ended before the question "Enter the code:" was answered, state 1 after 2 questions
danog\MadelineProto\Exception: The input ended before the question "Enter your phone number (with its country code) or a bot token:" was answered, state 0 after 1 questions
