--TEST--
What is wrong with filters and attributes is said when they are made, or when the handler starts
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler;
use danog\MadelineProto\EventHandler\Attributes\Cron;
use danog\MadelineProto\EventHandler\Attributes\Handler;
use danog\MadelineProto\EventHandler\CommandType;
use danog\MadelineProto\EventHandler\Filter as F;
use danog\MadelineProto\EventHandler\Filter\Combinator\{FilterNot, FiltersAnd, FiltersOr};
use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\EventHandler\SimpleFilter\Incoming;
use danog\MadelineProto\EventHandler\Update;
use danog\MadelineProto\SimpleEventHandler;

thrown(fn () => new F\FilterCommand('/start'));
thrown(fn () => new F\FilterCommand(''));
thrown(fn () => new F\FilterCommand('start', []));
thrown(fn () => new F\FilterCommand('start', ['/']));
thrown(fn () => new F\FilterCommandCaseInsensitive('start', [CommandType::DOT, CommandType::DOT]));
thrown(fn () => new F\FilterText(''));
thrown(fn () => new F\FilterTextContainsCaseInsensitive(''));
thrown(fn () => new F\FilterText([]));
thrown(fn () => @new F\FilterRegex('no delimiters'));
thrown(fn () => @new F\FilterRegexMatchAll('/(/'));
thrown(fn () => new F\FilterTopicId(0));
thrown(fn () => new F\FilterSenders());
thrown(fn () => new F\FilterSenders('@bob_b', 1.5));
thrown(fn () => new F\FilterSender([]));
thrown(fn () => new FiltersAnd());
thrown(fn () => new FiltersOr(new F\FilterIncoming, 'text'));
thrown(fn () => new FilterNot(null));
thrown(fn () => new Cron(0));
thrown(fn () => new Cron(INF));
thrown(fn () => new Cron(-1.5));
thrown(fn () => new danog\MadelineProto\PeriodicLoop());
thrown(fn () => new F\Filter());
thrown(fn () => (new F\FilterIncoming)->apply('text'));

$sandbox = Sandbox::start()->configure();
$api = $sandbox->user();
$message = $api->wrapMessage(['_' => 'message', 'id' => 2, 'peer_id' => 5000001, 'date' => 3, 'message' => 'text']);
echo "Not started:\n";
thrown(fn () => (new F\FilterSender('@bob_b'))->apply($message));
thrown(fn () => (new F\FilterFromAdmin)->apply($message));
unset($api);

echo "Handlers:\n";
class NotSimple extends EventHandler
{
    #[Handler]
    public function all(Update $update): void
    {
    }
}
class OthersAttribute extends EventHandler
{
    #[\Unknown\Attribute(5)]
    public function all($update): void
    {
    }

