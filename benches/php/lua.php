<?php
// Makes the same calls from PHP and from Lua, as often as a line on standard input says, and answers with the CPU time of
// PHP's own thread that one of them took, in microseconds.

require __DIR__ . '/session.inc';

$api = connected();
$script = getcwd() . '/calls.lua';
file_put_contents($script, <<<'LUA'
    function press(count)
      for _ = 1, count do messages.getBotCallbackAnswer({peer='@bot', msg_id=42, data='yes'}) end
    end
    function history(count)
      for _ = 1, count do
        messages.getHistory({peer='@bot', offset_id=0, offset_date=0, add_offset=0, limit=5, max_id=0, min_id=0, hash=0})
      end
    end
    LUA);
$lua = new \danog\MadelineProto\Lua($script, $api);

function press(int $count): void
{
    global $api;
    for ($i = 0; $i < $count; ++$i) {
        $api->messages->getBotCallbackAnswer(['peer' => '@bot', 'msg_id' => 42, 'data' => 'yes']);
    }
}

function history(int $count): void
{
    global $api;
    for ($i = 0; $i < $count; ++$i) {
        $api->messages->getHistory(['peer' => '@bot', 'offset_id' => 0, 'offset_date' => 0, 'add_offset' => 0, 'limit' => 5, 'max_id' => 0, 'min_id' => 0, 'hash' => 0]);
    }
}

/** Nanoseconds that this thread has run. */
function cpu(): int
{
    return (int) file_get_contents('/proc/self/task/' . getmypid() . '/schedstat');
}

function cost(callable $calls, int $count): float
{
    $started = cpu();
    $calls($count);
    return (cpu() - $started) / 1e3 / $count;
}

while (($line = fgets(STDIN)) !== false) {
    $count = (int) $line;
    echo json_encode([
        'press' => [cost(press(...), $count), cost($lua->press, $count)],
        'history' => [cost(history(...), $count), cost($lua->history, $count)],
    ]), "\n";
}
