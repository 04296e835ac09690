--TEST--
Tools::tlSerialize and tlDeserialize are each other's reverse, in the shape scripts know
--FILE--
<?php
use danog\MadelineProto\Tools;
use danog\MadelineProto\TL\Types\Bytes;

echo bin2hex(Tools::tlSerialize('Vector<long>', [1, -2])), "\n";
echo json_encode(Tools::tlDeserialize(Tools::tlSerialize('Vector<int>', [7, 8]), 'Vector<int>')), "\n";
var_dump((string) Tools::tlDeserialize(Tools::tlSerialize('bytes', "\xff\x00"), 'bytes') === "\xff\x00");

// References, Bytes objects and stringable objects count as what they hold.
$id = 42;
$text = new class {
    public function __toString(): string
    {
        return 'yes';
    }
};
$peer = ['_' => 'inputPeerUser', 'user_id' => 7, 'access_hash' => 8];
$press = fn (array $arguments) => bin2hex(Tools::tlSerializeMethod('messages.getBotCallbackAnswer', $arguments));
$plain = $press(['peer' => $peer, 'msg_id' => 42, 'data' => 'yes']);
var_dump($plain === $press(['peer' => &$peer, 'msg_id' => &$id, 'data' => new Bytes('yes')]));
var_dump($plain === $press(['peer' => $peer, 'msg_id' => 42, 'data' => $text]));

$answer = ['_' => 'messages.botCallbackAnswer', 'alert' => true, 'message' => 'Hello', 'cache_time' => 5];
$bytes = Tools::tlSerialize('messages.BotCallbackAnswer', $answer);
var_dump(Tools::tlDeserialize($bytes));
var_dump($bytes === Tools::tlSerialize('', Tools::tlDeserialize($bytes)));

// JSON says the length of a list at its end only.
foreach ([[], [1], range(1, 20), ['list' => [[], [null], ['a' => [1.5, 'x']]]]] as $data) {
    $call = Tools::tlDeserialize(Tools::tlSerialize('DataJSON', $data), 'DataJSON');
    var_dump($call === $data);
}
?>
--EXPECT--
15c4b51c020000000100000000000000feffffffffffffff
[7,8]
bool(true)
bool(true)
bool(true)
array(6) {
  ["_"]=>
  string(26) "messages.botCallbackAnswer"
  ["alert"]=>
  bool(true)
  ["has_url"]=>
  bool(false)
  ["native_ui"]=>
  bool(false)
  ["message"]=>
  string(5) "Hello"
  ["cache_time"]=>
  int(5)
}
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
