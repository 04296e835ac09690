--TEST--
Logger::log() echoes until there is a default logger; an exception tells it that it was made
--FILE--
<?php
use danog\MadelineProto\{Exception, Logger};

Logger::log('echoed');
Logger::log('echoed, however unimportant', Logger::ULTRA_VERBOSE);
var_dump(Logger::$default);

Logger::constructor(Logger::CALLABLE_LOGGER, function ($line, $level): void {
    echo "$level: ", str_replace(__DIR__, '', $line), "\n";
}, '', Logger::WARNING);
Logger::log('to the callable', Logger::WARNING);
Logger::log('dropped', Logger::NOTICE);
new Exception('made');
var_dump(Logger::$default::class);
?>
--EXPECTF--
default:        	echoed
default:        	echoed, however unimportant
NULL
2: to the callable
0: made in /default.php:%d
string(26) "danog\MadelineProto\Logger"
