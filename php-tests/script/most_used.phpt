--TEST--
The calls that most scripts are made of
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\{API, Tools};

$sandbox = Sandbox::start(function (array &$world) {
    $world['channels']['open'] = ['id' => 7000010, 'title' => 'Open', 'username' => 'open_chat', 'creator' => 'erin', 'megagroup' => true, 'invite' => 'OpenInvite'];
    $world['chats'] = ['party' => ['title' => 'Party', 'creator' => 'erin', 'members' => ['bob'], 'invite' => 'PartyInvite']];
});

echo "Logins in snake case:\n";
$bob = $sandbox->api('bob.madeline');
$bob->phone_login('9996612002');
echo $bob->complete_phone_login('12345')['_'], ' ', $bob->complete_2fa_login('correct horse')['_'], "\n";
$new = $sandbox->api('new.madeline');
$new->phone_login('9996612009');
echo $new->complete_phone_login('12345')['_'], ' ', $new->complete_signup('New', 'Comer')['user']['first_name'], "\n";
$bot = $sandbox->api('bot.madeline');
echo $bot->bot_login('6000001:sandbox-bot-token')['user']['username'], "\n";

$alice = $sandbox->user();
echo "Who is who: ", $alice->getId('@bot'), ' ', $alice->getId('me') === $alice->getSelf()['id'] ? 'me' : 'somebody else', "\n";
var_dump($alice->getLogger() instanceof danog\MadelineProto\Logger);

echo "Groups:\n";
$crew = $alice->getId('@open_chat');
echo $alice->channels->joinChannel(channel: '@open_chat')['_'], ' ', $alice->getType($crew), "\n";
$id = $alice->extractMessageId($alice->messages->sendMessage(peer: $crew, message: 'hello'));
echo $alice->channels->getMessages(channel: $crew, id: [$id])['messages'][0]['message'], "\n";
echo $alice->channels->leaveChannel(channel: $crew)['_'], "\n";
thrown(fn () => $alice->messages->sendMessage(peer: $crew, message: 'once more'));
echo $alice->messages->importChatInvite(hash: 'https://t.me/joinchat/PartyInvite')['chats'][0]['title'], "\n";
thrown(fn () => $alice->messages->importChatInvite(hash: 'https://t.me/+PartyInvite'));
thrown(fn () => $alice->messages->importChatInvite(hash: 'https://t.me/+NoSuchInvite'));

echo "Messages:\n";
$id = $alice->extractMessageId($alice->messages->sendMessage(peer: '@bob_b', message: 'first'));
echo $alice->extractMessage($alice->messages->editMessage(peer: '@bob_b', id: $id, message: 'second <b>version</b>', parse_mode: 'HTML'))['message'], "\n";
thrown(fn () => $alice->messages->editMessage(peer: '@bob_b', id: 99999, message: 'x'));
echo $bob->messages->readHistory(peer: '@alice', max_id: 0)['_'], "\n";
echo $alice->account->updateProfile(about: 'Somebody')['first_name'], "\n";
thrown(fn () => $alice->account->updateProfile(first_name: ''));

echo "What goes over the wire of calls that the sandbox does not have:\n";
$user = ['_' => 'inputUser', 'user_id' => 7, 'access_hash' => 8];
foreach ([
    'channels.createChannel' => ['title' => 'New', 'about' => '', 'megagroup' => true],
    'channels.inviteToChannel' => ['channel' => ['_' => 'inputChannel', 'channel_id' => 5, 'access_hash' => 6], 'users' => [$user]],
] as $method => $arguments) {
    echo $method, ' ', strlen(Tools::tlSerializeMethod($method, $arguments)), " bytes\n";
}
thrown(fn () => $alice->channels->createChannel(title: 'New', about: '', megagroup: true));
?>
--EXPECT--
Logins in snake case:
account.password auth.authorization
account.needSignup New
bot
Who is who: 6000001 me
bool(true)
Groups:
updates supergroup
hello
updates
danog\MadelineProto\RPCError\ChatWriteForbiddenError: CHAT_WRITE_FORBIDDEN (code 403, rpc CHAT_WRITE_FORBIDDEN)
Party
danog\MadelineProto\RPCErrorException: USER_ALREADY_PARTICIPANT (code 400, rpc USER_ALREADY_PARTICIPANT)
danog\MadelineProto\RPCErrorException: INVITE_HASH_INVALID (code 400, rpc INVITE_HASH_INVALID)
Messages:
second version
danog\MadelineProto\RPCErrorException: MESSAGE_ID_INVALID (code 400, rpc MESSAGE_ID_INVALID)
messages.affectedMessages
Alice
danog\MadelineProto\RPCErrorException: FIRSTNAME_INVALID (code 400, rpc FIRSTNAME_INVALID)
What goes over the wire of calls that the sandbox does not have:
channels.createChannel 16 bytes
channels.inviteToChannel 52 bytes
danog\MadelineProto\RPCErrorException: METHOD_INVALID (code 400, rpc METHOD_INVALID)
