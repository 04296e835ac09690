--TEST--
Handlers that destroy their API object or themselves, start another session's loop, or fork
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000001:sandbox-bot-token', 'bot.madeline');
$sandbox->bot('6000002:live-bot-token', 'live.madeline');
$push = fn (string $text, string $to = 'live') => $sandbox->push('alice', $to, $text);

// Destroys everything that refers to it, and goes on.
class Destroying extends EventHandler
{
    public function onUpdateNewMessage($update)
    {
        echo $update['message']['message'], "\n";
        if ($update['message']['message'] === 'destroy') {
            $GLOBALS['api']->unsetEventHandler();
            unset($GLOBALS['api'], $GLOBALS['handler']);
            gc_collect_cycles();
            echo $this->getSelf()['username'], "\n";
            $this->stop();
        }
    }

    public function __destruct()
    {
        echo "handler destroyed\n";
    }
}
$api = new API($sandbox->path('live.madeline'));
$api->start();
$handler = new Destroying($api);
$api->setEventHandler($handler);
$push('destroy');
$api->loop();
echo "-\n";

// A loop within the loop, for another session.
class Inner extends EventHandler
{
    public function onUpdateNewMessage($update)
    {
        echo 'inner: ', $update['message']['message'], "\n";
        $this->stop();
    }

    public function onStart()
    {
        $GLOBALS['push']('to the inner one', 'bot');
    }
}
class Outer extends EventHandler
{
    public function onUpdateNewMessage($update)
    {
        echo 'outer: ', $update['message']['message'], "\n";
        if ($update['message']['message'] === 'nest') {
            Inner::startAndLoop($GLOBALS['sandbox']->path('bot.madeline'));
            $GLOBALS['push']('after it');
        } else {
            $this->stop();
        }
    }

    public function onStart()
    {
        $GLOBALS['push']('nest');
    }
}
Outer::startAndLoop($sandbox->path('live.madeline'));
echo "-\n";

// A handler that forks: the child's loop is over when the handler is, the parent goes on.
$script = $sandbox->background(<<<'PHP'
    <?php
    class Forking extends danog\MadelineProto\EventHandler
    {
        public function onStart() { echo "started\n"; }
        public function onUpdateNewMessage($update)
        {
            echo $update['message']['message'], "\n";
            if ($update['message']['message'] === 'fork') {
                $pid = pcntl_fork();
                if ($pid !== 0) {
                    pcntl_waitpid($pid, $status);
                    echo 'child: ', pcntl_wexitstatus($status), "\n";
                }
            } else {
                $this->stop();
            }
        }
        public function onStop() { echo "stopped\n"; }
    }
    try {
        Forking::startAndLoop('live.madeline');
    } catch (\danog\MadelineProto\Exception $e) {
        echo $e->getMessage(), "\n";
        exit(4);
    }
    PHP, 'fork')->printed('started');
$push('fork');
$script->printed('child');
$push('end');
var_dump($script->wait());
echo $script->output();
?>
--EXPECT--
destroy
live_bot
handler destroyed
-
outer: nest
inner: to the inner one
outer: after it
-
int(0)
started
fork
this process is a fork, made by a handler: only its parent goes on with the loop
child: 4
end
stopped
