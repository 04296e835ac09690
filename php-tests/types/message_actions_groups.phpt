--TEST--
Messages in groups change what holds there: who sees what, slow mode, protection, topics; basic groups become supergroups
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message\ReportReason;
use danog\MadelineProto\EventHandler\Topic\IconColor;

$sandbox = Sandbox::start(function (array &$world) {
    $world['channels']['talk'] = ['id' => 7000011, 'title' => 'Talk', 'username' => 'talk', 'creator' => 'alice', 'megagroup' => true];
    $world['channels']['theirs'] = ['id' => 7000013, 'title' => 'Theirs', 'username' => 'theirs', 'creator' => 'erin', 'megagroup' => true, 'members' => ['alice']];
    $world['chats'] = ['basic' => ['id' => 80, 'title' => 'Basic', 'creator' => 'alice', 'members' => ['erin']]];
    foreach (['talk', 'theirs', 'basic'] as $place) {
        $world['messages'][] = ['in' => $place, 'from' => $place === 'theirs' ? 'erin' : 'alice', 'text' => $place];
    }
});
$api = $sandbox->user();
$api->getDialogIds();
$newest = fn ($peer) => $api->wrapMessage($api->messages->getHistory(peer: $peer, limit: 1)['messages'][0]);
[$group, $theirs, $basic] = [$newest('@talk'), $newest('@theirs'), $newest(-80)];
/** What the server knows of the group: everything that is not as usual. */
$facts = function () use ($api) {
    $api->refreshFullPeerCache('@talk');
    $info = $api->getFullInfo('@talk');
    $all = $info['full'] + $info['Chat'];
    $wanted = ['participants_hidden', 'hidden_prehistory', 'antispam', 'join_to_send', 'forum', 'noforwards', 'slowmode_seconds', 'ttl_period', 'translations_disabled'];
    return json_encode(array_filter(array_intersect_key($all, array_flip($wanted))));
};

echo "Switches:\n";
foreach (['hideMembers' => 'unhideMembers', 'hideHistory' => 'unhideHistory', 'enableAntiSpam' => 'disableAntiSpam',
    'enableJoinToComment' => 'disableJoinToComment', 'enableTopics' => null, 'enableProtection' => 'disableProtection'] as $on => $off) {
    var_dump($group->$on());
    echo "$on ", $facts();
    if ($off !== null) {
        $group->$off();
        echo " $off ", $facts();
    }
    echo "\n";
}
$group->enableSlowMode(30);
echo $facts(), "\n";
$group->disableSlowMode();
$ttl = $group->enableTTL(172800);
echo $ttl::class, ' ', json_encode([$ttl->period, $ttl->autoSettingFrom, $ttl->chatId === $group->chatId, $ttl->out]), ' ', $facts(), "\n";
// What has happened is a message, too.
$ttl->delete();
echo $newest('@talk')->message, ' ', $ttl->sendText('said there')->chatId === $group->chatId ? 'there' : 'elsewhere', "\n";
echo json_encode([$group->disableTTL()->period, $group->disableAutoTranslate()]), ' ', $facts(), "\n";
echo json_encode($group->enableAutoTranslate()), ' ', $facts(), "\n";
$basic->enableProtection();
echo json_encode($api->messages->getChats(id: [80])['chats'][0]['noforwards']), "\n";

echo "Topics:\n";
$topic = $group->createTopic('Rust', IconColor::BLUE);
echo $topic::class, ' ', json_encode([$topic->title, $topic->iconColor === IconColor::BLUE->value, $topic->iconEmojiId]), "\n";
thrown(fn () => $group->closeTopic());
$edited = $group->editTopic('Oxide', 12345, $topic->id);
echo $edited::class, ' ', json_encode([$edited->title, $edited->iconEmojiId, $edited->closed, $edited->hidden, $edited->topicId === $topic->id]), "\n";
$said = $api->wrapMessage($api->messages->sendMessage(peer: '@talk', message: 'in it', reply_to_msg_id: $topic->id)['updates'][2]['message']);
echo json_encode([$said->topicId === $topic->id, $said->isReply()]), "\n";
echo json_encode([$said->closeTopic()->closed, $said->openTopic()->closed, $said->editTopic('Again')->title]), "\n";
// An answer stays in the topic, and so does a text to it.
echo json_encode([$said->reply('answer')->topicId === $topic->id, $said->sendText('text')->topicId === $topic->id]), "\n";
$said->createTopic('Second', 678);
echo json_encode(($second = $newest('@talk'))->jsonSerialize()['iconEmojiId']), "\n";
echo json_encode(array_map(fn ($message) => $message->topicId === $second->id, $said->forward('@talk', topicId: $second->id))), "\n";
$said->deleteTopic();
thrown(fn () => $said->openTopic());
$said->disableTopics();
echo $facts(), "\n";
// Without a topic there is nothing to switch off.
$group->disableTopics();
thrown(fn () => $group->editTopic('Too late', topicId: 9));

