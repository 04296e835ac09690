--TEST--
The documentation's line in Lua gives what the call from PHP gives, value for value, and errors as tables
--FILE--
<?php
require __DIR__ . '/lua.inc';

$api = Sandbox::start()->user();
$lua = lua(<<<'LUA'
    function press(data)
      messages.BotCallbackAnswer = messages.getBotCallbackAnswer({game=false, peer='@bot', msg_id=42, data=data, })
      return messages.BotCallbackAnswer
    end
    function press_in_snake_case(data)
      return messages.get_bot_callback_answer{peer='@bot', msg_id=42, data=data}
    end
    function history() return messages.getHistory{peer='@bot', limit=10} end
    function send(text) return messages.sendMessage{peer='@bot', message=text, random_id=7} end
    function wrong() return messages.getBotCallbackAnswer{peer='@bot', msg_id='no number', data='yes'} end
    function nobody() return messages.getHistory{peer='@nobody_has_this_name'} end
    function own() return messages.getBotCallbackAnswer{peer='@bot', msg_id=42, data='yes', floodWaitLimit=1} end
    function wants() return messages.getHistory('@bot') end
    function forbidden() return users.getFullUser{id='me'} end
    LUA, $api);

/** As Lua has them: bytes and text are the same, and what is a button is a table. */
function as_in_lua(mixed $value): mixed
{
    if (is_object($value) && !$value instanceof JsonSerializable) {
        throw new LogicException(get_class($value));
    }
    if ($value instanceof danog\MadelineProto\TL\Types\Bytes) {
        return (string) $value;
    }
    if ($value instanceof danog\MadelineProto\TL\Types\Button) {
        $value = $value->jsonSerialize() + ['label' => $value->label];
    }
    if (!is_array($value)) {
        return $value;
    }
    $value = array_map(as_in_lua(...), $value);
    array_is_list($value) || ksort($value);
    return $value;
}
/** Whether both are the same, types and all. */
function same(mixed $one, mixed $other): bool
{
    return serialize(as_in_lua($one)) === serialize(as_in_lua($other));
}

foreach (['yes', 'no', 'url', "\xff\x00\x01bin", 'native', 'cached', 'empty'] as $data) {
    $php = $api->messages->getBotCallbackAnswer(['game' => false, 'peer' => '@bot', 'msg_id' => 42, 'data' => $data]);
    echo json_encode([same($php, $lua->press($data)), same($php, $lua->press_in_snake_case($data)), $php['_']]), "\n";
}
$php = $api->messages->getHistory(peer: '@bot', limit: 10);
var_dump(same($php, $lua->history()), count($php['messages']));
// A result that the request stands beside.
$sent = $lua->send('from Lua');
var_dump($sent['request']['_'], $sent['request']['body']['message'], $api->extractMessageId($sent) > 0);
// With an option, which goes the other way.
var_dump(same($api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'yes'), $lua->own()));

foreach ([$lua->press('timeout'), $lua->press('data invalid'), $lua->nobody(), $lua->wrong(), $lua->forbidden()] as $error) {
    $trace = strstr($error['tl_trace'] ?? '', 'While');
    echo "$error[error_code] $error[error]", $trace === false ? '' : " | $trace", "\n";
}
shown(fn () => $lua->wants());
?>
--EXPECTF--
[true,true,"messages.botCallbackAnswer"]
[true,true,"messages.botCallbackAnswer"]
[true,true,"messages.botCallbackAnswer"]
[true,true,"messages.botCallbackAnswer"]
[true,true,"messages.botCallbackAnswer"]
[true,true,"messages.botCallbackAnswer"]
[true,true,"messages.botCallbackAnswer"]
bool(true)
int(%d)
string(20) "messages.sendMessage"
string(8) "from Lua"
bool(true)
bool(true)
-503 Timeout
400 DATA_INVALID
0 This peer is not present in the internal peer database | While serializing messages.getHistory → peer: expected InputPeer, found a string of 21 bytes
The session does not know @nobody_has_this_name: nobody has this username now, or it is misspelt
0 Given value isn't numeric | While serializing messages.getBotCallbackAnswer → msg_id: expected int, found a string of 9 bytes
0 You cannot use this method directly: users.getFullUser is part of how the session is kept. Use getFullInfo() or getPwrChat() instead
InvalidArgumentException: Parameter names must be provided!
