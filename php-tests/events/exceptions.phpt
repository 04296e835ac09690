--TEST--
What a handler throws is printed, logged and reported, and the loop goes on; what ends an account ends it
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');
$alice = $sandbox->user();
$alice->messages->sendMessage(peer: '@live_bot', message: '/start');
$last = fn (int $count) => array_map(
    fn (array $message) => strtok($message['message'], "\n"),
    array_reverse($alice->messages->getHistory(peer: '@live_bot', limit: $count)['messages']),
);

class Failing extends EventHandler
{
    public static array $peers = [];

    public function getReportPeers()
    {
        return self::$peers;
    }

    public function onStart(): void
    {
        self::$peers = ['@nobody_of_that_name', 5000001];
        throw new LogicException('at the start');
    }

    public function onUpdateNewMessage(array $update): void
    {
        global $sandbox;
        switch ($update['message']['message']) {
            case 'php':
            case 'again':
                throw new DomainException('from PHP');
            case 'rpc':
                $this->messages->sendMessage(peer: '@alice', message: '');
                break;
            case 'error':
                $nothing = null;
                $nothing->call();
                break;
            case 'security':
                throw new \danog\MadelineProto\SecurityException('not to be trusted');
        }
    }

    public function onStop(): void
    {
        throw new LogicException('at the end');
    }
}

function run(API|string $what, callable $start): void
{
    ob_start();
    try {
        $start();
        $ended = 'ended';
    } catch (\Throwable $e) {
        $ended = 'ended by ' . $e::class . ': ' . $e->getMessage();
    }
    $lines = explode("\n", ob_get_clean());
    // The call that fails lets others go ahead.
    sort($lines);
    echo "$what:\n", implode("\n", preg_filter('/ in .*| \(.*caused.*/', '', preg_grep('/^[\w\\\\]+(Exception|Error)?: |^Telegram/', $lines))), "\n$ended\n";
}

Failing::$peers = [];
run('handlers', function () use ($sandbox) {
    $api = new API($sandbox->path('live.madeline'));
    $api->start();
    $api->setEventHandler(Failing::class);
    Failing::$peers = [5000001];
    foreach (['php', 'error', 'rpc', 'again', 'security'] as $text) {
        $sandbox->push('alice', 'live', $text);
    }
    $api->loop();
});
echo implode("\n", preg_replace('/ in .*| \(.*/', '', array_filter($last(20), fn ($text) => str_starts_with($text, 'Surfaced')))), "\n";

// A session that the server ends.
class Ended extends EventHandler
{
    public function onUpdateNewMessage(array $update): void
    {
        $this->logout();
    }

    public function onStop(): void
    {
        echo "stopped\n";
    }
}
$api = new API($sandbox->path('live.madeline'));
$api->start();
$api->setEventHandler(Ended::class);
$sandbox->push('alice', 'live', 'log out');
thrown(fn () => $api->loop());
?>
--EXPECTF--
handlers:
DomainException: from PHP
DomainException: from PHP
Error: Call to a member function call() on null
LogicException: at the end
LogicException: at the start
Telegram returned an RPC error: %s
ended by danog\MadelineProto\SecurityException: not to be trusted
Surfaced: LogicException: at the start
Surfaced: DomainException: from PHP
Surfaced: Error: Call to a member function call() on null
Surfaced: Telegram returned an RPC error: %s
Surfaced: LogicException: at the end
stopped
nothing was thrown; result: null
