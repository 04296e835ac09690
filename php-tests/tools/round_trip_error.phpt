--TEST--
What cannot be serialized or deserialized is an exception that says what was wanted
--FILE--
<?php
use danog\MadelineProto\Tools;

function thrown(callable $do): void
{
    try {
        $do();
        echo "nothing was thrown\n";
    } catch (\Throwable $e) {
        echo $e::class, ': ', $e->getMessage(), "\n";
    }
}

$throws = new class {
    public function __toString(): string
    {
        throw new \DomainException('no text today');
    }
};
thrown(fn () => Tools::tlSerialize('Vectr<long>', [1]));
thrown(fn () => Tools::tlSerializeMethod('messages.noSuchMethod', []));
thrown(fn () => Tools::tlSerialize('int', 'abc'));
thrown(fn () => Tools::tlSerialize('string', $throws));
thrown(fn () => Tools::tlSerialize('int', 1, '/nonexistent.tl'));
thrown(fn () => Tools::tlDeserialize("\x01\x02\x03", 'int'));
thrown(fn () => Tools::tlDeserialize("\x01\x00\x00\x00\x02", 'int'));
thrown(fn () => Tools::tlDeserialize("\xff\xff\xff\xff"));
$itself = ['_' => 'inputPeerUser'];
$itself['user_id'] = &$itself;
thrown(fn () => Tools::tlSerialize('InputPeer', $itself));
?>
--EXPECTF--
danog\MadelineProto\TL\Exception: The schema has no type Vectr<long>
danog\MadelineProto\TL\Exception: Could not find method messages.noSuchMethod!
danog\MadelineProto\TL\Exception: Given value isn't numeric
DomainException: no text today
danog\MadelineProto\Exception: cannot read the TL schema /nonexistent.tl: No such file or directory (os error 2)
danog\MadelineProto\TL\Exception: %s
danog\MadelineProto\TL\Exception: 1 bytes follow the value, which ends at byte 4
danog\MadelineProto\TL\Exception: %s
%s: %s
