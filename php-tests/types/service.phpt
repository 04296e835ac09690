--TEST--
Messages that tell what has happened are objects of a class for each action, with what it says
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\AbstractMessage;
use danog\MadelineProto\EventHandler\Message\ServiceMessage;
use danog\MadelineProto\VoIP\DiscardReason;

$sandbox = Sandbox::start(function (array &$world) {
    $world['chats'] = ['basic' => ['id' => 80, 'title' => 'Basic', 'creator' => 'bob', 'members' => ['erin'], 'invite' => 'joinus']];
});
$api = $sandbox->user();
$own = array_keys(get_class_vars(AbstractMessage::class));
$wrap = fn (string $action, array $of = [], array $more = []) => $api->wrapMessage($more + ['_' => 'messageService', 'id' => 9, 'peer_id' => -80,
    'from_id' => 5000002, 'date' => 1700000000, 'action' => ['_' => "messageAction$action"] + $of]);
$show = function (?AbstractMessage $message) use ($own) {
    if (!$message instanceof ServiceMessage) {
        var_dump($message);
        return;
    }
    $properties = array_diff_key(get_object_vars($message), array_flip($own), ['id' => 0]);
    foreach ((new ReflectionClass(AbstractMessage::class))->getProperties() as $property) {
        unset($properties[$property->getName()]);
    }
    echo substr($message::class, strlen('danog\MadelineProto\EventHandler\Message\Service\\')), ' ', json_encode($properties, JSON_UNESCAPED_UNICODE), "\n";
};
foreach ([
    ['BotAllowed', ['attach_menu' => true, 'domain' => 'example.com']],
    ['BotAllowed', ['app' => ['_' => 'botApp', 'id' => 1, 'access_hash' => 2, 'short_name' => 'app', 'title' => 'App', 'description' => 'An app', 'hash' => 3,
        'photo' => ['_' => 'photoEmpty', 'id' => 4]]]],
    ['HistoryClear'], ['ContactSignUp'], ['ChatJoinedByRequest'], ['PinMessage'], ['ScreenshotTaken'], ['ChatDeletePhoto'],
    ['ChatAddUser', ['users' => [5000001, 5000003]]],
    ['ChatDeleteUser', ['user_id' => 5000003]],
    ['ChatJoinedByLink', ['inviter_id' => 5000003]],
    ['ChatCreate', ['title' => 'New', 'users' => [5000001]]],
    ['ChatEditTitle', ['title' => 'Other']],
    ['ChannelCreate', ['title' => 'Channel']],
    ['ChatMigrateTo', ['channel_id' => -1000007000001]],
    ['ChannelMigrateFrom', ['title' => 'Old', 'chat_id' => -80]],
    ['GameScore', ['game_id' => 12, 'score' => 100]],
    ['GeoProximityReached', ['from_id' => 5000001, 'to_id' => 5000002, 'distance' => 30]],
    ['PhoneCall', ['video' => true, 'call_id' => 4, 'reason' => ['_' => 'phoneCallDiscardReasonBusy'], 'duration' => 60]],
    ['PhoneCall', ['call_id' => 4, 'reason' => ['_' => 'phoneCallDiscardReasonMigrateConferenceCall', 'slug' => 'x']]],
    ['GroupCall', ['call' => ['_' => 'inputGroupCall', 'id' => 5, 'access_hash' => 6]]],
    ['GroupCall', ['call' => ['_' => 'inputGroupCall', 'id' => 5, 'access_hash' => 6], 'duration' => 7]],
    ['InviteToGroupCall', ['call' => ['_' => 'inputGroupCall', 'id' => 5, 'access_hash' => 6], 'users' => [5000001]]],
    ['GroupCallScheduled', ['call' => ['_' => 'inputGroupCall', 'id' => 5, 'access_hash' => 6], 'schedule_date' => 1700000001]],
    ['SetMessagesTTL', ['period' => 86400]],
    ['SetMessagesTTL', ['period' => 86400, 'auto_setting_from' => 5000001]],
    ['SetChatTheme', ['theme' => ['_' => 'chatTheme', 'emoticon' => '🎄']]],
    ['SetChatTheme', ['emoticon' => '🎄']],
    ['WebViewDataSentMe', ['text' => 'Open', 'data' => '{}']],
    ['WebViewDataSent', ['text' => 'Open']],
    ['GiftPremium', ['currency' => 'EUR', 'amount' => 999, 'days' => 365]],
    ['GiftPremium', ['currency' => 'EUR', 'amount' => 999, 'months' => 3, 'crypto_currency' => 'TON', 'crypto_amount' => 5]],
    ['TopicCreate', ['title' => 'Topic', 'icon_color' => 7322096]],
    ['TopicEdit', ['closed' => true, 'icon_emoji_id' => 0]],
    ['TopicEdit', ['title' => 'Renamed', 'hidden' => false]],
    ['RequestedPeerSentMe', ['button_id' => 3, 'peers' => [['_' => 'requestedPeerUser', 'user_id' => 5000002]]]],
    ['SetChatWallPaper', ['same' => true, 'wallpaper' => ['_' => 'wallPaperNoFile', 'id' => 8, 'default' => false, 'dark' => true,
        'settings' => ['_' => 'wallPaperSettings', 'blur' => true, 'motion' => false, 'background_color' => 255]]]],
    // Release 8 has no class for it.
    ['BoostApply', ['boosts' => 1]],
] as $case) {
    $show($wrap(...$case));
}
$message = $wrap('PhoneCall', ['call_id' => 4, 'reason' => ['_' => 'phoneCallDiscardReasonMissed']], ['out' => true, 'silent' => true]);
var_dump($message->reason === DiscardReason::MISSED, $message->out, $message->silent, $message->chatId, $message->senderId, $message->isReply());
var_dump(unserialize(serialize($message)) == $message);
echo json_encode($message), "\n";

