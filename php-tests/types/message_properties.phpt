--TEST--
Messages as objects have the properties of release 8, by the kind of chat that they are in
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\AbstractMessage;

$sandbox = Sandbox::start(function (array &$world) {
    $world['channels'] += [
        'talk' => ['id' => 7000011, 'title' => 'Talk', 'username' => 'talk', 'creator' => 'alice', 'megagroup' => true],
        'topics' => ['id' => 7000012, 'title' => 'Topics', 'username' => 'topics', 'creator' => 'alice', 'megagroup' => true, 'forum' => true],
    ];
    $world['chats'] = ['basic' => ['id' => 80, 'title' => 'Basic', 'creator' => 'alice', 'members' => ['bob']]];
    $world['users']['replies'] = ['id' => 5000090, 'first_name' => 'Replies', 'username' => 'replies', 'phone' => '9996612090'];
    $world['messages'][] = ['in' => 'news', 'id' => 5, 'text' => 'Of the channel'];
    $world['messages'][] = ['in' => 'basic', 'id' => 80, 'from' => 'bob', 'text' => 'Of the group'];
});
$api = $sandbox->user();
/** What differs from a plain message of Bob's. */
$show = function (?AbstractMessage $message): void {
    $plain = ['id' => 9, 'out' => false, 'chatId' => 5000002, 'senderId' => 5000002, 'date' => 1700000000, 'message' => 'text',
        'replyToScheduled' => false, 'mentioned' => false, 'silent' => false, 'protected' => false, 'fromScheduled' => false,
        'editHide' => false, 'imported' => false, 'scheduled' => false, 'entities' => []];
    $properties = get_object_vars($message);
    echo substr($message::class, strlen('danog\MadelineProto\EventHandler\\'));
    foreach ($properties as $name => $value) {
        if ($value !== ($plain[$name] ?? null)) {
            echo " $name=", json_encode($value);
        }
    }
    echo "\n";
};
$bob = ['_' => 'message', 'id' => 9, 'peer_id' => 5000002, 'from_id' => 5000002, 'date' => 1700000000, 'message' => 'text', 'out' => false];
$wrap = fn (array $of, bool $scheduled = false) => $show($api->wrapMessage($of + $bob, $scheduled));
$api->messages->sendMessage(peer: '@bob_b', message: 'They know each other');

echo "Places:\n";
$wrap([]);
$wrap(['from_id' => null]);
$wrap(['out' => true, 'from_id' => 5000001]);
$wrap(['peer_id' => -80]);
foreach (['@talk' => -1000007000011, '@topics' => -1000007000012, '@news_channel' => -1000007000001] as $name => $id) {
    $api->getInfo($name);
    $wrap(['peer_id' => $id]);
}
$wrap(['peer_id' => -1000007000001, 'from_id' => null, 'post' => true]);
// Whether a post is one needs no look-up.
$wrap(['peer_id' => -1000007099999, 'from_id' => null, 'post' => true]);
var_dump($api->wrapMessage(['_' => 'messageEmpty', 'id' => 3]));

echo "Facts:\n";
$wrap(['mentioned' => true, 'silent' => true, 'ttl_period' => 60, 'noforwards' => true, 'from_scheduled' => true]);
$wrap(['views' => 5, 'forwards' => 2, 'post_author' => 'Alice', 'grouped_id' => 12345678901, 'edit_date' => 1700000001, 'edit_hide' => true, 'via_bot_id' => 6000001], true);

echo "Replies:\n";
$header = ['_' => 'messageReplyHeader', 'reply_to_scheduled' => false, 'forum_topic' => false];
$wrap(['reply_to' => ['reply_to_msg_id' => 7] + $header]);
$wrap(['reply_to' => ['reply_to_msg_id' => 7, 'reply_to_scheduled' => true] + $header]);
$wrap(['reply_to' => ['reply_to_msg_id' => 7, 'reply_to_top_id' => 6] + $header]);
$wrap(['reply_to' => ['_' => 'messageReplyStoryHeader', 'peer' => 5000002, 'story_id' => 4]]);
foreach ([['reply_to_msg_id' => 7], ['reply_to_msg_id' => 7, 'reply_to_top_id' => 6], ['reply_to_msg_id' => 7, 'forum_topic' => true],
    ['reply_to_msg_id' => 7, 'reply_to_top_id' => 6, 'forum_topic' => true]] as $topic) {
    $wrap(['peer_id' => -1000007000012, 'reply_to' => $topic + $header]);
}
var_dump($api->wrapMessage($bob)->isReply(), $api->wrapMessage(['reply_to' => ['reply_to_msg_id' => 7] + $header] + $bob)->isReply());

echo "Forwarded:\n";
$forwarded = ['_' => 'messageFwdHeader', 'imported' => false, 'date' => 1600000000];
$wrap(['fwd_from' => $forwarded]);
$wrap(['fwd_from' => ['from_id' => -1000007000001, 'channel_post' => 4, 'post_author' => 'Alice', 'saved_from_peer' => 5000003, 'saved_from_msg_id' => 8] + $forwarded]);
$wrap(['fwd_from' => ['from_name' => 'Hidden', 'psa_type' => 'covid', 'imported' => true] + $forwarded]);

echo "A comment that @replies passes on:\n";
$passed = ['peer_id' => 5000090, 'from_id' => 5000090, 'reply_to' => ['reply_to_msg_id' => 3, 'reply_to_peer_id' => -1000007000011] + $header,
    'fwd_from' => ['from_id' => 5000003, 'saved_from_peer' => -1000007000011, 'saved_from_msg_id' => 21] + $forwarded];
