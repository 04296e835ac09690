--TEST--
Loggers that cannot work say so when they are made; a callable's exception reaches the script
--FILE--
<?php
use danog\MadelineProto\Logger;
use danog\MadelineProto\Settings\Logger as Settings;

foreach ([
    fn () => new Logger((new Settings)->setType(Logger::FILE_LOGGER)->setExtra('/no/such/directory/file')),
    fn () => new Logger((new Settings)->setType(Logger::CALLABLE_LOGGER)->setExtra('no_such_function')),
    fn () => new Logger((new Settings)->setType(9)),
    fn () => Logger::constructor(9),
    fn () => (new Logger((new Settings)->setType(Logger::CALLABLE_LOGGER)->setExtra(fn () => throw new LogicException('mine'))))->logger('x'),
    fn () => new Logger(new stdClass),
    fn () => Logger::log(),
] as $attempt) {
    try {
        $attempt();
        echo "nothing was thrown\n";
    } catch (Throwable $e) {
        echo $e::class, ': ', preg_replace('/, called in .*/', '', $e->getMessage()), "\n";
    }
}
?>
--EXPECT--
danog\MadelineProto\Exception: cannot write the log file /no/such/directory/file.log: No such file or directory (os error 2)
danog\MadelineProto\Exception: A callable logger needs a callable as its extra parameter
danog\MadelineProto\Exception: Invalid setting Logger::setType(): expected Logger::DEFAULT_LOGGER (1), FILE_LOGGER (2), ECHO_LOGGER (3), CALLABLE_LOGGER (4) or 0 for none, got 9
danog\MadelineProto\Exception: The logger's mode must be Logger::DEFAULT_LOGGER (1), FILE_LOGGER (2), ECHO_LOGGER (3), CALLABLE_LOGGER (4) or 0 for none, got 9
LogicException: mine
TypeError: danog\MadelineProto\Logger::__construct(): Argument #1 ($settings) must be of type danog\MadelineProto\Settings\Logger, stdClass given
ArgumentCountError: danog\MadelineProto\Logger::log() expects at least 1 argument, 0 given
