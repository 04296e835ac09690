--TEST--
One process takes the updates, with what the others send; a second bot says that one is running, a second getUpdates() is an exception; the next one goes on
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(null, '--control 0');
// It has the connections, and takes no updates.
$api = $sandbox->user();
$bot = '<?php
    class Handler extends \danog\MadelineProto\EventHandler
    {
        public function onStart(): void { echo "started\n"; }
        public function onUpdateNewMessage(array $update): void
        {
            $text = $update["message"]["message"];
            echo $text, "\n";
            if ($text === "stop") $this->stop();
        }
    }
    Handler::startAndLoop("user.madeline");
';
$first = $sandbox->background($bot, 'first')->printed("started\n");
$sandbox->push('bot', 'alice', 'pushed');
$first->printed("pushed\n");
$api->messages->sendMessage(peer: '@bot', message: 'sent by another process');
$first->printed("sent by another process\n");

$ini = ['madelineproto.lock_timeout' => '0.1'];
echo 'second bot: ', $sandbox->php($bot, '', $ini)[1];
echo 'getUpdates: ', $sandbox->php('<?php
    $api = new \danog\MadelineProto\API("user.madeline");
    try {
        $api->getUpdates(["timeout" => 1]);
    } catch (\danog\MadelineProto\Exception $e) {
        echo preg_replace("/process \d+ \([^)]*\)|\/\S*\//", "…", $e->getMessage()), "\n";
    }', '', $ini)[1];

// The one with the connections ends, and so does the bot; a second one waits for its turn and goes on where it was.
unset($api);
gc_collect_cycles();
$sandbox->push('bot', 'alice', 'after the first end');
$first->printed("after the first end\n");
$second = $sandbox->background(str_replace('"started\n"', '"started again\n"', $bot), 'second');
$sandbox->push('bot', 'alice', 'stop');
echo 'first: ', $first->wait(), "\n", $first->output();
$second->printed("started again\n");
$sandbox->push('bot', 'alice', 'stop');
echo 'second: ', $second->wait(), "\n", $second->output();
?>
--EXPECT--
second bot: The bot is already running!
getUpdates: the updates of the session …user.madeline are taken by …: one process at a time can
first: 0
started
pushed
sent by another process
after the first end
stop
second: 0
started again
stop