echo "As the server sends them:\n";
$show($api->wrapMessage($api->extractMessage($api->messages->importChatInvite(hash: 'joinus'))));
foreach (['v7', 'v4'] as $dialect) {
    ini_set('madelineproto.dialect', $dialect);
    $old = new danog\MadelineProto\API($sandbox->path('user.madeline'));
    $history = $old->messages->getHistory(peer: -80, limit: 1)['messages'][0];
    echo is_array($history['peer_id']) ? 'array' : 'int', ' ';
    $show($old->wrapMessage($history));
    echo $old->wrapMessage($history)->chatId, ' ', $old->wrapMessage($history)->senderId, "\n";
    $show($old->wrapMessage(['action' => ['_' => 'messageActionChannelMigrateFrom', 'title' => 'Old', 'chat_id' => 80]] + $history));
    $show($old->wrapMessage(['action' => ['_' => 'messageActionChatMigrateTo', 'channel_id' => 7000001]] + $history));
}

echo "Pinned:\n";
$first = $api->sendMessage('me', 'pin me');
$second = $api->sendMessage('me', 'second', replyToMsgId: $first->id);
$pinned = $wrap('PinMessage', [], ['id' => $second->id, 'peer_id' => 5000001, 'reply_to' => ['_' => 'messageReplyHeader', 'reply_to_msg_id' => $first->id]]);
echo $pinned->getPinnedMessage()->message, ' ', var_export($pinned->getPinnedMessage(ServiceMessage::class), true), "\n";
var_dump($wrap('PinMessage')->getPinnedMessage());
thrown(fn () => $pinned->getPinnedMessage('stdClass'));

