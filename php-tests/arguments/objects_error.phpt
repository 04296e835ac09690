--TEST--
Objects: texts by __toString, whose exception goes through; resources, enums and closures are refused by their names
--FILE--
<?php
require __DIR__ . '/arguments.inc';

class Text
{
    public function __construct(private mixed $text)
    {
    }

    public function __toString(): string
    {
        return $this->text instanceof Throwable ? throw $this->text : $this->text;
    }
}
enum Suit: string
{
    case Hearts = 'h';
}

attempt('a text', 'messages.sendMessage', message(['message' => new Text('text')]));
attempt('a throwing text', 'messages.sendMessage', message(['message' => new Text(new LogicException('mine'))]));
attempt('an error in a text', 'messages.sendMessage', message(['message' => new Text(new Error('mine, too'))]));
attempt('a text that is no number', 'messages.getHistory', ['peer' => ['_' => 'inputPeerSelf'], 'limit' => new Text('many')]);
attempt('a text that is a number', 'messages.getHistory', ['peer' => ['_' => 'inputPeerSelf'], 'limit' => new Text('7')]);
attempt('a throwing number', 'messages.getHistory', ['peer' => ['_' => 'inputPeerSelf'], 'limit' => new Text(new LogicException('mine'))]);
attempt('a throwing name', 'messages.sendMessage', message(['peer' => ['_' => new Text(new LogicException('mine'))]]));
attempt('in a vector', 'messages.deleteMessages', ['id' => [1, new Text(new LogicException('mine'))]]);
attempt('no text', 'messages.sendMessage', message(['message' => new ArrayObject(['text'])]));
attempt('an enum', 'messages.sendMessage', message(['message' => Suit::Hearts]));
attempt('a closure', 'messages.sendMessage', message(['message' => fn () => 'text']));
attempt('a generator', 'messages.deleteMessages', ['id' => (fn () => yield 1)()]);
attempt('a resource', 'messages.sendMessage', message(['message' => fopen('php://memory', 'r')]));
$closed = fopen('php://memory', 'r');
fclose($closed);
attempt('a closed resource', 'messages.sendMessage', message(['message' => $closed]));
attempt('a traversable for a vector', 'messages.deleteMessages', ['id' => new ArrayIterator([1])]);
attempt('an object for an array', 'messages.sendMessage', message(['peer' => (object) ['_' => 'inputPeerSelf']]));
?>
--EXPECT--
a text: 28 bytes
a throwing text: LogicException: mine
  
an error in a text: Error: mine, too
  
a text that is no number: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found a string of 4 bytes
a text that is a number: 40 bytes
a throwing number: LogicException: mine
  
a throwing name: LogicException: mine
  
in a vector: LogicException: mine
  
no text: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found an object of ArrayObject
an enum: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found an object of Suit
a closure: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found an object of Closure
a generator: danog\MadelineProto\TL\Exception: You didn't provide a valid array
  While serializing messages.deleteMessages → id: expected Vector<int>, found an object of Generator
a resource: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found a resource
a closed resource: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found a resource
a traversable for a vector: danog\MadelineProto\TL\Exception: You didn't provide a valid array
  While serializing messages.deleteMessages → id: expected Vector<int>, found an object of ArrayIterator
an object for an array: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → peer: expected InputPeer, found an object of stdClass
