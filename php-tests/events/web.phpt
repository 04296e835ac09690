--TEST--
A loop on a web server: the browser gets a page at once; a script that ends before it was told to starts itself again
--FILE--
<?php
require __DIR__ . '/../support/web.inc';

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

$web = new Web($sandbox, <<<'PHP'
    <?php
    function note(string $text): void
    {
        file_put_contents('notes', "$text\n", FILE_APPEND);
    }
    if (isset($_GET['notes'])) {
        exit(file_get_contents('notes'));
    }
    class Bot extends danog\MadelineProto\EventHandler
    {
        public function onStart(): void
        {
            note('started as ' . preg_replace('/[0-9a-f]{16}/', 'token', $_SERVER['REQUEST_URI']));
        }
        public function onUpdateNewMessage(array $update): void
        {
            $text = $update['message']['message'];
            note($text);
            $text === 'exit' and exit;
            $text === 'restart' and $this->restart();
            $text === 'throw' and throw new danog\MadelineProto\SecurityException('it ends');
            $text === 'stop' and $this->stop();
        }
        public function onStop(): void
        {
            note('stopped');
        }
    }
    ob_start();
    echo '<!-- before it -->';
    Bot::startAndLoop('../live.madeline');
    note('after the loop');
    PHP);

/** The page, without waiting for the end of the connection. */
function page(Web $web, string $query): string
{
    $connection = stream_socket_client('tcp://' . $web->host());
    fwrite($connection, "GET /$query HTTP/1.1\r\nHost: somewhere.example\r\nConnection: close\r\n\r\n");
    stream_set_timeout($connection, 10);
    for ($page = ''; !str_contains($page, '</html>') && !feof($connection) && !stream_get_meta_data($connection)['timed_out'];) {
        $page .= fread($connection, 8192);
    }
    [$head, $body] = explode("\r\n\r\n", $page, 2);
    preg_match('/^Content-Length: (\d+)/mi', $head, $length);
    return $body . ((int) ($length[1] ?? 0) === strlen($body) ? '' : ' of another length');
}
function noted(Sandbox $sandbox, string $text, int $times): void
{
    for ($try = 0; substr_count((string) @file_get_contents($sandbox->path('web/notes')), "$text\n") < $times; ++$try) {
        $try < 2000 or exit("\"$text\" was not noted");
        usleep(5_000);
    }
}

echo page($web, '?a=1&MadelineSelfRestart=old'), "\n";
noted($sandbox, 'started as /?a=1&MadelineSelfRestart=old', 1);
foreach (['one', 'restart', 'exit', 'two', 'exit', 'stop'] as $number => $text) {
    $sandbox->push('alice', 'live', $text);
    noted($sandbox, $text, $text === 'exit' && $number > 2 ? 2 : 1);
}
echo $web->ask(query: '?notes'), "-\n";

// What ends the loop by an exception does not begin again.
page($web, '?again');
$sandbox->push('alice', 'live', 'throw');
echo implode("\n", array_slice(explode("\n", $web->ask(query: '?notes')), -4));
?>
--EXPECT--
<!-- before it --><html><body><h1>The bot has been started. This page can be closed.</h1><h2>Errors of this bot reach nobody: name yourself in its event handler</h2><code>public function getReportPeers() { return '@yourtelegramusername'; }</code></body></html>
started as /?a=1&MadelineSelfRestart=old
one
restart
stopped
started as /?a=1&MadelineSelfRestart=old
exit
stopped
started as /?a=1&MadelineSelfRestart=token
two
exit
stopped
started as /?a=1&MadelineSelfRestart=token
stop
stopped
after the loop
-
started as /?again
throw
stopped