    public function onStart(): void
    {
        echo "starts; ";
        $this->stop();
    }
}
class Untyped extends SimpleEventHandler
{
    #[F\FilterIncoming]
    public function all($update): void
    {
    }
}
class WithoutParameter extends SimpleEventHandler
{
    #[Handler]
    public function all(): void
    {
    }
}
class Unknown extends SimpleEventHandler
{
    #[Handler]
    public function all(Messages&Incoming $update): void
    {
    }
}
class NoUpdate extends SimpleEventHandler
{
    #[Handler]
    public function all(ArrayObject $update): void
    {
    }
}
class Misspelled extends SimpleEventHandler
{
    #[F\FilterIncomming]
    public function all(Message $update): void
    {
    }
}
class BadCommand extends SimpleEventHandler
{
    #[F\FilterCommand('/start')]
    public function all(Message $update): void
    {
    }
}
class NoPeer extends SimpleEventHandler
{
    #[F\FilterSender('@nobody_there')]
    public function all(Message $update): void
    {
    }
}
foreach ([NotSimple::class, OthersAttribute::class, Untyped::class, WithoutParameter::class, Unknown::class, NoUpdate::class, Misspelled::class, BadCommand::class, NoPeer::class] as $class) {
    echo "$class: ";
    thrown(fn () => $class::startAndLoop($sandbox->path('user.madeline')));
}
?>
--EXPECTF--
InvalidArgumentException: FilterCommand: a command is made of letters, digits, _ and @, without what it begins with; "/start" was given
InvalidArgumentException: FilterCommand: a command is made of letters, digits, _ and @, without what it begins with; "" was given
InvalidArgumentException: FilterCommand: types: at least one is expected
TypeError: FilterCommand: types: cases of CommandType are expected, string was given
AssertionError: FilterCommand: types: the same type stands there twice
InvalidArgumentException: FilterText: a text is expected, it is empty
InvalidArgumentException: FilterTextContainsCaseInsensitive: a text is expected, it is empty
TypeError: danog\MadelineProto\EventHandler\Filter\FilterText::__construct(): Argument #1 ($content) must be of type string, array given, called in %s on line %d
InvalidArgumentException: The regular expression no delimiters: preg_match(): Delimiter must not be %s
InvalidArgumentException: The regular expression /(/: preg_match_all(): Compilation failed: missing closing parenthesis at offset 1
InvalidArgumentException: FilterTopicId: a topic's id is greater than 0, 0 was given
InvalidArgumentException: danog\MadelineProto\EventHandler\Filter\FilterSenders: at least one peer has to be given
TypeError: danog\MadelineProto\EventHandler\Filter\FilterSenders: a peer is an id or a name here, float was given
TypeError: danog\MadelineProto\EventHandler\Filter\AbstractFilterFromSender::__construct(): Argument #1 ($peer) must be of type string|int, array given, called in %s on line %d
InvalidArgumentException: danog\MadelineProto\EventHandler\Filter\Combinator\FiltersAnd: at least one filter has to be given
TypeError: danog\MadelineProto\EventHandler\Filter\Combinator\FiltersOr: argument 2 has to be a filter, string was given
TypeError: danog\MadelineProto\EventHandler\Filter\Combinator\FilterNot::__construct(): Argument #1 ($filter) must be of type danog\MadelineProto\EventHandler\Filter\Filter, null given, called in %s on line %d
InvalidArgumentException: Cron: period: seconds, more than 0 and at most 3155760000, are expected; 0 was given
InvalidArgumentException: Cron: period: seconds, more than 0 and at most 3155760000, are expected; inf was given
InvalidArgumentException: Cron: period: seconds, more than 0 and at most 3155760000, are expected; -1.5 was given
Error: A PeriodicLoop is made by the attribute Cron alone
Error: Cannot instantiate abstract class danog\MadelineProto\EventHandler\Filter\Filter
TypeError: danog\MadelineProto\EventHandler\Filter\FilterIncoming::apply(): Argument #1 ($update) must be of type danog\MadelineProto\EventHandler\Update, string given, called in %s on line %d
Not started:
Error: Typed property danog\MadelineProto\EventHandler\Filter\AbstractFilterFromSender::$ids must not be accessed before initialization
Error: Typed property danog\MadelineProto\EventHandler\Filter\FilterFromAdmin::$adminIds must not be accessed before initialization
Handlers:
NotSimple: AssertionError: all(): attributes of this kind are for classes that extend danog\MadelineProto\SimpleEventHandler
OthersAttribute: starts; nothing was thrown; result: null
Untyped: AssertionError: all(): the method of a filter takes the update as its first parameter, whose type says which updates it wants: Message&Incoming, for example
WithoutParameter: AssertionError: all(): the method of a filter takes the update as its first parameter, whose type says which updates it wants: Message&Incoming, for example
Unknown: AssertionError: The type Messages of a handler's parameter is none of updates: is a `use` missing?
NoUpdate: AssertionError: The type ArrayObject of a handler's parameter is none of updates: is a `use` missing?
Misspelled: Error: Attribute class "danog\MadelineProto\EventHandler\Filter\FilterIncomming" not found
BadCommand: InvalidArgumentException: FilterCommand: a command is made of letters, digits, _ and @, without what it begins with; "/start" was given
NoPeer: danog\MadelineProto\PeerNotInDbException: This peer is not present in the internal peer database
