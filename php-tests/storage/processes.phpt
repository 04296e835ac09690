--TEST--
Several processes of one machine use a session on a server, and whoever has it is killed again and again: no update is lost, no call gets a wrong answer, and another machine goes on with all of it
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
const LOGIN = '<?php
    (new danog\MadelineProto\API("NAME.madeline", DATABASE))->botLogin("6000002:live-bot-token");
';
// Calls, and is the first that others find.
const WORKER = '<?php
    $api = new danog\MadelineProto\API("NAME.madeline", DATABASE);
    for ($n = 0; !file_exists("NAME.done"); $n++) {
        try {
            $updates = $api->messages->sendMessage(peer: "@alice", message: "NAME $n")["updates"];
            $texts = array_map(fn ($update) => $update["message"]["message"] ?? "", $updates);
            file_put_contents("NAME.calls", in_array("NAME $n", $texts, true) ? "right\n" : "wrong\n", FILE_APPEND);
        } catch (danog\MadelineProto\Exception $e) {
            if (!str_contains($e->getMessage(), "may or may not have executed it")) {
                file_put_contents("NAME.calls", $e::class . ": {$e->getMessage()}\n", FILE_APPEND);
                break;
            }
        }
        if ($n === 0) echo "here\n";
        usleep(20_000);
    }
';
const BOT = '<?php
    class Bot extends danog\MadelineProto\EventHandler
    {
        public function onStart(): void { echo "started\n"; }
        public function onUpdateNewMessage(array $update): void
        {
            $text = $update["message"]["message"] ?? "";
            if (str_contains($text, " ")) return;
            if ($text === "last") { $this->stop(); return; }
            file_put_contents("NAME.notes", "$text\n", FILE_APPEND);
        }
    }
    Bot::startAndLoop("NAME.madeline", DATABASE);
';
foreach ((new Servers)->settings('shared') as $name => $settings) {
    $code = fn (string $code, string $directory) => strtr($code, ['"NAME.madeline"' => "'$directory.madeline'", 'DATABASE' => $settings, 'NAME' => $name]);
    $start = fn (string $script, string $as, string $directory) => $sandbox->background($code($script, $directory), "$name-$as", ['madelineproto.lock_timeout' => '60']);
    touch($sandbox->path("$name.notes"));
    echo $sandbox->php($code(LOGIN, $name))[1];
    $begin = [
        'one' => fn () => $start(WORKER, 'one', $name),
        'another' => fn () => $start(WORKER, 'another', $name),
        'bot' => fn () => $start(BOT, 'bot', $name),
    ];
    $running = ['one' => $begin['one']()->printed("here\n"), 'another' => $begin['another']()->printed("here\n"), 'bot' => $begin['bot']()->printed("started\n")];
    // What was before the first time is missed.
    do {
        $sandbox->push('alice', 'live', 'begin');
        usleep(50_000);
        clearstatcache();
    } while (filesize($sandbox->path("$name.notes")) === 0);
    $kills = ['bot' => 0, 'one' => 0, 'another' => 0];
    for ($n = 0; $n < 200; $n++) {
        $sandbox->push('alice', 'live', (string) $n);
        usleep(random_int(0, 4000));
        if ($n % 25 === 20) {
            // Whoever has the session.
            [$leader] = explode(' ', file_get_contents($sandbox->path("$name.madeline/lock")));
            foreach ($running as $who => $process) {
                if ($process->pid === (int) $leader) {
                    $process->kill();
                    $kills[$who]++;
                    usleep(random_int(0, 200_000));
                    $running[$who] = $begin[$who]();
                }
            }
        }
    }
    $sandbox->push('alice', 'live', 'last');
    $running['bot']->wait();
    touch($sandbox->path("$name.done"));
    $running['one']->wait();
    $running['another']->wait();
    $notes = array_diff(file($sandbox->path("$name.notes"), FILE_IGNORE_NEW_LINES), ['begin']);
    $handled = array_count_values($notes);
    $calls = array_count_values(file($sandbox->path("$name.calls"), FILE_IGNORE_NEW_LINES));
    echo "$name: ", count(array_diff(range(0, 199), array_keys($handled))), ' lost, ', count($notes) - count($handled) <= $kills['bot'] ? 'what was in hand again at most' : 'more again', ', ',
        array_sum($kills) > 3 ? 'many kills' : 'few kills', ', ', ($calls['right'] ?? 0) > 20 ? 'many calls' : 'few calls', "\n";
    unset($calls['right']);
    echo implode("\n", array_keys($calls));
    // Another machine: nothing comes again.
    file_put_contents($sandbox->path("$name.notes"), '');
    $next = $start(BOT, 'next', "$name-2")->printed("started\n");
    $sandbox->push('alice', 'live', 'news');
    $sandbox->push('alice', 'live', 'last');
    $next->wait();
    echo file_get_contents($sandbox->path("$name.notes"));
}
?>
--EXPECT--
redis: 0 lost, what was in hand again at most, many kills, many calls
news
postgres: 0 lost, what was in hand again at most, many kills, many calls
news
mysql: 0 lost, what was in hand again at most, many kills, many calls
news
