--TEST--
Where the settings want it, an unknown id is looked for in the dialogs of the user, once
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Settings\Peer;

$sandbox = Sandbox::start();
$alice = $sandbox->user();
thrown(fn () => $alice->getInfo(6000001)['type']);

$alice->updateSettings((new Peer)->setCacheAllPeersOnStartup(true));
thrown(fn () => $alice->getInfo(4444444)['type']);
echo $alice->getInfo(6000001)['type'], "\n";

echo "again, from the session's own settings:\n";
unset($alice);
$alice = $sandbox->api('user.madeline');
var_dump($alice->getSettings()->getPeer()->getCacheAllPeersOnStartup());
echo $alice->getInfo(6000001)['type'], "\n";

echo "a bot has no dialogs:\n";
$bot = $sandbox->bot('6000001:sandbox-bot-token');
$bot->updateSettings((new Peer)->setCacheAllPeersOnStartup(true));
thrown(fn () => $bot->getInfo(4444444)['type']);
?>
--EXPECT--
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
bot
again, from the session's own settings:
bool(true)
bot
a bot has no dialogs:
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
