--TEST--
The forms of telegram-cli: tdcli_function() and tdcli_update_callback(), and calls by name
--SKIPIF--
<?php
method_exists(danog\MadelineProto\API::class, 'tdcliToTd') || die('skip the conversions of TDLib\'s forms are not there');
?>
--FILE--
<?php
require __DIR__ . '/lua.inc';

$api = Sandbox::start()->user();
$lua = lua(<<<'LUA'
    seen = {}
    function note(result, extra) seen[#seen + 1] = {result.ID or result._ or result.error, extra} end
    function send(text)
      return tdcli_function({ID='SendMessage', chat_id_='@bot', input_message_content_={ID='InputMessageText', text_=text}}, note, 'extra')
    end
    function unknown() return tdcli_function({ID='NothingLikeThis'}, note, 'of the error') end
    function no_table() return tdcli_function('SendMessage') end
    function tdcli_update_callback(update) return update.ID, update.message_ and update.message_.ID end
    function by_name() return madeline_function({_='messages.getBotCallbackAnswer', peer='@bot', msg_id=42, data='yes'}, note, {1, 2}) end
    function by_wrong_name() return madeline_function({_='messages.nothing'}, note) end
    function by_no_name() return madeline_function({peer='@bot'}) end
    LUA, $api);

$sent = $lua->send('from telegram-cli');
var_dump($sent['_'], $api->extractMessage($sent)['message']);
var_dump($lua->by_name()['message'], $lua->by_wrong_name()['error']);
echo json_encode($lua->unknown()), "\n", json_encode($lua->seen), "\n";
shown(fn () => $lua->no_table());
shown(fn () => $lua->by_no_name());
var_dump($lua->madelineFunction(['_' => 'help.getNearestDc'], fn ($result, $extra) => print("$result[_] $extra\n"), 'extra')['_']);

$update = $api->extractUpdates($api->messages->sendMessage(peer: '@bot', message: 'an update'));
foreach ($update as $one) {
    if ($one['_'] === 'updateNewMessage') {
        echo json_encode([$lua->tdcli_update_callback($one), $lua->tdcliUpdateCallback($one)]), "\n";
    }
}
?>
--EXPECT--
string(7) "updates"
string(17) "from telegram-cli"
string(16) "You pressed yes."
string(39) "Could not find method messages.nothing!"
{"error":"Undefined array key \"nothingLikeThis\": of TDLib's functions only sendMessage can be converted","error_code":2}
[["message","extra"],["messages.botCallbackAnswer",[1,2]],["Could not find method messages.nothing!"],["Undefined array key \"nothingLikeThis\": of TDLib's functions only sendMessage can be converted","of the error"]]
InvalidArgumentException: tdcli_function(): expected a table such as {ID='GetMe'}
InvalidArgumentException: Expected a table with the name of a method under _, as in {_='messages.getHistory', peer='@username'}
nearestDc extra
string(9) "nearestDc"
[["UpdateNewMessage","Message"],["UpdateNewMessage","Message"]]
