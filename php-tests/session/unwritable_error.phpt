--TEST--
A place that may not be written to is an exception that names it
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

Sandbox::start()->configure();
// Not even root makes directories there.
thrown(fn () => new \danog\MadelineProto\API('/sys/session.madeline'));
?>
--EXPECTF--
danog\MadelineProto\Exception: %s/sys/session.madeline%s
