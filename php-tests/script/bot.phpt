--TEST--
The example of a bot: asks for its token, answers, reports what fails to its administrator, stops, and goes on the next time
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$alice = $sandbox->user();
// The login by hand, once.
$sandbox->php('<?php (new danog\MadelineProto\API("bot.madeline"))->start();', "6000002:live-bot-token\n");
$code = file_get_contents(dirname(__DIR__, 2) . '/examples/bot.php');
$run = function (string $name, array $texts) use ($sandbox, $code) {
    $script = $sandbox->background($code, $name)->printed('answers so far');
    foreach ($texts as $text) {
        $sandbox->push('alice', 'live', $text);
    }
    return $script;
};

$script = $run('first', ['/start', '/fail', 'one < two', '/stop']);
var_dump($script->wait());
echo preg_replace('/^(#|LogicException|Stack).*\n/m', '', $script->output());
foreach (array_reverse($alice->messages->getHistory(peer: '@live_bot', limit: 20)['messages']) as $message) {
    if (!$message['out'] && $message['id'] !== 45) {
        echo '> ', strtok(preg_replace('/ in \/.*/', '', $message['message']), "\n"), ' ', json_encode(array_column($message['entities'] ?? [], '_')), "\n";
    }
}

$script = $run('second', ['again']);
var_dump($script->printed('answer 4')->signal(SIGINT)->wait());
echo $script->output();
?>
--EXPECT--
int(0)
I am @live_bot, 0 answers so far
answer 1
answer 2
answer 3
good night
> Hello! Write something, or /stop. ["messageEntityBold"]
> Surfaced: LogicException: as asked []
> You wrote: one < two ["messageEntityItalic"]
> Bye. []
int(0)
I am @live_bot, 3 answers so far
answer 4
good night
