--TEST--
setAction() tells what somebody is doing, with the objects of EventHandler\Action
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Action;

$sandbox = Sandbox::start(function (array &$world) {
    $world['channels']['topics'] = ['id' => 7000012, 'title' => 'Topics', 'username' => 'topics', 'creator' => 'alice', 'megagroup' => true, 'forum' => true, 'members' => ['erin']];
    $world['messages'][] = ['in' => 'topics', 'from' => 'alice', 'text' => 'General'];
    $world['messages'][] = ['in' => ['alice', 'erin'], 'id' => 61, 'from' => 'erin', 'text' => 'Hello, Alice'];
});
$api = $sandbox->user();
$api->getDialogIds();
$erin = $sandbox->user('9996612005', name: 'erin.madeline');
$erin->getUpdates();
/** What the other one is told. */
$offset = 0;
$told = function () use ($erin, &$offset) {
    for (;; usleep(5_000)) {
        foreach ($erin->getUpdates(['offset' => $offset, 'timeout' => 0.01]) as $update) {
            $offset = $update['update_id'] + 1;
            if (isset($update['update']['action'])) {
                return $update['update'];
            }
        }
    }
};
$private = $api->wrapMessage($api->messages->getHistory(peer: '@erin_e', limit: 1)['messages'][0]);
var_dump($private->setAction());
echo json_encode($told()), "\n";

class Own extends Action
{
    public function toRawAction(): array
    {
        return ['_' => 'sendMessageRecordAudioAction'];
    }
}

class Nothing extends Action
{
}

$actions = [new Action\Typing, new Action\Cancel, new Action\GamePlay, new Action\GeoLocation, new Action\ChooseContact, new Action\ChooseSticker,
    new Action\RecordAudio, new Action\RecordRound, new Action\RecordVideo, new Action\GroupCallSpeaking, new Action\UploadVideo(1),
    new Action\UploadRound(2), new Action\UploadAudio(3), new Action\UploadPhoto(4), new Action\UploadDocument(5), new Action\HistoryImport(6),
    new Action\EmojiSeen('❤'), new Action\EmojiTap('❤', null, [['t' => 0.0, 'i' => 1]]), new Own];
foreach ($actions as $action) {
    $private->setAction($action);
    $raw = $told()['action'];
    echo json_encode($action, JSON_UNESCAPED_UNICODE), ' ', json_encode(plain($raw), JSON_UNESCAPED_UNICODE), ' ',
        $action instanceof Own || Action::fromRawAction($raw) == $action ? 'and back' : json_encode(Action::fromRawAction($raw)), "\n";
}
$topic = $api->wrapMessage($api->messages->getHistory(peer: '@topics', limit: 1)['messages'][0]);
$topic->setAction(new Action\Typing);
echo json_encode($told()['top_msg_id']), "\n";

echo "Refused:\n";
thrown(fn () => $private->setAction('typing'));
thrown(fn () => new Action\UploadVideo);
thrown(fn () => new Action\EmojiSeen([]));
thrown(fn () => new Action);
thrown(fn () => Action::fromRawAction(['_' => 'updateUserTyping']));
thrown(fn () => $private->setAction(new Nothing));
$action = new Action\UploadVideo(7);
thrown(fn () => $action->progress = 8);
?>
--EXPECTF--
bool(true)
{"_":"updateUserTyping","user_id":5000001,"action":{"_":"sendMessageTypingAction"}}
{"_":"danog\\MadelineProto\\EventHandler\\Action\\Typing"} {"_":"sendMessageTypingAction"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\Cancel"} {"_":"sendMessageCancelAction"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\GamePlay"} {"_":"sendMessageGamePlayAction"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\GeoLocation"} {"_":"sendMessageGeoLocationAction"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\ChooseContact"} {"_":"sendMessageChooseContactAction"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\ChooseSticker"} {"_":"sendMessageChooseStickerAction"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\RecordAudio"} {"_":"sendMessageRecordAudioAction"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\RecordRound"} {"_":"sendMessageRecordRoundAction"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\RecordVideo"} {"_":"sendMessageRecordVideoAction"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\GroupCallSpeaking"} {"_":"speakingInGroupCallAction"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\UploadVideo","progress":1} {"_":"sendMessageUploadVideoAction","progress":1} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\UploadRound","progress":2} {"_":"sendMessageUploadRoundAction","progress":2} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\UploadAudio","progress":3} {"_":"sendMessageUploadAudioAction","progress":3} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\UploadPhoto","progress":4} {"_":"sendMessageUploadPhotoAction","progress":4} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\UploadDocument","progress":5} {"_":"sendMessageUploadDocumentAction","progress":5} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\HistoryImport","progress":6} {"_":"sendMessageHistoryImportAction","progress":6} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\EmojiSeen","emoticon":"❤"} {"_":"sendMessageEmojiInteractionSeen","emoticon":"❤"} and back
{"_":"danog\\MadelineProto\\EventHandler\\Action\\EmojiTap","emoticon":"❤","id":null,"animation":[{"t":0,"i":1}]} {"_":"sendMessageEmojiInteraction","emoticon":"❤","msg_id":61,"interaction":{"v":1,"a":[{"t":0,"i":1}]}} {"_":"danog\\MadelineProto\\EventHandler\\Action\\EmojiTap","emoticon":"\u2764","id":61,"animation":[{"t":0,"i":1}]}
{"_":"Own"} {"_":"sendMessageRecordAudioAction"} and back
1
Refused:
TypeError: danog\MadelineProto\EventHandler\AbstractMessage::setAction(): Argument #1 ($action) must be of type danog\MadelineProto\EventHandler\Action, string given, called in %s on line %d
ArgumentCountError: danog\MadelineProto\EventHandler\Action\UploadVideo::__construct() expects exactly 1 argument, 0 given
TypeError: danog\MadelineProto\EventHandler\Action\EmojiSeen::__construct(): Argument #1 ($emoticon) must be of type string, array given, called in %s on line %d
Error: Cannot instantiate abstract class danog\MadelineProto\EventHandler\Action
Error: fromRawAction(): a constructor of SendMessageAction was expected, found "updateUserTyping"
Error: toRawAction(): Nothing is none of Telegram's actions, and has no toRawAction() of its own
Error: Cannot modify readonly property danog\MadelineProto\EventHandler\Action\UploadVideo::$progress
