--TEST--
getPwrChat: a user, a group and a supergroup as one flat array, with their members
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['users']['alice']['about'] = 'Hello';
    $world['channels']['group'] = ['id' => 7000010, 'title' => 'Group', 'username' => 'the_group', 'megagroup' => true,
        'creator' => 'alice', 'members' => ['erin', 'bot'], 'banned' => ['bob'], 'invite' => 'groupHash', 'about' => 'Talk'];
    $world['chats']['small'] = ['id' => 8000001, 'title' => 'Small', 'creator' => 'erin', 'members' => ['alice']];
    $world['messages'][] = ['in' => 'small', 'from' => 'erin', 'text' => 'hi'];
});
$alice = $sandbox->user();
$me = $alice->getPwrChat('me');
echo json_encode([$me['id'], $me['type'], $me['first_name'], $me['username'], $me['about'], isset($me['participants'])]), "\n";
echo json_encode(array_keys($alice->getPwrChat('@bot', false))), "\n";

function members(array $chat): void
{
    $lines = array_map(
        fn (array $member) => $member['role'] . ' ' . $member['user']['first_name'] . (isset($member['kicked_by']) ? ' kicked by ' . $member['kicked_by']['first_name'] : ''),
        $chat['participants'],
    );
    sort($lines);
    echo implode(', ', $lines), "\n";
}

$group = $alice->getPwrChat('@the_group');
echo json_encode([$group['id'], $group['type'], $group['title'], $group['about'], $group['invite'], $group['participants_count']]), "\n";
members($group);
var_dump(isset($alice->getPwrChat('@the_group', fullfetch: false)['participants']));

$small = $alice->getPwrChat(-8000001);
echo json_encode([$small['id'], $small['type'], $small['title']]), "\n";
members($small);

// Who is no administrator of a channel sees only who is.
$erin = $sandbox->user('9996612005', name: 'erin.madeline');
members($erin->get_pwr_chat('@news_channel'));
?>
--EXPECT--
[5000001,"user","Alice","alice","Hello",false]
["id","type","first_name","username","verified","restricted","scam","fake","premium","status","access_hash","bot_nochats","bot_chat_history"]
[-1000007000010,"supergroup","Group","Talk","https:\/\/t.me\/+groupHash",3]
banned Bob kicked by Alice, creator Alice, user Button Bot, user Erin
bool(false)
[-8000001,"chat","Small"]
creator Erin, user Alice
creator Alice
