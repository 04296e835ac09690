--TEST--
Objects that only the extension can make say so; a constructor with wrong arguments throws
--FILE--
<?php
function thrown(callable $do): void
{
    try {
        $do();
        echo "nothing was thrown\n";
    } catch (\Throwable $e) {
        echo $e::class, ': ', preg_replace('/, called in .*/', '', $e->getMessage()), "\n";
    }
}

use danog\MadelineProto\API;
use danog\MadelineProto\Namespace\Messages;

thrown(fn () => new API());
thrown(fn () => new API(''));
thrown(fn () => new API(5.5));
thrown(fn () => (new Messages())->sendMessage(peer: 'me', message: 'hi'));
thrown(fn () => serialize(new Messages()));
thrown(fn () => unserialize('O:23:"danog\MadelineProto\API":1:{s:7:"session";s:0:"";}'));
thrown(fn () => unserialize('O:23:"danog\MadelineProto\API":0:{}'));
?>
--EXPECTF--
ArgumentCountError: danog\MadelineProto\API::__construct() expects at least 1 argument, 0 given
danog\MadelineProto\Exception: the session's path is empty
TypeError: danog\MadelineProto\API::__construct(): Argument #1 ($session) must be of type string, %s given
danog\MadelineProto\Exception: A namespace cannot be made by itself: use the properties of an API object
Exception: Serialization of 'danog\MadelineProto\Namespace\Messages' is not allowed
danog\MadelineProto\Exception: the session's path is empty
danog\MadelineProto\Exception: the serialized API object names no session
