--TEST--
A bot that is connected elsewhere gets the press and answers it with setBotCallbackAnswer
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['callback_timeout_ms'] = 8000;
});

// The bot: another process, another session. It reads the query from the difference, as any client may.
$bot = '<?php
    $api = new \danog\MadelineProto\API("bot.madeline");
    $api->botLogin("6000002:live-bot-token");
    $state = $api->updates->getState();
    touch("bot-is-ready");
    for ($tries = 0; $tries < 400; ++$tries) {
        $difference = $api->updates->getDifference(pts: $state["pts"], date: $state["date"], qts: $state["qts"]);
        foreach ($difference["other_updates"] ?? [] as $update) {
            if ($update["_"] === "updateBotCallbackQuery") {
                $answered = $api->messages->setBotCallbackAnswer(
                    query_id: $update["query_id"],
                    message: "Hello from " . $update["data"],
                    alert: true,
                );
                echo "answered: ", var_export($answered, true), "\n";
                exit(0);
            }
        }
        usleep(20000);
    }
    echo "no query came\n";
';
file_put_contents("$sandbox->directory/bot.php", $bot);
$process = proc_open([...Sandbox::command($sandbox->ini()), 'bot.php'], [1 => ['pipe', 'w']], $pipes, $sandbox->directory);
$api = $sandbox->user();
while (!file_exists("$sandbox->directory/bot-is-ready") && proc_get_status($process)['running']) {
    usleep(10000);
}
echo json_encode($api->messages->getBotCallbackAnswer(peer: '@live_bot', msg_id: 45, data: 'hello')), "\n";
echo stream_get_contents($pipes[1]);
?>
--EXPECT--
{"_":"messages.botCallbackAnswer","alert":true,"has_url":false,"native_ui":true,"message":"Hello from hello","cache_time":0}
answered: true
