--TEST--
Loggers write to the output, a file or a callable, up to their level
--FILE--
<?php
use danog\MadelineProto\Logger;
use danog\MadelineProto\Settings\Logger as Settings;

$echo = new Logger((new Settings)->setType(Logger::ECHO_LOGGER)->setLevel(Logger::NOTICE), 'prefix');
$echo->logger('taken');
$echo->logger('dropped', Logger::VERBOSE);
$echo->logger(['list', 1, ['ü/' => null]], Logger::ERROR, '/srv/bot.php');
$echo->logger(new LogicException('thrown'), Logger::FATAL_ERROR);
var_dump($echo->mode, $echo->level, $echo->prefix);

$file = sys_get_temp_dir() . '/madelineproto-logger-' . bin2hex(random_bytes(6));
$logger = Logger::constructorFromSettings((new Settings)->setType(Logger::FILE_LOGGER)->setExtra($file)->setLevel(5));
$logger->logger('to the file', Logger::ULTRA_VERBOSE);
var_dump($logger->optional === "$file.log");
echo file_get_contents("$file.log");
file_put_contents("$file.log", str_repeat('x', 26 * 1024 * 1024));
clearstatcache();
(new Logger((new Settings)->setType(Logger::FILE_LOGGER)->setExtra($file)->setMaxSize(0)))->logger('after the cut');
clearstatcache();
var_dump(filesize("$file.log") < 100);

$callable = new Logger((new Settings)->setType(Logger::CALLABLE_LOGGER)->setExtra(function (mixed $message, int $level): void {
    echo $level, ' ', json_encode($message), "\n";
}));
$callable->logger(['raw' => true], Logger::WARNING);

$none = new Logger((new Settings)->setType(Logger::NO_LOGGER));
$none->logger('nowhere', Logger::FATAL_ERROR);
?>
--CLEAN--
<?php
array_map(unlink(...), glob(sys_get_temp_dir() . '/madelineproto-logger-*.log'));
?>
--EXPECTF--
targets, prefix: 	taken
bot, prefix:    	[
    "list",
    1,
    {
        "ü/": null
    }
]
targets, prefix: 	LogicException: thrown in %stargets.php:%d
Stack trace:
#0 {main}
int(3)
int(3)
string(6) "prefix"
bool(true)
targets:        	to the file
bool(true)
2 {"raw":true}
