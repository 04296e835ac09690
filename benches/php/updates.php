<?php
// A bot whose event handler does nothing but count. "burst N" waits for N updates that are all there when "go" comes, and
// answers with what one cost; "single N" waits for N updates and answers with how long after it was sent one was handled.

final class Counter extends \danog\MadelineProto\EventHandler
{
    public static int $goal = 0;
    public static int $count = 0;
    public static int $first = 0;
    public static float $cpu = 0;
    public static ?array $delays = null;

    public function onUpdateNewMessage(array $update): void
    {
        if (self::$delays !== null) {
            self::$delays[] = hrtime(true) - (int) $update['message']['message'];
        } elseif (self::$count === 0) {
            self::$first = hrtime(true);
            self::$cpu = cpu();
        }
        if (++self::$count === self::$goal) {
            $this->stop();
        }
    }
}

function cpu(): float
{
    $used = getrusage();
    return $used['ru_utime.tv_sec'] * 1e6 + $used['ru_utime.tv_usec'] + $used['ru_stime.tv_sec'] * 1e6 + $used['ru_stime.tv_usec'];
}

ini_set('madelineproto.dialect', 'v8');
$api = new \danog\MadelineProto\API('bot.madeline');
$api->botLogin('6000001:sandbox-bot-token');
$api->setEventHandler(Counter::class);

while (($line = fgets(STDIN)) !== false) {
    [$kind, $goal] = explode(' ', trim($line));
    [Counter::$goal, Counter::$count, Counter::$delays] = [(int) $goal, 0, $kind === 'single' ? [] : null];
    echo "ready\n";
    if ($kind === 'burst') {
        fgets(STDIN);
        echo "going\n";
    }
    $api->loop();
    if ($kind === 'single') {
        sort(Counter::$delays);
        echo json_encode(['median_ms' => Counter::$delays[intdiv(count(Counter::$delays), 2)] / 1e6]), "\n";
    } else {
        $each = Counter::$goal - 1;
        $wall = (hrtime(true) - Counter::$first) / 1e3 / $each;
        echo json_encode(['wall_us' => $wall, 'cpu_us' => (cpu() - Counter::$cpu) / $each]), "\n";
    }
}
