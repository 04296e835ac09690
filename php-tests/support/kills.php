<?php
/**
 * A busy bot that is killed at random moments, so often as the argument says: `make kills`. Nothing may be lost. What was in hand
 * at a kill may come again, and so may the one that had just ended; nothing else, though its handler began behind theirs.
 */
require_once __DIR__ . '/sandbox.inc';

$kills = (int) ($argv[1] ?? 4);
$sandbox = Sandbox::start(function (array &$world): void {
    $world['channels']['room'] = ['id' => 7000009, 'title' => 'Room', 'megagroup' => true, 'creator' => 'alice', 'members' => ['live']];
}, '--control 0')->configure();
$api = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
unset($api);

// Numbers each message; even ones go to the bot's private chat, odd ones to the room.
const SENDER = <<<'PHP'
    <?php
    $line = stream_socket_client('tcp://' . $argv[1]);
    $push = function (string $to, string $text) use ($line) {
        fwrite($line, json_encode(['do' => 'push', 'from' => 'alice', 'to' => $to, 'text' => $text]) . "\n");
        fgets($line);
    };
    for ($n = 0; !file_exists('enough'); ++$n) {
        $push($n % 2 ? 'room' : 'live', $n);
        // In bursts, now and then.
        if ($n % 100 < 70 || !random_int(0, 9)) {
            usleep(random_int(0, 2000));
        }
    }
    file_put_contents('sent', $n);
    $push('live', 'last');
    $push('room', 'last');
    PHP;

const BOT = <<<'PHP'
    <?php
    class Busy extends danog\MadelineProto\EventHandler
    {
        private int $ends = 0;

        public function onStart(): void
        {
            $this->note('start');
            echo "started\n";
        }
        public function onUpdateNewMessage(array $update): void
        {
            $text = $update['message']['message'] ?? '';
            if ($text === 'first') {
                echo "first\n";
                return;
            }
            if ($text === 'last') {
                ++$this->ends === 2 && $this->stop();
                return;
            }
            if (!is_numeric($text)) {
                $this->note('odd ' . json_encode($update));
                return;
            }
            $this->note("begin $text");
            if (WAITS) {
                $this->messages->getMessages(id: [1]);
            }
            $this->note("end $text");
        }
        public function onUpdateNewChannelMessage(array $update): void
        {
            $this->onUpdateNewMessage($update);
        }
        private function note(string $text): void
        {
            file_put_contents('notes', "$text\n", FILE_APPEND);
        }
    }
    Busy::startAndLoop('live.madeline');
    PHP;

foreach ([false, true] as $waits) {
    foreach (['notes', 'enough', 'sent'] as $file) {
        @unlink($sandbox->path($file));
    }
    $bot = str_replace('WAITS', var_export($waits, true), BOT);
    $control = (fn () => $this->control)->call($sandbox);
    // A session's updates begin when it listens for the first time, a channel's with the first one.
    $script = $sandbox->background($bot, 'bot')->printed('started');
    $sandbox->push('alice', 'room', 'first');
    $script->printed('first')->kill();
    unlink($sandbox->path('notes'));
    $sender = $sandbox->background(str_replace('$argv[1]', "'$control'", SENDER), 'sender');
    for ($kill = 0; $kill < $kills; ++$kill) {
        $script = $sandbox->background($bot, 'bot');
        usleep(random_int(20_000, 300_000));
        $script->signal(SIGKILL)->wait();
    }
    touch($sandbox->path('enough'));
    $sender->wait();
    $script = $sandbox->background($bot, 'bot');
    for ($end = time() + 30; time() < $end && $script->isRunning();) {
        usleep(5_000);
    }
    if ($script->isRunning()) {
        echo "The bot does not come to the end:\n", $script->output();
        $script->kill();
    }
    check(file($sandbox->path('notes'), FILE_IGNORE_NEW_LINES), (int) file_get_contents($sandbox->path('sent')), $waits, $kills);
}

/** Lost is nothing. What comes again was in hand at a kill, or had ended as the last one before it. */
function check(array $notes, int $sent, bool $waits, int $kills): void
{
    // Those in hand in this run of the bot, the last one that ended in it, and what may come again of the runs before.
    [$open, $ended, $before] = [[], null, []];
    [$seen, $wrong] = [[], 0];
    $again = ['in hand' => 0, 'just ended' => 0];
    $last = [-1, -1];
    foreach ($notes as $note) {
        [$what, $text] = explode(' ', "$note ", 2);
        if ($what === 'odd') {
            ++$wrong;
            echo "Nobody sent this: $text\n";
        } elseif ($what === 'start') {
            if ($ended !== null) {
                $before[$ended] = 'just ended';
            }
            foreach ($open as $n => $_) {
                $before[$n] = 'in hand';
            }
            [$open, $ended] = [[], null];
        } elseif ($what === 'end') {
            unset($open[(int) $text]);
            $ended = (int) $text;
        } else {
            $n = (int) $text;
            if (isset($before[$n])) {
                ++$again[$before[$n]];
                unset($before[$n]);
            } elseif (isset($seen[$n])) {
                ++$wrong;
                echo "$n came again, and had ended before\n";
            } elseif ($n < $last[$n % 2]) {
                ++$wrong;
                echo "$n came after {$last[$n % 2]}\n";
            }
            $last[$n % 2] = max($n, $last[$n % 2]);
            $open[$n] = $seen[$n] = true;
            // It was taken after the other was noted.
            $ended = null;
        }
    }
    $lost = array_diff(range(0, $sent - 1), array_keys($seen));
    printf(
        "%s: %d messages, %d kills, %d lost; %d in hand and %d just ended came again\n",
        $waits ? 'handlers that wait' : 'handlers that do not wait',
        $sent, $kills, count($lost), $again['in hand'], $again['just ended'],
    );
    if ($lost || $wrong) {
        echo 'wrong', $lost ? '; lost: ' . implode(' ', array_slice($lost, 0, 20)) : '', "\n";
        exit(1);
    }
}
