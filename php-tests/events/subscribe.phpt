--TEST--
subscribeToUpdates() gets the updates of a channel that was not joined; resetUpdateState() forgets what was missed
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\EventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$erin = $sandbox->user('9996612005', name: 'erin.madeline');

class Reader extends EventHandler
{
    public function onStart(): void
    {
        // Before: history.
        var_dump($this->subscribeToUpdates('@news_channel'), $this->subscribeToUpdates('@alice'));
        thrown(fn () => $this->subscribeToUpdates('@nobody_of_that_name'));
    }

    public function onUpdateNewChannelMessage(array $update): void
    {
        echo $update['message']['message'], "\n";
        $this->stop();
    }

    public function onUpdateNewMessage(array $update): void
    {
        echo $update['message']['message'], "\n";
        $this->stop();
    }
}
$erin->getUpdates(['timeout' => 0]);
$erin->setNoop();
$sandbox->push('alice', 'news', 'for subscribers');
$erin->setEventHandler(Reader::class);
$erin->loop();
unset($erin);

// What came while nobody listened is not missed, unless that is wanted.
$sandbox->push('alice', 'erin', 'while it was away');
$erin = new API($sandbox->path('erin.madeline'));
$erin->resetUpdateState();
$erin->getUpdates(['timeout' => 0]);
$sandbox->push('alice', 'erin', 'after that');
echo implode(', ', array_map(fn (array $update) => $update['update']['message']['message'], array_filter(
    $erin->getUpdates(['timeout' => 5]),
    fn (array $update) => $update['update']['_'] === 'updateNewMessage',
))), "\n";
?>
--EXPECT--
bool(true)
bool(false)
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
for subscribers
after that
