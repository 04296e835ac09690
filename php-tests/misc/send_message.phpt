--TEST--
sendMessage() and sendMessageToAdmins() take everything that goes with a message as parameters, and return it
--FILE--
<?php
namespace {
    require __DIR__ . '/../support/sandbox.inc';

    use danog\MadelineProto\EventHandler\Message;
    use danog\MadelineProto\ParseMode;

    $sandbox = Sandbox::start();
    $api = $sandbox->user();
    $show = fn (Message $message) => print(json_encode([
        $message->message, array_map(fn ($entity) => basename(strtr($entity::class, '\\', '/')), $message->entities), $message->silent,
        $message->replyToMsgId,
    ]) . "\n");
    $show($first = $api->sendMessage('me', 'plain <b>text</b>'));
    $show($api->sendMessage('me', '<b>bold</b>', ParseMode::HTML, replyToMsgId: $first->id, silent: true));
    $show($api->sendMessage(peer: '@bob_b', message: '*bold*', parseMode: ParseMode::MARKDOWN, noWebpage: true, clearDraft: true));

    echo "In parts:\n";
    $message = $api->sendMessage('me', implode("\n", array_map(fn ($i) => str_repeat(chr(97 + $i), 2000), range(0, 4))));
    for ($parts = []; $message !== null; $message = $message->nextSent) {
        $parts[] = $message->message[0] . ' ' . strlen($message->message);
    }
    echo implode(', ', $parts), "\n";

    echo "To administrators:\n";
    echo json_encode($api->sendMessageToAdmins('nobody')), "\n";
    $api->setReportPeers(['me', '@erin_e']);
    foreach ($api->sendMessageToAdmins('<i>all</i>', ParseMode::HTML, silent: true) as $message) {
        $show($message);
    }

    echo "Refused:\n";
    thrown(fn () => $api->sendMessage('@nobody_at_all', 'x'));
    thrown(fn () => $api->sendMessage('me', ''));
    thrown(fn () => $api->sendMessage('me'));
    thrown(fn () => $api->sendMessageToAdmins());
    thrown(fn () => $api->reportMemoryProfile());
}
/** In place of the extension memprof. */
namespace {
    eval('function memprof_enabled() { return true; } function memprof_dump_pprof($file) { fwrite($file, "the profile"); }');
    $api->reportMemoryProfile();
    $message = $api->messages->getHistory(peer: 'me', limit: 1)['messages'][0];
    echo preg_replace('/\d+/', 'N', $message['message']), ' ', $message['media']['document']['attributes'][0]['file_name'], ' ',
        file_get_contents($api->downloadToFile($message, $sandbox->path('profile'))), "\n";
}
?>
--EXPECT--
["plain <b>text<\/b>",[],false,null]
["bold",["Bold"],true,46]
["bold",["Bold"],false,null]
In parts:
a 4001, c 4001, e 2000
To administrators:
[]
["all",["Italic"],true,null]
["all",["Italic"],true,null]
Refused:
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
danog\MadelineProto\RPCErrorException: MESSAGE_EMPTY (code 400, rpc MESSAGE_EMPTY)
ArgumentCountError: danog\MadelineProto\InternalDoc::sendMessage() expects at least 2 arguments, 1 given
ArgumentCountError: danog\MadelineProto\InternalDoc::sendMessageToAdmins() expects at least 1 argument, 0 given
danog\MadelineProto\Exception: reportMemoryProfile() needs the PHP extension memprof, which is not loaded
PHP uses N KB of memory report.pprof the profile
