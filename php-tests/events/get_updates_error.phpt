--TEST--
getUpdates says which parameter is wrong, may not wait twice, and tells that the login is gone
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$api = $sandbox->bot('6000002:live-bot-token', 'live.madeline');

thrown(fn () => $api->getUpdates(['offset' => 'x']));
thrown(fn () => $api->getUpdates(['limit' => 0]));
thrown(fn () => $api->getUpdates(['limit' => -5]));
thrown(fn () => $api->getUpdates(['limit' => []]));
thrown(fn () => $api->getUpdates(['timeout' => -1]));
thrown(fn () => $api->getUpdates(['timeout' => NAN]));
thrown(fn () => $api->getUpdates(['timeout' => 'soon']));
thrown(fn () => $api->getUpdates('x'));
// Unknown keys are ignored, as ever.
thrown(fn () => $api->getUpdates(['timeout' => 0, 'unknown' => 1]));

pcntl_async_signals(true);
pcntl_signal(SIGALRM, function () use ($api) {
    thrown(fn () => $api->getUpdates());
    throw new RuntimeException('enough');
});
pcntl_alarm(1);
thrown(fn () => $api->getUpdates(['timeout' => INF]));
thrown(fn () => $api->getUpdates(['timeout' => 0]));
?>
--EXPECTF--
TypeError: getUpdates(): offset must be an int, "x" given
AssertionError: getUpdates(): limit must be positive, 0 given
AssertionError: getUpdates(): limit must be positive, -5 given
TypeError: getUpdates(): limit must be an int, array given
TypeError: getUpdates(): timeout must be a number of seconds, or INF, -1 given
TypeError: getUpdates(): timeout must be a number of seconds, or INF, NaN given
TypeError: getUpdates(): timeout must be a number of seconds, or INF, "soon" given
TypeError: danog\MadelineProto\InternalDoc::getUpdates(): Argument #1 ($params) must be of type array, string given%S
nothing was thrown; result: []
AssertionError: getUpdates() is called while another call of it waits
RuntimeException: enough
nothing was thrown; result: []
