--TEST--
getBotCallbackAnswer returns the bot's answer as an array with every flag, for each kind of answer
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$api = Sandbox::start()->user();
$press = fn (string $data) => $api->messages->getBotCallbackAnswer(['peer' => '@bot', 'msg_id' => 42, 'data' => $data]);

var_dump($press('yes'));
foreach (['no', 'url', "\xff\x00\x01bin", 'native', 'cached', 'empty'] as $data) {
    echo json_encode($press($data), JSON_UNESCAPED_SLASHES), "\n";
}
?>
--EXPECT--
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
  string(16) "You pressed yes."
  ["cache_time"]=>
  int(0)
}
{"_":"messages.botCallbackAnswer","alert":false,"has_url":false,"native_ui":false,"message":"You pressed no.","cache_time":0}
{"_":"messages.botCallbackAnswer","alert":false,"has_url":true,"native_ui":false,"url":"https://t.me/bot?start=1","cache_time":0}
{"_":"messages.botCallbackAnswer","alert":false,"has_url":false,"native_ui":false,"message":"You pressed binary.","cache_time":0}
{"_":"messages.botCallbackAnswer","alert":false,"has_url":false,"native_ui":true,"message":"Native.","cache_time":0}
{"_":"messages.botCallbackAnswer","alert":false,"has_url":false,"native_ui":false,"message":"Cached.","cache_time":300}
{"_":"messages.botCallbackAnswer","alert":false,"has_url":false,"native_ui":false,"cache_time":0}
