--TEST--
Files that cannot be opened or read, and locks that are not waited for
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Tools;

final class Cancellation
{
    public function throwIfRequested(): void
    {
        throw new RuntimeException('The operation was cancelled');
    }
}
$file = sys_get_temp_dir() . '/madelineproto-lock-' . bin2hex(random_bytes(6));
$held = fopen($file, 'c');
flock($held, LOCK_EX);
thrown(fn () => Tools::flock($file, LOCK_EX, 0.01, new Cancellation));
thrown(fn () => Tools::flock($file, LOCK_EX, 0.01, null, fn () => throw new LogicException('mine')));
thrown(fn () => Tools::flock($file, LOCK_EX, -1));
thrown(fn () => Tools::flock($file, LOCK_EX, NAN));
thrown(fn () => Tools::flock($file, LOCK_EX, 0.01, new stdClass));
thrown(fn () => Tools::flock("$file/below", LOCK_EX));
thrown(fn () => Tools::flock("zero\0byte", LOCK_EX));
thrown(fn () => @Tools::fileGetContents("$file/below") === $file);
unlink($file);
?>
--EXPECTF--
RuntimeException: The operation was cancelled
LogicException: mine
danog\MadelineProto\Exception: flock(): $polling must be a number of seconds, -1 was given
danog\MadelineProto\Exception: flock(): $polling must be a number of seconds, NaN was given
TypeError: cancellation must be of type Amp\Cancellation, stdClass given
danog\MadelineProto\Exception: flock(): %s/below: Not a directory (os error 20)
danog\MadelineProto\Exception: flock(): zero%0byte: file name contained an unexpected NUL byte
danog\MadelineProto\Exception: cannot read %s/below
