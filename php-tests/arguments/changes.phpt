--TEST--
PHP code that runs while arguments are read, and changes them: the call is what the arguments were when they were first looked at
--FILE--
<?php
require __DIR__ . '/arguments.inc';
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\TL\Types\Button;
use danog\MadelineProto\Tools;

/** A text that does something when it is asked for. */
final class Doing
{
    public function __construct(private Closure $do)
    {
    }

    public function __toString(): string
    {
        ($this->do)();
        // What was freed is used again at once.
        for ($junk = [], $i = 0; $i < 100; ++$i) {
            $junk[] = ['_' => 'keyboardButton', 'text' => "junk $i", $i => [$i]];
        }
        return 'done';
    }
}
$button = fn (mixed $text) => ['_' => 'keyboardButton', 'text' => $text];
$keyboard = fn (mixed ...$buttons) => ['_' => 'replyKeyboardMarkup', 'rows' => [['_' => 'keyboardButtonRow', 'buttons' => $buttons]]];
function texts(array $arguments): void
{
    $written = Tools::tlSerializeMethod('messages.sendMessage', message($arguments));
    preg_match_all('/(done|left|text|changed|junk)/', $written, $found);
    echo strlen($written), ' bytes: ', implode(' ', $found[0]), "\n";
}

// Arrays that are gone, replaced, or of another type, when the text was read.
$markup = null;
$markup = $keyboard($button(new Doing(function () use (&$markup) {
    $markup = null;
})), $button('left'));
texts(['reply_markup' => &$markup]);

$buttons = null;
$buttons = [$button(new Doing(function () use (&$buttons) {
    $buttons = array_fill(0, 50, ['_' => 'keyboardButton', 'text' => 'changed']);
})), $button('left')];
$rows = ['_' => 'replyKeyboardMarkup', 'rows' => [['_' => 'keyboardButtonRow', 'buttons' => &$buttons]]];
texts(['reply_markup' => $rows]);

$second = $button('left');
texts(['reply_markup' => $keyboard($button(new Doing(function () use (&$second) {
    $second = 'changed';
})), $second)]);

// The object itself.
$text = null;
$text = new Doing(function () use (&$text) {
    $text = null;
});
texts(['message' => &$text]);

// A vector that grows.
$ids = null;
$ids = ['1', new Doing(function () use (&$ids) {
    for ($i = 0; $i < 1000; ++$i) {
        $ids[] = 5;
    }
}), 3];
attempt('a vector', 'messages.deleteMessages', ['id' => &$ids]);
var_dump(count($ids));

// Without a reference nothing can change.
$arguments = message(['reply_markup' => $keyboard($button(new Doing(function () use (&$arguments) {
    $arguments = null;
})), $button('left'))]);
texts($arguments);

// A button object, of which the text of its neighbour takes the fields away.
$api = Sandbox::start()->user();
$yes = $api->messages->getMessages(id: [42])['messages'][0]['reply_markup']['rows'][0]['buttons'][0];
assert($yes instanceof Button);
$row = ['_' => 'keyboardButtonRow', 'buttons' => [$yes, $button(new Doing(function () use ($yes) {
    unset($yes['data']);
    $yes['text'] = 'changed';
})), $yes]];
texts(['reply_markup' => ['_' => 'replyInlineMarkup', 'rows' => [$row]]]);
echo $yes['text'], "\n";

// What is asked whether a wait shall end, drops itself.
$cancellation = null;
$cancellation = new class($cancellation) {
    public function __construct(private mixed &$self)
    {
    }

    public function throwIfRequested(): void
    {
        $this->self = null;
        $this->asked = 1;
    }
    public int $asked = 0;
};
echo $api->help->getNearestDc(['cancellation' => &$cancellation])['_'], ' ', get_debug_type($cancellation), "\n";
?>
--EXPECT--
88 bytes: text done left
88 bytes: text done left
88 bytes: text done left
28 bytes: done
a vector: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.deleteMessages → id[1]: expected int, found a string of 4 bytes
int(1003)
88 bytes: text done left
100 bytes: text done
changed
nearestDc null
