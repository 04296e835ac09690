--TEST--
A call with bad arguments goes nowhere and says where the fault is; an unknown peer how it becomes known
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

function trace(callable $call): void
{
    try {
        echo json_encode($call()), "\n";
    } catch (Throwable $e) {
        $trace = method_exists($e, 'getTLTrace') ? $e->getTLTrace() : $e->getPrevious()?->getMessage();
        echo $e::class, ': ', $e->getMessage(), "\n  ", preg_replace('/^.*?\(\d+\):\t/', '', (string) $trace), "\n";
    }
}

$api = Sandbox::start()->user();
trace(fn () => $api->messages->getHistory(peer: 'me', limit: 'many'));
trace(fn () => $api->messages->getHistory(peer: 123456789));
trace(fn () => $api->messages->getHistory(peer: '-1000123456789'));
trace(fn () => $api->messages->getHistory(peer: '@nobody_has_this_name'));
trace(fn () => $api->messages->getHistory(peer: new stdClass));
trace(fn () => $api->messages->getHistory(peer: ['_' => 'document']));
trace(fn () => $api->messages->getHistory(peer: 0));
trace(fn () => $api->messages->sendMessage(peer: 'me', message: '*open', parse_mode: 'Markdown'));
trace(fn () => $api->messages->sendMessage(peer: 'me', message: 'x', reply_markup: ['inline_keyboard' => [[['text' => 'x', 'url' => []]]]]));
trace(fn () => $api->messages->sendMessage(peer: 'me', message: str_repeat('x', 50_000_000)));
trace(fn () => $api->messages->deleteMessages(id: [1, new class {
    public function __toString(): string
    {
        throw new LogicException('mine');
    }
}]));
trace(fn () => $api->getInfo('@nobody_has_this_name'));
$peer = [];
$peer['peer'] = &$peer;
trace(fn () => $api->messages->getHistory(peer: $peer));
unset($peer['peer']);
trace(fn () => count($api->messages->getHistory(peer: 'me', limit: 1)['messages']) < 2);

// What PHP prints of an exception that nobody catches.
try {
    $api->messages->getHistory(peer: 123456789);
} catch (Throwable $e) {
    echo str_replace(__DIR__, '', strstr((string) $e, 'TL trace')), "\n";
}
?>
--EXPECT--
danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found a string of 4 bytes
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
  While serializing messages.getHistory → peer: expected InputPeer, found the number 123456789
The session does not know 123456789: an id alone is no address: name the peer by its @username or link once, or let the session meet it in the dialogs (messages.getDialogs), a message, a list of members or the contacts
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
  While serializing messages.getHistory → peer: expected InputPeer, found a string of 14 bytes
The session does not know -1000123456789: an id alone is no address: name the peer by its @username or link once, or let the session meet it in the dialogs (messages.getDialogs), a message, a list of members or the contacts
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
  While serializing messages.getHistory → peer: expected InputPeer, found a string of 21 bytes
The session does not know @nobody_has_this_name: nobody has this username now, or it is misspelt
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
  While serializing messages.getHistory → peer: expected InputPeer, found an object of stdClass
The session does not know a value that is neither number, string nor array: give an id that the session has met, a @username, a link, or an array with _
danog\MadelineProto\Exception: Invalid constructor given document
  While serializing messages.getHistory → peer: expected InputPeer, found document
InvalidArgumentException: An invalid ID was specified!
  While serializing messages.getHistory → peer: expected InputPeer, found the number 0
AssertionError: Found unclosed markdown elements *
  While serializing messages.sendMessage → message
danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → reply_markup → rows[0] → buttons[0] → url: expected string, found an empty array
danog\MadelineProto\TL\Exception: A string of 50000000 bytes is too long for TL
  While serializing messages.sendMessage → message: expected at most 16777215 bytes, found 50000000
LogicException: mine
  
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
  While serializing InputPeer: expected InputPeer, found a string of 21 bytes
The session does not know @nobody_has_this_name: nobody has this username now, or it is misspelt
danog\MadelineProto\Exception: Undefined array key "_"
  While serializing messages.getHistory → peer: expected InputPeer, found an array without _
true
TL trace:
session_error.php(40):	While serializing messages.getHistory → peer: expected InputPeer, found the number 123456789
The session does not know 123456789: an id alone is no address: name the peer by its @username or link once, or let the session meet it in the dialogs (messages.getDialogs), a message, a list of members or the contacts
