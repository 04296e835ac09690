--TEST--
Updates: PHP polls and hands them to the script's callback
--FILE--
<?php
require __DIR__ . '/lua.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');
$api = new API($sandbox->path('live.madeline'));
$api->start();
$api->getUpdates(['timeout' => 0]);
$lua = lua(<<<'LUA'
    seen = {}
    function madeline_update_callback(update)
      if update._ == 'updateNewMessage' and not update.message.out then
        seen[#seen + 1] = update.message.message
        local sent = messages.sendMessage{peer=update, message='echo: ' .. update.message.message}
        return sent._ ~= nil and sent.error_code == nil
      end
    end
    function polled()
      local texts = {}
      for _, update in ipairs(get_updates{offset=-1, timeout=5}) do texts[#texts + 1] = update.update.message.message end
      return texts
    end
    LUA, $api);
$sandbox->push('alice', 'live', 'message {n}', 3);
$offset = 0;
while (count($lua->seen) < 3) {
    foreach ($api->getUpdates(['offset' => $offset, 'timeout' => 10]) as $update) {
        $offset = $update['update_id'] + 1;
        $answered = $lua->madeline_update_callback($update['update']);
        if ($answered !== null) {
            var_dump($answered);
        }
    }
}
var_dump($lua->seen);
$sandbox->push('alice', 'live', 'one more');
usleep(300_000);
$texts = $lua->polled();
var_dump(end($texts));
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
array(3) {
  [0]=>
  string(9) "message 1"
  [1]=>
  string(9) "message 2"
  [2]=>
  string(9) "message 3"
}
string(8) "one more"
