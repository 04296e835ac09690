--TEST--
Senders of messages become contacts, are blocked, invited, banned and looked up; what they wrote is deleted
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Participant;

$sandbox = Sandbox::start(function (array &$world) {
    $world['channels']['talk'] = ['id' => 7000011, 'title' => 'Talk', 'username' => 'talk', 'creator' => 'alice', 'megagroup' => true, 'members' => ['erin']];
    $world['channels']['other'] = ['id' => 7000012, 'title' => 'Other', 'username' => 'other', 'creator' => 'alice', 'megagroup' => true];
    $world['channels']['theirs'] = ['id' => 7000013, 'title' => 'Theirs', 'username' => 'theirs', 'creator' => 'erin', 'megagroup' => true, 'members' => ['alice']];
    foreach (['one' => 'erin', 'two' => 'alice', 'three' => 'erin'] as $text => $from) {
        $world['messages'][] = ['in' => 'talk', 'from' => $from, 'text' => $text];
    }
    $world['messages'][] = ['in' => ['alice', 'erin'], 'id' => 61, 'from' => 'erin', 'text' => 'Hello, Alice'];
    $world['messages'][] = ['in' => 'theirs', 'from' => 'erin', 'text' => 'Mine'];
});
$api = $sandbox->user();
$api->getDialogIds();
$newest = fn ($peer) => $api->wrapMessage($api->messages->getHistory(peer: $peer, limit: 1)['messages'][0]);
[$private, $group, $theirs] = [$newest('@erin_e'), $newest('@talk'), $newest('@theirs')];

echo "Contacts:\n";
$contacts = fn () => json_encode(array_map(
    fn ($user) => [$user['first_name'], $user['last_name'] ?? null], $api->contacts->getContacts(hash: [])['users'],
), JSON_UNESCAPED_UNICODE);
var_dump($private->saveContact('Erin', 'E.'));
echo $contacts(), "\n";
$group->saveContact(firstName: 'Erin again', addPhonePrivacyException: true);
echo $contacts(), "\n";
$private->removeContact();
echo $contacts(), "\n";
thrown(fn () => $private->saveContact(''));

echo "Blocked:\n";
$full = function (string $of) use ($api) {
    $api->refreshFullPeerCache($of);
    return $api->getFullInfo($of)['full'];
};
$blocked = fn () => $full('@erin_e')['blocked'];
echo json_encode([$private->block(), $blocked(), $group->unblock(), $blocked(), $private->unblock()]), "\n";

echo "Members:\n";
foreach ([$group->getMember(), $group->getMember('@alice'), $theirs->getMember('me'), $theirs->getMember()] as $member) {
    echo $member::class, ' ', json_encode(array_diff_key($member->jsonSerialize(), ['date' => 0, 'adminRights' => 0])), "\n";
}
echo json_encode($group->getMember('@alice')->adminRights), "\n";
thrown(fn () => $group->getMember('@bob_b'));

echo "Invited:\n";
$group->inviteToChannel('@other');
echo $api->channels->getParticipant(channel: '@other', participant: '@erin_e')['participant']['_'], "\n";
thrown(fn () => $group->inviteToChannel('@other'));

echo "Banned:\n";
$group->ban();
$banned = $group->getMember();
echo $banned::class, ' ', json_encode([$banned->peer, $banned->left, $banned->kickedBy, $banned->bannedRights->viewMessages, $banned->bannedRights->untilDate]), "\n";
$group->unban();
thrown(fn () => $group->getMember());
$group->ban($until = time() + 3600);
var_dump($group->getMember()->bannedRights->untilDate === $until);
$group->unban();
$group->inviteToChannel('@talk');
echo $group->getMember()::class, "\n";
$group->kick();
thrown(fn () => $group->getMember());
thrown(fn () => $theirs->ban());

echo "Deleted:\n";
$texts = fn () => json_encode(array_values(array_filter(array_column($api->messages->getHistory(peer: '@talk', limit: 100)['messages'], 'message'))));
echo $texts(), "\n";
$group->deleteUserMessages();
echo $texts(), "\n";
$api->messages->sendMessage(peer: '@talk', message: 'four');
$group->deleteUserMessages('@alice');
echo $texts(), "\n";
[$five, $six] = [$api->sendMessage('@talk', 'five'), $api->sendMessage('@talk', 'six')];
$group->deleteAll(maxId: $five->id);
echo $texts(), "\n";
$group->deleteAll(false);
echo $texts(), ' ', $full('@talk')['available_min_id'] === $six->id ? 'for Alice' : 'for all', "\n";
thrown(fn () => $theirs->deleteUserMessages());
thrown(fn () => $theirs->deleteAll());

