--TEST--
Invite links where hashes or channels are wanted, groups by bot-API ids, former names of methods
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['chats'] = [
        'party' => ['title' => 'Party', 'creator' => 'erin', 'members' => ['bob'], 'invite' => 'PartyInvite'],
        'work' => ['title' => 'Work', 'creator' => 'erin', 'members' => ['bob'], 'invite' => 'WorkInvite'],
        'own' => ['id' => 77, 'title' => 'Own', 'creator' => 'alice', 'members' => ['bob']],
    ];
    $world['channels']['open'] = ['title' => 'Open', 'username' => 'open_chat', 'creator' => 'erin', 'megagroup' => true];
});
$alice = $sandbox->user();
$title = fn (array $result) => $result['_'] . ' ' . $result['chats'][0]['title'];

foreach (['https://t.me/joinchat/PartyInvite', 't.me/+PartyInvite', 'tg://join?invite=PartyInvite', 'PartyInvite'] as $link) {
    echo $alice->messages->checkChatInvite(hash: $link)['title'], ' ';
}
echo "\n", $title($alice->messages->importChatInvite(hash: 'https://t.me/joinchat/PartyInvite')), "\n";
echo $title($alice->channels->joinChannel(channel: 'https://t.me/+WorkInvite')), "\n";
echo $title($alice->channels->joinChannel(channel: 'https://t.me/open_chat')), "\n";
$alice->channels->leaveChannel(channel: '@open_chat');
echo $title($alice->messages->importChatInvite(hash: 'https://t.me/open_chat')), "\n";
thrown(fn () => $alice->messages->checkChatInvite(hash: 'https://t.me/open_chat'));
thrown(fn () => $alice->messages->checkChatInvite(hash: 'NoSuchInvite'));

echo "chat_id:\n";
// The sandbox does not have the method: it got so far.
foreach ([-77, 77, '-77', ['_' => 'peerChat', 'chat_id' => -77]] as $chat) {
    thrown(fn () => $alice->messages->editChatTitle(chat_id: $chat, title: 'x'));
}
thrown(fn () => $alice->messages->editChatTitle(chat_id: '@open_chat', title: 'x'));
thrown(fn () => $alice->messages->editChatTitle(chat_id: '@alice', title: 'x'));
thrown(fn () => $alice->messages->addChatUser(chat_id: -4444, user_id: '@bob_b', fwd_limit: 1));

echo "Former names:\n";
thrown(fn () => $alice->channels->deleteUserHistory(channel: '@open_chat', user_id: '@bob_b'));
thrown(fn () => $alice->stories->getUserStories(peer: '@bob_b'));
thrown(fn () => $alice->photos->updateProfilePhoto(file: ['_' => 'inputFile', 'id' => 1, 'parts' => 1, 'name' => 'x', 'md5_checksum' => '']));
thrown(fn () => $alice->channels->deleteNoHistory());
?>
--EXPECT--
Party Party Party Party 
updates Party
updates Work
updates Open
updates Open
danog\MadelineProto\TL\Exception: This is not an invite link!
danog\MadelineProto\RPCErrorException: INVITE_HASH_INVALID (code 400, rpc INVITE_HASH_INVALID)
chat_id:
danog\MadelineProto\RPCErrorException: METHOD_INVALID (code 400, rpc METHOD_INVALID)
danog\MadelineProto\RPCErrorException: METHOD_INVALID (code 400, rpc METHOD_INVALID)
danog\MadelineProto\RPCErrorException: METHOD_INVALID (code 400, rpc METHOD_INVALID)
danog\MadelineProto\RPCErrorException: METHOD_INVALID (code 400, rpc METHOD_INVALID)
danog\MadelineProto\Exception: chat_id is not a chat id (only normal groups allowed, not supergroups)!
danog\MadelineProto\Exception: chat_id is not a chat id (only normal groups allowed, not supergroups)!
danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
Former names:
danog\MadelineProto\RPCError\ChatAdminRequiredError: CHAT_ADMIN_REQUIRED (code 400, rpc CHAT_ADMIN_REQUIRED)
danog\MadelineProto\RPCErrorException: METHOD_INVALID (code 400, rpc METHOD_INVALID)
danog\MadelineProto\RPCErrorException: FILE_PART_0_MISSING (code 400, rpc FILE_PART_0_MISSING)
danog\MadelineProto\TL\Exception: Could not find method channels.deleteNoHistory!
