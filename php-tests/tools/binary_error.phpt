--TEST--
Numbers that do not fit, bytes of the wrong length
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Tools;

thrown(fn () => Tools::packSignedInt(2147483648));
thrown(fn () => Tools::packSignedInt(-2147483649));
thrown(fn () => Tools::packUnsignedInt(-1));
thrown(fn () => Tools::unpackSignedInt('abc'));
thrown(fn () => Tools::unpackSignedLong('abc'));
thrown(fn () => Tools::unpackDouble(''));
thrown(fn () => Tools::random(-1));
thrown(fn () => Tools::randomInt(-1));
thrown(fn () => Tools::posmod(1, 0));
thrown(fn () => Tools::genVectorHash(['a']));
thrown(fn () => Tools::mbStrSplit('abc', 0));
thrown(fn () => Tools::sleep(-1));
?>
--EXPECT--
danog\MadelineProto\TL\Exception: Provided value 2147483648 is bigger than 2147483647
danog\MadelineProto\TL\Exception: Provided value -2147483649 is smaller than -2147483648
danog\MadelineProto\TL\Exception: Provided value -1 is smaller than 0
danog\MadelineProto\TL\Exception: Given value is not 4 bytes long
danog\MadelineProto\TL\Exception: Given value is not 8 bytes long
danog\MadelineProto\TL\Exception: Given value is not 8 bytes long
danog\MadelineProto\Exception: random(): -1 is no length
danog\MadelineProto\Exception: randomInt(): the modulus must not be negative, -1 is
danog\MadelineProto\Exception: posmod(1, 0): the modulus must not be 0
danog\MadelineProto\TL\Exception: Given value isn't numeric
danog\MadelineProto\Exception: mbStrSplit(): the parts' length must be at least 1
danog\MadelineProto\Exception: sleep(): -1 is no number of seconds to wait
