<?php
/**
 * Workers of php-fpm and processes on the command line use one session at once, while whoever has its connection is killed every two
 * seconds: php storm.php MINUTES WORKERS PROCESSES. Fails where an answer is wrong or missing without a cause, where something that
 * was answered is gone, or where the data centre has seen the key used twice. Prints how long others waited after each kill.
 */
require __DIR__ . '/sandbox.inc';
require __DIR__ . '/fpm.inc';

[$minutes, $workers, $processes] = array_map(floatval(...), array_slice($argv, 1)) + [10, 32, 4];
const EVERY = 2.0;
/** Seconds without any answer after which it hangs. */
const HANGS = 60;

$sandbox = Sandbox::start(fn (array &$world) => $world['single_use'] = true, '--control 0');
$sandbox->user();
gc_collect_cycles();
$session = $sandbox->path('user.madeline');
$work = $sandbox->path('work.inc');
file_put_contents($work, '<?php
    /** Makes a call and says what came of it: "ok", "lost: why", "failed: why" or "wrong: what". */
    function work(object $api, string $id): string
    {
        try {
            switch (random_int(0, 3)) {
                case 0:
                    $data = ["yes", "no"][random_int(0, 1)];
                    $said = $api->messages->getBotCallbackAnswer(peer: "@bot", msg_id: 42, data: $data)["message"];
                    return $said === "You pressed $data." ? "ok" : "wrong: $data: $said";
                case 1:
                    $sent = $api->messages->sendMessage(peer: "@bot", message: "storm $id");
                    return str_contains(json_encode($sent), "storm $id") ? "sent" : "wrong: " . json_encode($sent);
                case 2:
                    $text = $api->messages->getMessages(id: [42])["messages"][0]["message"];
                    return $text === "Pick one" ? "ok" : "wrong: $text";
                default:
                    $id = $api->getInfo("@bot")["bot_api_id"] ?? 0;
                    return $id === 6000001 ? "ok" : "wrong: $id";
            }
        } catch (\Throwable $e) {
            $text = $e->getMessage();
            $is_lost = preg_match("/process \d+, which has the session\'s connections, (has ended|has not answered)/", $text);
            return ($is_lost ? "lost" : "failed") . ": " . get_class($e) . ": " . $text;
        }
    }
');
file_put_contents($sandbox->path('page.php'), "<?php
    require '$work';
    \$began = hrtime(true);
    try {
        \$api = new \\danog\\MadelineProto\\API('$session');
        \$said = work(\$api, \$_GET['id']);
    } catch (\\Throwable \$e) {
        \$said = 'failed: ' . \$e->getMessage();
    }
    echo json_encode([\$said, (hrtime(true) - \$began) / 1e6, getmypid()]);
");
file_put_contents($sandbox->path('loop.php'), "<?php
    require '$work';
    set_time_limit(0);
    // Now and then a new object, as scripts of cron make.
    for (\$n = 0; !file_exists('end'); \$n++) {
        \$began = hrtime(true);
        try {
            if (\$n % 50 === 0) { unset(\$api); gc_collect_cycles(); }
            \$api ??= new \\danog\\MadelineProto\\API('$session');
            \$said = work(\$api, getmypid() . '-' . \$n);
        } catch (\\Throwable \$e) {
            unset(\$api);
            \$said = 'failed: ' . \$e->getMessage();
        }
        file_put_contents('said-' . getmypid(), json_encode([\$said, (hrtime(true) - \$began) / 1e6, getmypid() . '-' . \$n, hrtime(true)]) . \"\\n\", FILE_APPEND);
        usleep(random_int(0, 20_000));
    }
");
$ini = $sandbox->ini();
$fpm = new Fpm($sandbox->directory, $ini, (int) $workers, 'pm.max_requests = 500');
$loops = [];
$start = function () use ($sandbox, $ini, &$loops): void {
    static $number = 0;
    $loops[] = $sandbox->background(file_get_contents($sandbox->path('loop.php')), 'loop-' . $number++, $ini);
};
for ($n = 0; $n < $processes; $n++) {
    $start();
}

$end = hrtime(true) + (int) ($minutes * 60e9);
$kill = hrtime(true) + (int) (EVERY * 1e9);
$kills = 0;
$counts = [];
$faults = [];
$sent = [];
$open = [];
$waits = [];
$killed = null;
$number = 0;
$heard = hrtime(true);
$note = function (string $said, string $id) use (&$counts, &$faults, &$sent): void {
    $kind = strtok($said, ':');
    $counts[$kind] = ($counts[$kind] ?? 0) + 1;
    if ($kind === 'sent') {
        $sent[] = $id;
    } elseif (in_array($kind, ['failed', 'wrong'], true)) {
        $faults[$said = preg_replace('/\d{3,}/', 'N', $said)] = ($faults[$said] ?? 0) + 1;
    }
};
// What was said to be sent is there, once: looked at while the data centre remembers it. The newest of what was noted since.
$checked = $missing = 0;
$check = function (int $most) use ($sandbox, &$sent, &$checked, &$missing): void {
    foreach (array_slice($sent, -$most) as $id) {
        $executed = $sandbox->ask(['do' => 'executions', 'method' => 'messages.sendMessage', 'marker' => "storm $id"]);
        $missing += $executed['count'] === 1 ? 0 : 1;
        $checked++;
    }
    $sent = [];
};
while (hrtime(true) < $end || $open) {
    while (count($open) < $workers && hrtime(true) < $end) {
        $id = 'web-' . $number++;
        if ($stream = $fpm->request('page.php', "id=$id")) {
            $open[(int) $stream] = [$stream, $id];
        }
    }
    $read = array_column($open, 0);
    $none = [];
    if ($read && stream_select($read, $none, $none, 0, 100_000)) {
        foreach ($read as $stream) {
            [, $id] = $open[(int) $stream];
            unset($open[(int) $stream]);
            $body = Fpm::answer($stream);
            $told = $body === null ? null : json_decode(explode("\r\n\r\n", $body, 2)[1] ?? '', true);
            if ($told === null) {
                // The worker was killed with the request in hand.
                $note($body === null || $body === '' ? 'killed' : "wrong: $body", $id);
                continue;
            }
            $note($told[0], $id);
            $heard = hrtime(true);
            if ($killed !== null && in_array($told[0], ['ok', 'sent'], true)) {
                // A call that began after the kill, and came through: its own time, or that since the kill.
                $since = ($heard - $killed) / 1e6;
                if ($told[1] < $since) {
                    $waits[] = $since;
                    $killed = null;
                }
            }
        }
    }
    if (hrtime(true) - $heard > HANGS * 1e9) {
        $faults['nothing was answered for ' . HANGS . ' s'] = 1;
        break;
    }
    if (hrtime(true) > $kill && hrtime(true) < $end) {
        $pid = (int) @file_get_contents("$session/lock");
        $name = @file_get_contents("/proc/$pid/comm");
        if ($pid > 1 && str_contains((string) $name, 'php') && $pid !== getmypid() && $pid !== $fpm->pid()) {
            exec("kill -9 $pid 2>/dev/null");
            $kills++;
            $killed = hrtime(true);
        }
        $check(20);
        $kill = hrtime(true) + (int) (EVERY * random_int(50, 150) / 100 * 1e9);
        foreach ($loops as $index => $loop) {
            if (!$loop->isRunning()) {
                unset($loops[$index]);
                $start();
            }
        }
    }
}
touch($sandbox->path('end'));
foreach ($loops as $loop) {
    $loop->wait();
}
$fpm->stop();
$check(100);
foreach (glob($sandbox->path('said-*')) as $file) {
    foreach (file($file) as $line) {
        // The last line of one that was killed may be half.
        if ($told = json_decode($line, true)) {
            $note($told[0], $told[2]);
        }
    }
    // Those of a script that was killed early may be forgotten.
    if (filemtime($file) > time() - 30) {
        $check(100);
    }
    $sent = [];
}

// The session is as it was.
$stats = $sandbox->ask(['do' => 'stats']);
$api = $sandbox->api('user.madeline');
$self = $api->getSelf()['first_name'] ?? 'nobody';
$duplicated = $stats['duplicated'];
sort($waits);
$at = fn (float $part) => $waits ? round($waits[(int) ((count($waits) - 1) * $part)]) : 0;
ksort($counts);
echo json_encode(['kills' => $kills, 'calls' => $counts, 'connections' => $stats['accepted'], 'duplicated' => $duplicated,
    'sent_and_checked' => $checked, 'of_them_missing' => $missing, 'handover_ms' => ['p50' => $at(0.5), 'p95' => $at(0.95), 'max' => $at(1)]], JSON_PRETTY_PRINT), "\n";
foreach ($faults as $fault => $times) {
    echo "$times times: $fault\n";
}
exit($faults || $duplicated || $missing || $self !== 'Alice' || $kills === 0 ? 1 : 0);