echo "Raw:\n";
echo json_encode(Participant::fromRawParticipant(['_' => 'channelParticipantAdmin', 'can_edit' => true, 'user_id' => 5, 'promoted_by' => 6,
    'date' => 7, 'admin_rights' => ['_' => 'chatAdminRights', 'other' => true]])), "\n";
thrown(fn () => Participant::fromRawParticipant(['_' => 'user']));
thrown(fn () => Participant::fromRawParticipant(['_' => 'channelParticipant', 'user_id' => 5]));
thrown(fn () => Participant::fromRawParticipant(['_' => 'channelParticipantSelf', 'user_id' => 5, 'via_request' => 1, 'date' => 7]));
thrown(fn () => new Participant\Creator(['user_id' => 5, 'admin_rights' => [], 'rank' => 5]));
?>
--EXPECT--
Contacts:
NULL
[["Bob",null],["Erin","E."]]
[["Bob",null],["Erin again",null]]
[["Bob",null]]
danog\MadelineProto\RPCErrorException: CONTACT_NAME_EMPTY (code 400, rpc CONTACT_NAME_EMPTY)
Blocked:
[true,true,true,false,false]
Members:
danog\MadelineProto\EventHandler\Participant\Member {"_":"danog\\MadelineProto\\EventHandler\\Participant\\Member","userId":5000005}
danog\MadelineProto\EventHandler\Participant\Creator {"_":"danog\\MadelineProto\\EventHandler\\Participant\\Creator","userId":5000001,"rank":"Owner"}
danog\MadelineProto\EventHandler\Participant\MySelf {"_":"danog\\MadelineProto\\EventHandler\\Participant\\MySelf","viaRequest":false,"userId":5000001,"inviterId":5000005}
danog\MadelineProto\EventHandler\Participant\Creator {"_":"danog\\MadelineProto\\EventHandler\\Participant\\Creator","userId":5000005,"rank":"Owner"}
{"_":"danog\\MadelineProto\\EventHandler\\Participant\\Rights\\Admin","changeInfo":true,"postMessages":false,"editMessages":false,"deleteMessages":false,"banUsers":true,"inviteUsers":false,"pinMessages":false,"addAdmins":false,"anonymous":false,"manageCall":false,"other":true,"manageTopics":false}
danog\MadelineProto\RPCErrorException: USER_NOT_PARTICIPANT (code 400, rpc USER_NOT_PARTICIPANT)
Invited:
channelParticipant
danog\MadelineProto\RPCErrorException: USER_ALREADY_PARTICIPANT (code 400, rpc USER_ALREADY_PARTICIPANT)
Banned:
danog\MadelineProto\EventHandler\Participant\Banned [5000005,true,5000001,true,2147483647]
danog\MadelineProto\RPCErrorException: USER_NOT_PARTICIPANT (code 400, rpc USER_NOT_PARTICIPANT)
bool(true)
danog\MadelineProto\EventHandler\Participant\Member
danog\MadelineProto\RPCErrorException: USER_NOT_PARTICIPANT (code 400, rpc USER_NOT_PARTICIPANT)
danog\MadelineProto\RPCError\ChatAdminRequiredError: CHAT_ADMIN_REQUIRED (code 400, rpc CHAT_ADMIN_REQUIRED)
Deleted:
["three","two","one"]
["two"]
[]
["six"]
[] for Alice
danog\MadelineProto\RPCError\ChatAdminRequiredError: CHAT_ADMIN_REQUIRED (code 400, rpc CHAT_ADMIN_REQUIRED)
danog\MadelineProto\RPCError\ChatAdminRequiredError: CHAT_ADMIN_REQUIRED (code 400, rpc CHAT_ADMIN_REQUIRED)
Raw:
{"_":"danog\\MadelineProto\\EventHandler\\Participant\\Admin","canEdit":true,"self":false,"userId":5,"inviterId":null,"promotedBy":6,"date":7,"adminRights":{"_":"danog\\MadelineProto\\EventHandler\\Participant\\Rights\\Admin","changeInfo":false,"postMessages":false,"editMessages":false,"deleteMessages":false,"banUsers":false,"inviteUsers":false,"pinMessages":false,"addAdmins":false,"anonymous":false,"manageCall":false,"other":true,"manageTopics":false},"rank":"admin"}
AssertionError: a constructor of ChannelParticipant was expected, found "user"
danog\MadelineProto\Exception: channelParticipant.date: expected an int, found nothing
danog\MadelineProto\Exception: channelParticipantSelf.via_request: expected a bool, found int
danog\MadelineProto\Exception: channelParticipantCreator.rank: expected a string, found int
