--TEST--
The request beside updates has TL's names, and entities instead of markup
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$alice = $sandbox->user();
$body = fn (\danog\MadelineProto\API $api, array $arguments) => $api->messages->sendMessage($arguments)['request']['body'];

echo json_encode($body($alice, ['chat_id' => 'me', 'text' => 'a', 'disable_notification' => true])), "\n";
echo json_encode($body($alice, ['peer' => 'me', 'message' => '<b>a</b>', 'parse_mode' => 'HTML'])), "\n";
echo json_encode($body($alice, ['peer' => 'me', 'message' => 'a', 'reply_markup' => ['inline_keyboard' => [[['text' => 'b', 'url' => 'https://e.com']]]]])['reply_markup']), "\n";

// A text that is there only once: the message is sent, and its result is there.
$once = new class() {
    private int $asked = 0;

    public function __toString(): string
    {
        return $this->asked++ === 0 ? '<b>once</b>' : throw new LogicException('only once');
    }
};
echo $alice->extractMessage($alice->messages->sendMessage(peer: 'me', message: $once, parse_mode: 'HTML'))['message'], "\n";

ini_set('madelineproto.dialect', 'v7');
ini_set('madelineproto.log_level', 'none');
$old = new \danog\MadelineProto\API($sandbox->path('user.madeline'));
echo json_encode($body($old, ['peer' => 'me', 'message' => '<b>a</b>', 'parse_mode' => 'HTML'])), "\n";
?>
--EXPECT--
{"chat_id":"me","text":"a","disable_notification":true,"silent":true,"peer":"me","message":"a"}
{"peer":"me","message":"a","entities":[{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":0,"length":1}]}
{"_":"replyInlineMarkup","rows":[{"_":"keyboardButtonRow","buttons":[{"_":"keyboardButtonUrl","text":"b","url":"https:\/\/e.com"}]}]}
once
{"peer":"me","message":"a","entities":[{"_":"messageEntityBold","offset":0,"length":1}]}