echo "Refused:\n";
thrown(fn () => $wrap('ChatEditTitle'));
thrown(fn () => $wrap('ChatEditTitle', ['title' => 5]));
thrown(fn () => $wrap('ChatAddUser', ['users' => 5]));
thrown(fn () => $wrap('GroupCall'));
thrown(fn () => $wrap('GeoProximityReached', ['from_id' => 1, 'distance' => 2]));
thrown(fn () => $api->wrapMessage(['_' => 'messageService', 'id' => 9, 'peer_id' => -80, 'date' => 1]));
thrown(fn () => $api->wrapMessage(['_' => 'encryptedMessage']));
thrown(fn () => $message->reason = null);
?>
--EXPECT--
DialogBotAllowed {"attachMenu":true,"domain":"example.com","app":null}
DialogBotAllowed {"attachMenu":false,"domain":null,"app":{"_":"danog\\MadelineProto\\EventHandler\\BotApp","id":1,"accessHash":2,"name":"app","title":"App","description":"An app","photo":null,"document":null,"hash":3,"inactive":null,"requestWriteAccess":null,"hasSettings":null}}
DialogHistoryCleared []
DialogContactSignUp []
DialogMemberJoinedByRequest []
DialogMessagePinned []
DialogScreenshotTaken {"ids":[]}
DialogPhotoChanged {"photo":null}
DialogMembersJoined {"joined":[5000001,5000003]}
DialogMemberLeft {"left":5000003}
DialogChatJoinedByLink {"inviterId":5000003}
DialogCreated {"title":"New","users":[5000001]}
DialogTitleChanged {"title":"Other"}
DialogChannelCreated {"title":"Channel"}
DialogChatMigrateTo {"channelId":-1000007000001}
DialogChannelMigrateFrom {"oldTitle":"Old","oldChatId":-80}
DialogGameScore {"gameId":12,"score":100}
DialogGeoProximityReached {"fromId":5000001,"toId":5000002,"distance":30}
DialogPhoneCall {"video":true,"callId":4,"reason":"BUSY","duration":60}
DialogPhoneCall {"video":false,"callId":4,"reason":null,"duration":null}
DialogGroupCall\GroupCall {"callId":5,"accessHash":6,"ended":false,"duration":null}
DialogGroupCall\GroupCall {"callId":5,"accessHash":6,"ended":true,"duration":7}
DialogGroupCall\GroupCallInvited {"callId":5,"accessHash":6,"users":[5000001]}
DialogGroupCall\GroupCallScheduled {"callId":5,"accessHash":6,"scheduleDate":1700000001}
DialogSetTTL {"period":86400,"autoSettingFrom":null}
DialogSetTTL {"period":86400,"autoSettingFrom":5000001}
DialogSetChatTheme {"emoticon":"🎄"}
DialogSetChatTheme {"emoticon":"🎄"}
DialogWebView {"text":"Open","data":"{}"}
DialogWebView {"text":"Open","data":null}
DialogGiftPremium {"currency":"EUR","amount":999,"months":12,"cryptoCurrency":null,"cryptoAmount":null}
DialogGiftPremium {"currency":"EUR","amount":999,"months":3,"cryptoCurrency":"TON","cryptoAmount":5}
DialogTopicCreated {"title":"Topic","iconColor":7322096,"iconEmojiId":null}
DialogTopicEdited {"title":null,"iconEmojiId":0,"closed":true,"hidden":null}
DialogTopicEdited {"title":"Renamed","iconEmojiId":null,"closed":null,"hidden":false}
DialogPeerRequested {"buttonId":3,"peers":[{"_":"requestedPeerUser","user_id":5000002}]}
DialogSetChatWallPaper {"wallpaper":{"_":"danog\\MadelineProto\\EventHandler\\Wallpaper","id":8,"accessHash":null,"creator":false,"default":false,"pattern":false,"dark":true,"uniqueId":null,"media":null,"settings":{"_":"danog\\MadelineProto\\EventHandler\\Wallpaper\\WallpaperSettings","blur":true,"motion":false,"backgroundColor":255,"secondBackgroundColor":null,"thirdBackgroundColor":null,"fourthBackgroundColor":null,"intensity":0,"rotation":0}},"same":true}
NULL
bool(true)
bool(true)
bool(true)
int(-80)
int(5000002)
bool(false)
bool(true)
{"_":"danog\\MadelineProto\\EventHandler\\Message\\Service\\DialogPhoneCall","video":false,"callId":4,"reason":"MISSED","duration":null,"id":9,"out":true,"chatId":-80,"senderId":5000002,"replyToMsgId":null,"date":1700000000,"topicId":null,"threadId":null,"replyToScheduled":false,"mentioned":false,"silent":true,"ttlPeriod":null}
As the server sends them:
DialogChatJoinedByLink {"inviterId":5000002}
array DialogChatJoinedByLink {"inviterId":5000002}
-80 5000001
DialogChannelMigrateFrom {"oldTitle":"Old","oldChatId":-80}
DialogChatMigrateTo {"channelId":-1000007000001}
array DialogChatJoinedByLink {"inviterId":5000002}
-80 5000001
DialogChannelMigrateFrom {"oldTitle":"Old","oldChatId":-80}
DialogChatMigrateTo {"channelId":-1000007000001}
Pinned:
pin me NULL
NULL
AssertionError: getReply(): class: the name of a class of messages was expected, found "stdClass"
Refused:
danog\MadelineProto\Exception: message.action.title: expected a string, found nothing
danog\MadelineProto\Exception: message.action.title: expected a string, found int
danog\MadelineProto\Exception: message.action.users: expected an array, found int
danog\MadelineProto\Exception: message.action.call: expected an object, found nothing
danog\MadelineProto\Exception: message.action.to_id: expected a peer, found nothing
danog\MadelineProto\Exception: message.action: expected an object, found nothing
danog\MadelineProto\Exception: wrapMessage(): there are no objects for encryptedMessage yet: use the array
Error: Cannot modify readonly property danog\MadelineProto\EventHandler\Message\Service\DialogPhoneCall::$reason
