--TEST--
Buttons are arrays to read, change, test and encode; a button without its session says so when it is clicked
--FILE--
<?php
use danog\MadelineProto\TL\Types\Button;

function thrown(callable $do): void
{
    try {
        $do();
        echo "nothing was thrown\n";
    } catch (\Throwable $e) {
        echo $e::class, ': ', $e->getMessage(), "\n";
    }
}

function serialized(array $properties): string
{
    $name = Button::class;
    $body = '';
    foreach ($properties as $property => $value) {
        $body .= serialize($property) . serialize($value);
    }
    return 'O:' . strlen($name) . ":\"$name\":" . count($properties) . ":{{$body}}";
}

$class = Button::class;
$fields = ['_' => 'keyboardButtonUrl', 'text' => 'Site', 'url' => 'https://example.com/'];
$button = unserialize(serialized([
    'label' => 'Site',
    "\0$class\0button" => $fields,
    "\0$class\0peer" => 5,
    "\0$class\0id" => 7,
    "\0*\0session" => 'elsewhere.madeline',
]));
var_dump($button->label, $button['url'], isset($button['text'], $button['_']), isset($button['data']));
$button['text'] = 'Page';
$copy = clone $button;
unset($copy['url']);
echo json_encode($button, JSON_UNESCAPED_SLASHES), ' ', json_encode($copy), "\n";
thrown(function () use ($button) { $button->label = 'x'; });
var_dump($button['nothing']);
thrown(fn () => $button->click([]));
echo $button->click(), "\n";
$button['_'] = 'keyboardButtonCallback';
thrown(fn () => $button->click());

// Properties that are references, or of another type, do no harm.
$pair = 'a:2:{i:0;' . serialize($fields) . 'i:1;' . str_replace('a:0:{}', 'R:2;', serialized(["\0$class\0button" => []])) . '}';
[, $reference] = unserialize($pair);
echo $reference['text'], ' ', json_encode($reference, JSON_UNESCAPED_SLASHES), "\n";
$reference['text'] = 'Changed';
echo $reference['text'], "\n";
thrown(fn () => unserialize(serialized(["\0$class\0button" => 'text'])));
?>
--EXPECTF--
string(4) "Site"
string(20) "https://example.com/"
bool(true)
bool(false)
{"_":"keyboardButtonUrl","text":"Page","url":"https://example.com/"} {"_":"keyboardButtonUrl","text":"Page"}
Error: Cannot modify readonly property danog\MadelineProto\TL\Types\Button::$label

Warning: Undefined array key "nothing" in %s on line %d
NULL
TypeError: danog\MadelineProto\TL\Types\Button::click(): Argument #1 ($donotwait) must be of type bool, array given%S
https://example.com/
danog\MadelineProto\Exception: this danog\MadelineProto\TL\Types\Button belongs to the session elsewhere.madeline, which is not there
Site {"_":"keyboardButtonUrl","text":"Site","url":"https://example.com/"}
Changed
TypeError: Cannot assign string to property danog\MadelineProto\TL\Types\Button::$button of type array
