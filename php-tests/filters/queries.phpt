--TEST--
Pressed buttons come to handlers as objects, which answer, and change the message
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Attributes\Handler;
use danog\MadelineProto\EventHandler\CallbackQuery;
use danog\MadelineProto\EventHandler\Filter\FilterButtonQueryData;
use danog\MadelineProto\EventHandler\Filter\FilterIncoming;
use danog\MadelineProto\EventHandler\Filter\FilterPeer;
use danog\MadelineProto\EventHandler\Filter\FilterRegex;
use danog\MadelineProto\EventHandler\Filter\FilterSender;
use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\EventHandler\Query\ButtonQuery;
use danog\MadelineProto\EventHandler\Query\ChatButtonQuery;
use danog\MadelineProto\EventHandler\Query\GameQuery;
use danog\MadelineProto\ParseMode;
use danog\MadelineProto\SimpleEventHandler;

$sandbox = Sandbox::start(function (array &$world) {
    $world['callback_timeout_ms'] = 20000;
}, '--control 0')->configure();
$live = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
unset($live);

class Bot extends SimpleEventHandler
{
    public static ?Sandbox $sandbox = null;
    private array $seen = [];

    public function onStart(): void
    {
        self::$sandbox->push('alice', 'live', 'begin');
    }

    #[FilterIncoming]
    public function begin(Message $message): void
    {
        $buttons = [[['text' => 'Yes', 'callback_data' => 'yes 7'], ['text' => 'No', 'callback_data' => 'no']]];
        $sent = $message->reply('Well?', replyMarkup: ['inline_keyboard' => $buttons]);
        file_put_contents(self::$sandbox->path('id'), $sent->id);
        rename(self::$sandbox->path('id'), self::$sandbox->path('asked'));
    }

    #[Handler]
    public function any(CallbackQuery $query): void
    {
        $this->seen[] = 'any ' . $query->data;
    }

    #[Handler]
    public function game(GameQuery $query): void
    {
        $this->seen[] = 'game';
    }

    #[FilterPeer('@alice')]
    public function peer(CallbackQuery $query): void
    {
        $this->seen[] = 'peer ' . $query->data;
    }

    #[FilterSender('@bob_b')]
    public function bob(ButtonQuery $query): void
    {
        $this->seen[] = 'bob';
    }

    #[FilterRegex('/^yes (\d+)$/')]
    public function yes(ChatButtonQuery $query): void
    {
        echo json_encode($query->matches), ' ', $query->chatId === $query->userId ? 'in the chat of who pressed' : $query->chatId, "\n";
        $edited = $query->editText('*So* be it', ['inline_keyboard' => [[['text' => 'Undo', 'callback_data' => 'no']]]], ParseMode::MARKDOWN);
        echo $edited::class, " $edited->message ", json_encode($edited->entities), ' ', count($edited->keyboard->buttons), "\n";
        // Whoever pressed goes on at once.
        $this->seen[] = 'answered ' . json_encode($query->answer('You said yes', alert: true, cacheTime: 5));
    }

    #[FilterButtonQueryData('no')]
    public function no(ButtonQuery $query): void
    {
        echo json_encode(array_intersect_key(json_decode(json_encode($query), true), array_flip(['_', 'data', 'matches']))), "\n";
        $copy = unserialize(serialize($query));
        echo $copy->editReplyMarkup(['inline_keyboard' => [[['text' => 'Done', 'callback_data' => 'no']]]])->id === $query->messageId ? "edited\n" : "another\n";
        $copy->pin();
        var_dump($copy->unpin());
        thrown(fn () => $query->report(danog\MadelineProto\EventHandler\Message\ReportReason::SPAM, 'spam'));
        var_dump($copy->answer('Deleted'));
        thrown(fn () => $copy->answer('again'));
        $query->delete();
        $this->stop();
    }

    public function onStop(): void
    {
        sort($this->seen);
        echo implode(', ', $this->seen), "\n";
    }
}
Bot::$sandbox = $sandbox;
$user = $sandbox->background('<?php
    $api = new danog\MadelineProto\API("user.madeline");
    $api->phoneLogin("9996612001");
    $api->completePhoneLogin("12345");
    while (!is_file("asked")) {
        clearstatcache();
        usleep(1000);
    }
    $last = fn () => $api->messages->getHistory(peer: "@live_bot", limit: 1)["messages"][0];
    foreach (["yes 7", "no"] as $data) {
        $message = $last();
        echo $message["message"], ": ", json_encode($api->messages->getBotCallbackAnswer(peer: "@live_bot", msg_id: $message["id"], data: $data)), "\n";
    }
', 'alice');
Bot::startAndLoop($sandbox->path('live.madeline'));
$user->wait();
echo $user->output();
?>
--EXPECT--
["yes 7","7"] in the chat of who pressed
danog\MadelineProto\EventHandler\Message\PrivateMessage So be it [{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":0,"length":2}] 1
{"_":"danog\\MadelineProto\\EventHandler\\Query\\ChatButtonQuery","data":{"_":"bytes","bytes":"bm8="},"matches":null}
edited
NULL
danog\MadelineProto\Exception: report(): Telegram no longer takes reasons such as inputReportReasonSpam: it asks what a report is about. Answer with $api->messages->report(), as often as it gives reportResultChooseOption
bool(true)
danog\MadelineProto\RPCErrorException: QUERY_ID_INVALID (code 400, rpc QUERY_ID_INVALID)
answered true, any no, any yes 7, peer no, peer yes 7
Well?: {"_":"messages.botCallbackAnswer","alert":true,"has_url":false,"native_ui":true,"message":"You said yes","cache_time":5}
So be it: {"_":"messages.botCallbackAnswer","alert":false,"has_url":false,"native_ui":true,"message":"Deleted","cache_time":300}
