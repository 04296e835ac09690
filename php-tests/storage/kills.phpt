--TEST--
A bot is killed on one machine and goes on on another: no update is lost, and only what was in hand comes again
--SKIPIF--
<?php
foreach (['redis-server', 'mariadbd'] as $server) {
    if (!shell_exec("command -v $server")) die("skip $server is not installed");
}
if (!glob('/usr/lib/postgresql/*/bin/postgres')) die('skip PostgreSQL is not installed');
?>
--FILE--
<?php
require __DIR__ . '/../support/servers.inc';

$sandbox = Sandbox::start(null, '--control 0');
const BOT = <<<'PHP'
    <?php
    class Bot extends danog\MadelineProto\EventHandler
    {
        public function onStart(): void
        {
            echo "started\n";
        }
        public function onUpdateNewMessage(array $update): void
        {
            $text = $update['message']['message'] ?? '';
            if ($text === 'last') {
                $this->stop();
                return;
            }
            file_put_contents('NOTES', "$text\n", FILE_APPEND);
        }
    }
    $settings = (new danog\MadelineProto\Settings)->setDb(DATABASE);
    if (DIRECTORY === 'NAME-0.madeline') {
        (new danog\MadelineProto\API(DIRECTORY, $settings))->botLogin('6000002:live-bot-token');
    }
    Bot::startAndLoop(DIRECTORY, $settings);
    PHP;

foreach ((new Servers)->settings('bot') as $name => $settings) {
    $notes = $sandbox->path("$name.notes");
    file_put_contents($notes, '');
    $start = function (int $machine) use ($sandbox, $name, $settings): Background {
        $code = strtr(BOT, ['DATABASE' => $settings, 'DIRECTORY' => "'$name-$machine.madeline'", 'NOTES' => "$name.notes", 'NAME' => $name]);
        // Longer than the lease of a machine that was killed.
        return $sandbox->background($code, "$name-$machine", ['madelineproto.lock_timeout' => '60']);
    };
    $bot = $start(0)->printed('started');
    for ($n = 0; $n < 400; $n++) {
        $sandbox->push('alice', 'live', (string) $n);
        if ($n === 200) {
            $bot->kill();
            $bot = $start(1);
        }
    }
    $bot->printed('started');
    $sandbox->push('alice', 'live', 'last');
    $bot->wait();
    $handled = array_count_values(file($notes, FILE_IGNORE_NEW_LINES));
    $lost = array_diff(range(0, 399), array_keys($handled));
    echo $name, ': ', count($lost), ' lost, ', max($handled), ' times at most, ', array_sum($handled) - count($handled) <= 2 ? 'two again at most' : 'many again', "\n";
}
?>
--EXPECTREGEX--
redis: 0 lost, [12] times at most, two again at most
postgres: 0 lost, [12] times at most, two again at most
mysql: 0 lost, [12] times at most, two again at most
