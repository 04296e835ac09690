--TEST--
getPsrLogger() is PSR-3's logger: levels, placeholders, exceptions; with the interface where PHP code brings one
--FILE--
<?php
use danog\MadelineProto\{Logger, PsrLogger};
use danog\MadelineProto\Settings\Logger as Settings;

$show = function (mixed $message, int $level): void {
    echo $level, ' ', is_string($message) ? str_replace(__DIR__, '', $message) : $message::class, "\n";
};
$logger = new Logger((new Settings)->setType(Logger::CALLABLE_LOGGER)->setExtra($show)->setLevel(5));
$psr = $logger->getPsrLogger();
var_dump($psr instanceof PsrLogger, $psr instanceof \Psr\Log\LoggerInterface);
foreach (['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as $level) {
    $psr->$level("as $level");
    $psr->log($level, "log as $level");
}
$text = new class {
    public function __toString(): string
    {
        return 'an object';
    }
};
$psr->info('{who} {what} {missing} {array} {', ['who' => $text, 'what' => 5, 'array' => []]);
$psr->info($text);
$psr->error('failed: {exception}', ['exception' => new LogicException('why')]);
(new Logger((new Settings)->setType(Logger::CALLABLE_LOGGER)->setExtra($show)->setLevel(3)))->getPsrLogger()->debug('dropped');

// As psr/log 3 declares it; older ones want less.
eval('namespace Psr\Log; interface LoggerInterface {' . implode('', array_map(
    fn ($level) => "public function $level(string|\\Stringable \$message, array \$context = []): void;",
    ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'],
)) . 'public function log($level, string|\Stringable $message, array $context = []): void; }');
$psr = $logger->getPsrLogger();
var_dump($psr instanceof PsrLogger, $psr instanceof \Psr\Log\LoggerInterface, $logger->getPsrLogger()::class === $psr::class);
(fn (\Psr\Log\LoggerInterface $logger) => $logger->notice('through the interface'))($psr);
?>
--EXPECT--
bool(true)
bool(false)
0 as emergency
0 log as emergency
0 as alert
0 log as alert
0 as critical
0 log as critical
1 as error
1 log as error
2 as warning
2 log as warning
3 as notice
3 log as notice
4 as info
4 log as info
5 as debug
5 log as debug
4 an object 5 {missing} {array} {
4 an object
1 failed: LogicException: why in /psr.php:23
Stack trace:
#0 {main}
1 LogicException
bool(true)
bool(true)
bool(true)
3 through the interface
