--TEST--
Several accounts in one process, each with its own handler or all with one, fairly served
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\CombinedAPI;
use danog\MadelineProto\CombinedEventHandler;
use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000001:sandbox-bot-token', 'bot.madeline');
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

class Counting extends EventHandler
{
    public static array $order = [];
    public static array $stopped = [];
    private string $name = '';
    private int $left = 300;

    public function onStart(): void
    {
        $this->name = $this->getSelf()['username'];
        global $sandbox;
        $sandbox->push('alice', $this->name === 'bot' ? 'bot' : 'live', 'hello', $this->left);
    }

    public function onUpdateNewMessage(array $update): void
    {
        if (self::$order === []) {
            // Until all are there.
            usleep(700_000);
        }
        self::$order[] = $this->name;
        if (--$this->left === 0) {
            $this->stop();
        }
    }

    public function onStop(): void
    {
        self::$stopped[] = $this->name;
    }
}

API::startAndLoopMulti(array_map(fn ($name) => new API($sandbox->path($name)), ['bot.madeline', 'live.madeline']), Counting::class);
sort(Counting::$stopped);
$counts = array_count_values(Counting::$order);
ksort($counts);
echo json_encode([Counting::$stopped, $counts]), "\n";
// Neither had to wait for the other's last update.
var_dump(array_search('bot', Counting::$order) < 300, array_search('live_bot', Counting::$order) < 300);

class One extends EventHandler
{
    public function onStart(): void
    {
        echo static::class, ' is ', $this->getSelf()['username'], "\n";
        $this->stop();
    }
}
class Other extends One
{
}
$apis = ['one' => new API($sandbox->path('bot.madeline')), 'other' => new API($sandbox->path('live.madeline'))];
API::startAndLoopMulti($apis, ['other' => Other::class, 'one' => One::class]);
unset($apis);

// Releases 4 and 5.
class Both extends CombinedEventHandler
{
    public function __construct($CombinedAPI)
    {
        parent::__construct($CombinedAPI);
        echo 'for ', implode(' and ', array_map(basename(...), array_keys($CombinedAPI->instances))), "\n";
    }

    public function onUpdateNewMessage($update, $path)
    {
        echo basename($path), ': ', $update['message']['message'], "\n";
        $this->{$path}->messages->sendMessage(['peer' => $update, 'message' => 'answer']);
        $this->{$path}->stop();
    }

    public function onStart()
    {
        global $sandbox;
        $sandbox->push('alice', 'bot', '/one');
        $sandbox->push('alice', 'live', 'two');
    }
}
$combined = new CombinedAPI($sandbox->path('combined.madeline'), [$sandbox->path('bot.madeline') => [], $sandbox->path('live.madeline') => []]);
$combined->async(true);
$combined->start();
$combined->setEventHandler(Both::class);
ob_start();
$combined->loop();
$lines = explode("\n", trim(ob_get_clean()));
sort($lines);
echo implode("\n", $lines), "\n";
unset($combined);

thrown(fn () => (new CombinedAPI(''))->setEventHandler(Counting::class));
thrown(fn () => (new CombinedAPI(''))->removeInstance('nothing'));
?>
--EXPECT--
[["bot","live_bot"],{"bot":300,"live_bot":300}]
bool(true)
bool(true)
One is bot
Other is live_bot
for bot.madeline and live.madeline
bot.madeline: /one
live.madeline: two
InvalidArgumentException: setEventHandler(): a class that extends danog\MadelineProto\CombinedEventHandler is expected; Counting is not
danog\MadelineProto\Exception: removeInstance(): there is no session nothing