$api->getInfo('@replies');
$wrap($passed);
$wrap(['peer_id' => 5000002] + $passed);

echo "Our reactions:\n";
$reactions = ['_' => 'messageReactions', 'results' => [
    ['_' => 'reactionCount', 'reaction' => ['_' => 'reactionEmoji', 'emoticon' => '👍'], 'count' => 2],
    ['_' => 'reactionCount', 'chosen_order' => 0, 'reaction' => ['_' => 'reactionEmoji', 'emoticon' => '🔥'], 'count' => 1],
    ['_' => 'reactionCount', 'chosen_order' => 1, 'reaction' => ['_' => 'reactionCustomEmoji', 'document_id' => 77], 'count' => 1],
]];
$message = $api->wrapMessage(['reactions' => $reactions] + $bob);
echo json_encode(((array) $message)["\0*\0reactions"]), "\n";

echo "As the server sends them:\n";
$show($api->wrapMessage(['date' => 1700000000] + $api->channels->getMessages(channel: '@news_channel', id: [5])['messages'][0]));
$show($api->wrapMessage(['date' => 1700000000] + $api->messages->getHistory(peer: -80, limit: 1)['messages'][0]));
foreach (['v7', 'v4'] as $dialect) {
    ini_set('madelineproto.dialect', $dialect);
    $old = new danog\MadelineProto\API($sandbox->path('user.madeline'));
    $message = $old->messages->getHistory(peer: -80, limit: 1)['messages'][0];
    echo is_array($message['peer_id']) ? 'array: ' : 'int: ';
    $forward = ['fwd_from' => ['from_id' => ['_' => 'peerChannel', 'channel_id' => 7000001]] + $forwarded];
    $show($old->wrapMessage(['date' => 1700000000] + $forward + $message));
    $message = $old->sendMessage('@bob_b', 'text');
    var_dump($message->chatId, $message->senderId);
}
?>
--EXPECT--
Places:
Message\PrivateMessage
Message\PrivateMessage
Message\PrivateMessage out=true senderId=5000001
Message\GroupMessage chatId=-80
Message\GroupMessage chatId=-1000007000011
Message\GroupMessage chatId=-1000007000012 topicId=1
Message\ChannelMessage chatId=-1000007000001
Message\ChannelMessage chatId=-1000007000001 senderId=-1000007000001
Message\ChannelMessage chatId=-1000007099999 senderId=-1000007099999
NULL
Facts:
Message\PrivateMessage mentioned=true silent=true ttlPeriod=60 protected=true fromScheduled=true
Message\PrivateMessage viaBotId=6000001 editDate=1700000001 editHide=true views=5 forwards=2 signature="Alice" groupedId=12345678901 scheduled=true
Replies:
Message\PrivateMessage replyToMsgId=7
Message\PrivateMessage replyToMsgId=7 replyToScheduled=true
Message\PrivateMessage replyToMsgId=7 threadId=6
Message\PrivateMessage
Message\GroupMessage chatId=-1000007000012 replyToMsgId=7 topicId=1
Message\GroupMessage chatId=-1000007000012 replyToMsgId=7 topicId=1 threadId=6
Message\GroupMessage chatId=-1000007000012 topicId=7
Message\GroupMessage chatId=-1000007000012 replyToMsgId=7 topicId=6
bool(false)
bool(true)
Forwarded:
Message\PrivateMessage fwdInfo={"date":1600000000,"fromId":null,"fromName":null,"forwardedChannelMsgId":null,"forwardedChannelMsgAuthor":null,"savedFromId":null,"savedFromMsgId":null}
Message\PrivateMessage fwdInfo={"date":1600000000,"fromId":-1000007000001,"fromName":null,"forwardedChannelMsgId":4,"forwardedChannelMsgAuthor":"Alice","savedFromId":5000003,"savedFromMsgId":8}
Message\PrivateMessage fwdInfo={"date":1600000000,"fromId":null,"fromName":"Hidden","forwardedChannelMsgId":null,"forwardedChannelMsgAuthor":null,"savedFromId":null,"savedFromMsgId":null} imported=true psaType="covid"
A comment that @replies passes on:
Message\CommentReply id=21 chatId=-1000007000011 senderId=5000003 replyToMsgId=3 fwdInfo={"date":1600000000,"fromId":5000003,"fromName":null,"forwardedChannelMsgId":null,"forwardedChannelMsgAuthor":null,"savedFromId":-1000007000011,"savedFromMsgId":21}
Message\PrivateMessage senderId=5000090 replyToMsgId=3 fwdInfo={"date":1600000000,"fromId":5000003,"fromName":null,"forwardedChannelMsgId":null,"forwardedChannelMsgAuthor":null,"savedFromId":-1000007000011,"savedFromMsgId":21}
Our reactions:
["\ud83d\udd25",77]
As the server sends them:
Message\ChannelMessage id=5 chatId=-1000007000001 senderId=-1000007000001 message="Of the channel" views=1 forwards=0
Message\GroupMessage id=80 chatId=-80 message="Of the group"
array: Message\GroupMessage id=80 chatId=-80 message="Of the group" fwdInfo={"date":1600000000,"fromId":-1000007000001,"fromName":null,"forwardedChannelMsgId":null,"forwardedChannelMsgAuthor":null,"savedFromId":null,"savedFromMsgId":null}
int(5000002)
int(5000001)
array: Message\GroupMessage id=80 chatId=-80 message="Of the group" fwdInfo={"date":1600000000,"fromId":-1000007000001,"fromName":null,"forwardedChannelMsgId":null,"forwardedChannelMsgAuthor":null,"savedFromId":null,"savedFromMsgId":null}
int(5000002)
int(5000001)
