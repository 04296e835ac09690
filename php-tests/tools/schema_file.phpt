--TEST--
Tools read TL schemas from files: values of a layer that is not compiled in
--FILE--
<?php
use danog\MadelineProto\Tools;

$file = __DIR__ . '/schema_file.tl';
file_put_contents($file, <<<'TL'
    // LAYER 7
    greeting#00000001 flags:# loud:flags.0?true text:string extra:flags.1?bytes = Greeting;
    crowd#00000002 greetings:Vector<Greeting> = Crowd;
    ---functions---
    crowds.greet#00000003 who:Crowd times:int = Greeting;
    TL);
$crowd = ['_' => 'crowd', 'greetings' => [
    ['_' => 'greeting', 'loud' => true, 'text' => 'Hi'],
    ['_' => 'greeting', 'text' => 'Bye', 'extra' => "\xff"],
]];
$bytes = Tools::tlSerialize('Crowd', $crowd, $file);
$back = Tools::tlDeserialize($bytes, '', $file);
echo json_encode($back), "\n";
echo bin2hex(Tools::tlSerializeMethod('crowds.greet', ['who' => $back, 'times' => 2], $file)), "\n";

// Its arrays are arrays like any other, also when the schema is gone.
$back['greetings'][] = 'more';
unset($back['_'], $back['greetings'][0]['loud']);
echo json_encode($back), "\n";

foreach (['greeting#zz = Greeting;', "a#1 = A;\nb#2 x:Nothing = B;", ''] as $broken) {
    file_put_contents($file, $broken);
    touch($file, time() + strlen($broken) + 60);
    try {
        Tools::tlSerialize('Crowd', $crowd, $file);
        echo "nothing was thrown\n";
    } catch (\danog\MadelineProto\TL\Exception $e) {
        echo str_replace($file, 'FILE', $e->getMessage()), "\n";
    }
}
?>
--CLEAN--
<?php
unlink(__DIR__ . '/schema_file.tl');
?>
--EXPECTF--
{"_":"crowd","greetings":[{"_":"greeting","loud":true,"text":"Hi"},{"_":"greeting","loud":false,"text":"Bye","extra":{"_":"bytes","bytes":"\/w=="}}]}
%s
{"greetings":[{"_":"greeting","text":"Hi"},{"_":"greeting","loud":false,"text":"Bye","extra":{"_":"bytes","bytes":"\/w=="}},"more"]}
cannot use the TL schema FILE: %s
cannot use the TL schema FILE: %s
cannot use the TL schema FILE: %s
