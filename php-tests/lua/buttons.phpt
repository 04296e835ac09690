--TEST--
Buttons in Lua: the fields of TL, a label, and click(), whichever way the message came
--FILE--
<?php
require __DIR__ . '/lua.inc';

$api = Sandbox::start()->user();
$lua = lua(<<<'LUA'
    function history(options)
      options.peer, options.limit = '@bot', 10
      local found = {}
      for _, message in ipairs(messages.getHistory(options).messages) do
        for _, row in ipairs(message.reply_markup and message.reply_markup.rows or {}) do
          for _, button in ipairs(row.buttons) do found[button.text] = button end
        end
      end
      return found
    end
    function click(options)
      local button = history(options).Yes
      return button._, button.label, button.data, button.click(false).message, button:click(false).message, button.click()
    end
    function url(options) return history(options).Website.click() end
    function given(button) return button.label, button:click(false).message, button.text end
    function fails(options) return history(options).Timeout:click(false) end
    LUA, $api);

// Straight from bytes, and by way of PHP's values.
foreach ([[], ['floodWaitLimit' => 1]] as $options) {
    echo json_encode($lua->click($options), JSON_UNESCAPED_SLASHES), "\n";
    echo json_encode($lua->url($options), JSON_UNESCAPED_SLASHES), ' ', json_encode($lua->fails($options)), "\n";
}
foreach ($api->messages->getHistory(peer: '@bot', limit: 10)['messages'] as $message) {
    foreach ($message['reply_markup']['rows'] ?? [] as $row) {
        foreach ($row['buttons'] as $button) {
            if ($button['text'] === 'No') {
                echo json_encode($lua->given($button)), "\n";
            }
        }
    }
}
?>
--EXPECT--
["keyboardButtonCallback","Yes","yes","You pressed yes.","You pressed yes.",true]
"https://example.com/" {"error":"Timeout","error_code":-503}
["keyboardButtonCallback","Yes","yes","You pressed yes.","You pressed yes.",true]
"https://example.com/" {"error":"Timeout","error_code":-503}
["No","You pressed no.","No"]
