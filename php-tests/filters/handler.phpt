--TEST--
Attributes of methods say which messages they get, as objects
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Attributes\Handler;
use danog\MadelineProto\EventHandler\CommandType;
use danog\MadelineProto\EventHandler\Filter\Combinator\FilterNot;
use danog\MadelineProto\EventHandler\Filter\Combinator\FiltersAnd;
use danog\MadelineProto\EventHandler\Filter\Combinator\FiltersOr;
use danog\MadelineProto\EventHandler\Filter\Filter;
use danog\MadelineProto\EventHandler\Filter\FilterCommand;
use danog\MadelineProto\EventHandler\Filter\FilterIncoming;
use danog\MadelineProto\EventHandler\Filter\FilterOutgoing;
use danog\MadelineProto\EventHandler\Filter\FilterPrivate;
use danog\MadelineProto\EventHandler\Filter\FilterRegex;
use danog\MadelineProto\EventHandler\Filter\FilterSender;
use danog\MadelineProto\EventHandler\Filter\FilterText;
use danog\MadelineProto\EventHandler\Filter\FilterTextContains;
use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\EventHandler\Message\ChannelMessage;
use danog\MadelineProto\EventHandler\Message\PrivateMessage;
use danog\MadelineProto\EventHandler\SimpleFilter\FromAdmin;
use danog\MadelineProto\EventHandler\SimpleFilter\Incoming;
use danog\MadelineProto\EventHandler\SimpleFilter\Outgoing;
use danog\MadelineProto\EventHandler\Update;
use danog\MadelineProto\SimpleEventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$live = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
unset($live);

#[Attribute(Attribute::TARGET_METHOD)]
final class FilterLong extends Filter
{
    private string $bot;

    public function __construct(private int $length)
    {
    }

    public function initialize(danog\MadelineProto\EventHandler $API): Filter
    {
        $this->bot = $API->getSelf()['username'];
        return $this;
    }

    public function apply(Update $update): bool
    {
        return $update instanceof Message && !$update->out && strlen($update->message) > $this->length && $this->bot === 'live_bot';
    }
}

class Bot extends SimpleEventHandler
{
    public static ?Sandbox $sandbox = null;
    private array $seen = [];

    public function getReportPeers()
    {
        return '@bob_b';
    }

    public function onStart(): void
    {
        foreach (['/start now  then', 'I was born in 1999', '.stop', 'plain'] as $text) {
            self::$sandbox->push('alice', 'live', $text);
        }
        self::$sandbox->push('bob', 'live', '!end');
    }

    private function note(string $method, Update $update): void
    {
        $this->seen[$method][] = $update->message;
    }

    public function onUpdateNewMessage(array $update): void
    {
        $this->seen['array'][] = $update['message']['message'];
    }

    #[Handler]
    public function everything(Update $update): void
    {
        $this->note('everything', $update);
    }

    #[Handler]
    public function incoming(Message&Incoming $message): void
    {
        $this->note('incoming', $message);
    }

    #[Handler]
    public function outgoing(Message&Outgoing $message): void
    {
        $this->note('outgoing', $message);
    }

    #[Handler]
    public function channels(ChannelMessage $message): void
    {
        $this->note('channels', $message);
    }

    #[Handler]
    public function either(ChannelMessage|PrivateMessage $message): void
    {
        $this->note('either', $message);
    }

    #[FilterCommand('start')]
    public function started(Message $message): void
    {
        $this->note('started', $message);
        echo json_encode([$message->command, $message->commandType, $message->commandArgs]), "\n";
        $message->reply('Hello!');
    }

    #[FilterCommand('stop', [CommandType::DOT])]
    public function dot(Message $message): void
    {
        $this->note('dot', $message);
    }

    #[FilterCommand('stop', [CommandType::SLASH, CommandType::BANG])]
    public function slash(Message $message): void
    {
        $this->note('slash', $message);
    }

    #[FilterRegex('/born in (?<year>\d+)/')]
    public function year(Incoming&Message $message): void
    {
        $this->note('year', $message);
        echo json_encode($message->matches), "\n";
    }

    #[FilterLong(11)]
    public function long(Message $message): void
    {
        $this->note('long', $message);
    }

    #[FilterSender('@bob_b')]
    public function bob(Message $message): void
    {
        $this->note('bob', $message);
    }

    #[FiltersAnd(new FilterIncoming, new FilterNot(new FiltersOr(new FilterText('plain'), new FilterTextContains('o'))))]
    public function combined(Message $message): void
    {
        $this->note('combined', $message);
    }

    #[FiltersOr(new FilterOutgoing, new FilterPrivate)]
    public function none(ChannelMessage $message): void
    {
        $this->note('none', $message);
    }

    #[FilterCommand('end')]
    public function last(Message&FromAdmin $message): void
    {
        $this->note('last', $message);
        $this->stop();
    }

    public function onStop(): void
    {
        ksort($this->seen);
        foreach ($this->seen as $method => $texts) {
            echo "$method: ", implode(' | ', $texts), "\n";
        }
    }
}
Bot::$sandbox = $sandbox;
Bot::startAndLoop($sandbox->path('live.madeline'));
?>
--EXPECT--
["start","\/",["now","","then"]]
{"0":"born in 1999","year":"1999","1":"1999"}
array: /start now  then | I was born in 1999 | .stop | plain | !end
bob: !end
combined: !end
dot: .stop
either: /start now  then | I was born in 1999 | .stop | plain | !end
everything: /start now  then | I was born in 1999 | .stop | plain | !end
incoming: /start now  then | I was born in 1999 | .stop | plain | !end
last: !end
long: /start now  then | I was born in 1999
started: /start now  then
year: I was born in 1999
