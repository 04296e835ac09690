--TEST--
The TL trace names the argument, what was wanted and what came; the text of the exception shows it
--FILE--
<?php
use danog\MadelineProto\{RPCErrorException, TL, Tools};

function trace(callable $call): void
{
    try {
        $call();
        echo "nothing was thrown\n";
    } catch (Throwable $e) {
        echo $e::class, ': ', $e->getMessage(), "\n  ",
            method_exists($e, 'getTLTrace') ? $e->getTLTrace() : $e->getPrevious()?->getMessage(), "\n";
    }
}

$peer = ['_' => 'inputPeerSelf'];
trace(fn () => Tools::tlSerializeMethod('messages.getHistory', ['peer' => $peer, 'limit' => 'many']));
trace(fn () => Tools::tlSerializeMethod('messages.sendMessage', ['peer' => $peer, 'message' => 'x', 'entities' => [
    ['_' => 'messageEntityBold', 'offset' => 0, 'length' => 1],
    ['_' => 'messageEntityBold', 'offset' => [], 'length' => 1],
]]));
trace(fn () => Tools::tlSerializeMethod('messages.sendMessage', ['peer' => $peer, 'message' => 'x', 'reply_markup' => [
    '_' => 'replyInlineMarkup',
    'rows' => [['_' => 'keyboardButtonRow', 'buttons' => [['_' => 'keyboardButtonNew', 'text' => 'x']]]],
]]));
trace(fn () => Tools::tlSerialize('Vector<int>', [1, 2, 3_000_000_000]));
trace(fn () => Tools::tlSerialize('double', 'half'));

try {
    Tools::tlSerialize('int', 'one');
} catch (TL\Exception $e) {
    echo str_replace(__DIR__, '', (string) $e), "\n";
}
echo str_replace(__DIR__, '', (string) new TL\Exception('without a trace')), "\n";
$e = RPCErrorException::make('PEER_FLOOD', 400, 'x.y');
$e->setLocalization('translated');
var_dump($e->getLocalization(), $e->description);
?>
--EXPECT--
danog\MadelineProto\TL\Exception: Given value isn't numeric
  trace.php(16):	While serializing messages.getHistory → limit: expected int, found a string of 4 bytes
danog\MadelineProto\TL\Exception: Given value isn't numeric
  trace.php(17):	While serializing messages.sendMessage → entities[1] → offset: expected int, found an empty array
danog\MadelineProto\TL\Exception: Could not extract type "keyboardButtonNew", you should update MadelineProto!
  trace.php(21):	While serializing messages.sendMessage → reply_markup → rows[0] → buttons[0]: expected a constructor of the schema, found keyboardButtonNew
danog\MadelineProto\TL\Exception: Provided value 3000000000 is bigger than 2147483647
  trace.php(25):	While serializing Vector<int>[2]: expected int, found the number 3000000000
TypeError: danog\MadelineProto\Tools::packDouble(): Argument #1 ($value) must be of type float, string given
  While serializing double: expected double, found a string of 4 bytes
danog\MadelineProto\TL\Exception: Given value isn't numeric in /trace.php:29
Stack trace:
#0 /trace.php(29): danog\MadelineProto\Tools::tlSerialize('int', 'one')
#1 {main}

TL trace:
trace.php(29):	While serializing int: expected int, found a string of 3 bytes
danog\MadelineProto\TL\Exception: without a trace in /trace.php:33
Stack trace:
#0 {main}
string(10) "translated"
string(10) "translated"
