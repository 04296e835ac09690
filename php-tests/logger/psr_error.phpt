--TEST--
The PSR-3 logger refuses levels and messages that are none
--FILE--
<?php
use danog\MadelineProto\Logger;
use danog\MadelineProto\PsrLogger;
use danog\MadelineProto\Settings\Logger as Settings;

$psr = (new Logger((new Settings)->setType(Logger::CALLABLE_LOGGER)->setExtra(print_r(...))))->getPsrLogger();
foreach ([
    fn () => $psr->log('loud', 'text'),
    fn () => $psr->log(3, 'text'),
    fn () => $psr->info([]),
    fn () => $psr->info(new stdClass),
    fn () => $psr->info(new class {
        public function __toString(): string
        {
            throw new LogicException('mine');
        }
    }),
    fn () => $psr->info('text', 'no array'),
    fn () => $psr->info(),
    fn () => new PsrLogger(new stdClass),
    fn () => serialize($psr),
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
InvalidArgumentException: PSR-3 has no such log level: expected emergency, alert, critical, error, warning, notice, info or debug, got "loud"
InvalidArgumentException: PSR-3 has no such log level: expected emergency, alert, critical, error, warning, notice, info or debug, got 3
InvalidArgumentException: A message must be a text, got array
InvalidArgumentException: A message must be a text, got stdClass
LogicException: mine
TypeError: danog\MadelineProto\PsrLogger::info(): Argument #2 ($context) must be of type array, string given
ArgumentCountError: danog\MadelineProto\PsrLogger::info() expects at least 1 argument, 0 given
TypeError: danog\MadelineProto\PsrLogger::__construct(): Argument #1 ($logger) must be of type danog\MadelineProto\Logger, stdClass given
Exception: Serialization of 'danog\MadelineProto\PsrLogger' is not allowed
