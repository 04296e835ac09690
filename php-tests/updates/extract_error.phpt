--TEST--
What is no Updates, has no message or more than one
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->user();
$new = ['_' => 'updateNewMessage', 'message' => ['_' => 'message', 'id' => 1], 'pts' => 1, 'pts_count' => 1];
thrown(fn () => $api->extractUpdates(['_' => 'nope']));
thrown(fn () => $api->extractUpdates(['updates' => []]));
thrown(fn () => $api->extractUpdates('updates'));
thrown(fn () => $api->extractMessage(['_' => 'updates', 'updates' => []]));
thrown(fn () => $api->extractMessageId(['_' => 'updates', 'updates' => [$new, $new]]));
thrown(fn () => $api->extractUpdates(['_' => 'updateShortSentMessage', 'id' => 7]));
thrown(fn () => $api->extractUpdates(['_' => 'updateShortSentMessage', 'request' => ['body' => ['peer' => '@nobody_has_this_name']]]));
?>
--EXPECTF--
danog\MadelineProto\ResponseException: Unrecognized update received: nope
danog\MadelineProto\ResponseException: Unrecognized update received: null
TypeError: danog\MadelineProto\InternalDoc::extractUpdates(): Argument #1 ($updates) must be of type array, string given%S
danog\MadelineProto\Exception: Could not find any message in {"_":"updates","updates":[]}!
danog\MadelineProto\Exception: Found more than one update of type message, use extractUpdates to extract all updates
danog\MadelineProto\Exception: updateShortSentMessage does not say to whom the message was sent, and its "request" is missing
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
