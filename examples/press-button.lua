-- Logs in, presses an inline button and prints what the bot answers, as press-button.php does. To run it:
--
--     php -r 'new danog\MadelineProto\Lua($argv[1], new danog\MadelineProto\API("session.madeline"));' press-button.lua

start()

local answer = messages.getBotCallbackAnswer({peer='@bot', msg_id=42, data='yes', })
if answer.error then
  error(answer.error)
end
print(answer._)
print(answer.alert and 'alert: ' .. answer.message or answer.message)
