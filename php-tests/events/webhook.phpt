--TEST--
A webhook gets each update as JSON, again where it did not take it, and after a restart what it never took
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

// A web server that refuses the first attempt.
$server = $sandbox->background(<<<'PHP'
    <?php
    $server = stream_socket_server('tcp://127.0.0.1:0');
    echo stream_socket_get_name($server, false), "\n";
    for ($attempt = 0; $attempt < 4;) {
        $client = stream_socket_accept($server, 30);
        $length = 0;
        $shown = trim(fgets($client)) . "\n";
        while (($line = trim(fgets($client))) !== '') {
            if (preg_match('/^(content-\w+): (.*)/i', $line, $header)) {
                $length = strtolower($header[1]) === 'content-length' ? (int) $header[2] : $length;
                $shown .= strtolower($header[1]) === 'content-type' ? "$header[2]\n" : '';
            }
        }
        $update = json_decode(stream_get_contents($client, $length), true);
        if ($update['message']['out'] ?? !isset($update['data'])) {
            // What the bot has sent itself, and what comes with it.
            fwrite($client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            continue;
        }
        echo $shown, $update['_'], ': ', $update['message']['message'] ?? json_encode($update['data']), "\n";
        $answer = $attempt === 2 ? '{"method": "messages.sendMessage", "peer": "@alice", "message": "from the webhook"}' : '';
        fwrite($client, ($attempt === 0 ? "HTTP/1.1 503 Busy" : "HTTP/1.1 200 OK") . "\r\nContent-Length: " . strlen($answer) . "\r\nConnection: close\r\n\r\n$answer");
        fclose($client);
        ++$attempt;
    }
    echo "done\n";
    PHP, 'server')->printed("\n");
$url = 'http://' . trim($server->output()) . '/hook?a=b';

$bot = $sandbox->background('<?php
    $api = new danog\MadelineProto\API("live.madeline");
    echo $api->get_self()["username"], "\n";
    $api->start();
    $api->setWebhook("' . $url . '");
    $api->setLoopCallback(function () { echo "running\n"; });
    $api->loop();
    echo "ended\n";
', 'bot')->printed('running');
$sandbox->push('alice', 'live', 'first');
$server->printed("first\nPOST")->printed("first\nPOST");
$sandbox->push('alice', 'live', 'second');
$server->printed('second');
$alice = $sandbox->user();
$alice->messages->getHistory(peer: '@live_bot', limit: 5);
try {
    $alice->messages->getBotCallbackAnswer(peer: '@live_bot', msg_id: 45, data: 'hello');
} catch (\danog\MadelineProto\RPCErrorException $e) {
    echo $e->rpc, "\n";
}
$server->wait();
$lines = explode("\n", $server->output());
echo implode("\n", array_slice($lines, 1));
echo $alice->messages->getHistory(peer: '@live_bot', limit: 1)['messages'][0]['message'], "\n";

// Nobody is there any more: a signal ends the attempts.
$sandbox->push('alice', 'live', 'third');
usleep(300_000);
var_dump($bot->signal(SIGTERM)->wait());
echo preg_replace('/(running\n)+/', "running\n", $bot->output());
?>
--EXPECT--
BOT_RESPONSE_TIMEOUT
POST /hook?a=b HTTP/1.1
application/json
updateNewMessage: first
POST /hook?a=b HTTP/1.1
application/json
updateNewMessage: first
POST /hook?a=b HTTP/1.1
application/json
updateNewMessage: second
POST /hook?a=b HTTP/1.1
application/json
updateBotCallbackQuery: {"_":"bytes","bytes":"aGVsbG8="}
done
from the webhook
int(0)
live_bot
running
ended