echo "Colors and reasons:\n";
echo json_encode(IconColor::cases()), ' ', IconColor::from(0x6FB9F0)->name, ' ', ReportReason::from('inputReportReasonFake')->name, ' ',
    implode(' ', array_column(ReportReason::cases(), 'name')), "\n";

echo "Refused:\n";
thrown(fn () => $theirs->hideMembers());
thrown(fn () => $theirs->createTopic('Not mine'));
thrown(fn () => $theirs->enableProtection());
thrown(fn () => $theirs->toSuperGroup());
thrown(fn () => $basic->hideMembers());
thrown(fn () => $basic->enableSlowMode(10));
thrown(fn () => $group->enableSlowMode(0));
thrown(fn () => $group->enableSlowMode(11));
thrown(fn () => $group->createTopic(''));
thrown(fn () => $group->disableProtection());

echo "A supergroup:\n";
$id = $basic->toSuperGroup();
echo json_encode([$id < -1000000000000, $api->getInfo($id)['Chat']['title'], $api->getFullInfo($id)['full']['migrated_from_chat_id']]), "\n";
thrown(fn () => $basic->toSuperGroup());
?>
--EXPECT--
Switches:
NULL
hideMembers {"participants_hidden":true} unhideMembers []
NULL
hideHistory {"hidden_prehistory":true} unhideHistory []
NULL
enableAntiSpam {"antispam":true} disableAntiSpam []
NULL
enableJoinToComment {"join_to_send":true} disableJoinToComment []
NULL
enableTopics {"forum":true}
NULL
enableProtection {"noforwards":true,"forum":true} disableProtection {"forum":true}
{"slowmode_seconds":30,"forum":true}
danog\MadelineProto\EventHandler\Message\Service\DialogSetTTL [172800,null,true,true] {"ttl_period":172800,"forum":true}
talk there
[0,true] {"translations_disabled":true,"forum":true}
true {"forum":true}
true
Topics:
danog\MadelineProto\EventHandler\Message\Service\DialogTopicCreated ["Rust",true,null]
InvalidArgumentException: closeTopic(): topicId: a topic was expected, this message is in none
danog\MadelineProto\EventHandler\Message\Service\DialogTopicEdited ["Oxide",12345,null,null,true]
[true,false]
[true,false,"Again"]
[true,true]
678
[true]
danog\MadelineProto\RPCErrorException: TOPIC_ID_INVALID (code 400, rpc TOPIC_ID_INVALID)
[]
danog\MadelineProto\RPCErrorException: CHANNEL_FORUM_MISSING (code 400, rpc CHANNEL_FORUM_MISSING)
Colors and reasons:
["NONE","BLUE","YELLOW","PURPLE","GREEN","PINK","RED"] BLUE FAKE SPAM VIOLENCE PORNOGRAPHY CHILD_ABUSE COPYRIGHT GEO_IRRELEVANT FAKE ILLEGAL_DRUGS PERSONAL_DETAILS OTHER
Refused:
danog\MadelineProto\RPCError\ChatAdminRequiredError: CHAT_ADMIN_REQUIRED (code 400, rpc CHAT_ADMIN_REQUIRED)
danog\MadelineProto\RPCError\ChatAdminRequiredError: CHAT_ADMIN_REQUIRED (code 400, rpc CHAT_ADMIN_REQUIRED)
danog\MadelineProto\RPCError\ChatAdminRequiredError: CHAT_ADMIN_REQUIRED (code 400, rpc CHAT_ADMIN_REQUIRED)
InvalidArgumentException: toSuperGroup(): a message in a basic group was expected, this one is in -1000007000013
InvalidArgumentException: hideMembers(): a message in a supergroup or channel was expected, this one is in -80
InvalidArgumentException: enableSlowMode(): a message in a supergroup or channel was expected, this one is in -80
InvalidArgumentException: enableSlowMode(): seconds: a number other than 0 was expected
danog\MadelineProto\RPCErrorException: SECONDS_INVALID (code 400, rpc SECONDS_INVALID)
danog\MadelineProto\RPCErrorException: TOPIC_TITLE_EMPTY (code 400, rpc TOPIC_TITLE_EMPTY)
danog\MadelineProto\RPCErrorException: CHAT_NOT_MODIFIED (code 400, rpc CHAT_NOT_MODIFIED)
A supergroup:
[true,"Basic",-80]
danog\MadelineProto\RPCErrorException: CHAT_ID_INVALID (code 400, rpc CHAT_ID_INVALID)
