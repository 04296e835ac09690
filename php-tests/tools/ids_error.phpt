--TEST--
Numbers that are no ids, ids of other kinds
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\DialogId\DialogId;
use danog\MadelineProto\Tools;

thrown(fn () => DialogId::getType(0));
thrown(fn () => DialogId::isUser(-1000000000000));
thrown(fn () => DialogId::fromSupergroupOrChannel(-5));
thrown(fn () => DialogId::toSupergroupOrChannel(5));
thrown(fn () => Tools::fromSupergroup(5));
thrown(fn () => DialogId::from('USER'));
?>
--EXPECT--
AssertionError: Invalid ID 0 provided!
AssertionError: Invalid ID -1000000000000 provided!
AssertionError: Invalid ID -5 provided!
AssertionError: Invalid ID 5 provided!
AssertionError: Invalid ID 5 provided!
Error: Call to undefined method danog\DialogId\DialogId::from()
