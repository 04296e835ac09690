--TEST--
Exceptions without a call behind them have no trace; setLocalization() takes text only
--FILE--
<?php
use danog\MadelineProto\{Exception, PeerNotInDbException, PTSException, RPCErrorException, TL};

foreach ([new Exception('text'), new TL\Exception('text'), new TL\Conversion\Exception('text'), new PTSException('text'), new PeerNotInDbException] as $e) {
    var_dump($e->getTLTrace(), str_contains((string) $e, 'TL trace'));
}
foreach ([fn () => RPCErrorException::make('X', 400, 'x.y')->setLocalization([]), fn () => RPCErrorException::make('X', 400, 'x.y')->setLocalization()] as $call) {
    try {
        $call();
        echo "nothing was thrown\n";
    } catch (Error $error) {
        echo $error::class, ': ', preg_replace('/, called in .*/', '', $error->getMessage()), "\n";
    }
}
?>
--EXPECT--
string(0) ""
bool(false)
string(0) ""
bool(false)
string(0) ""
bool(false)
string(0) ""
bool(false)
string(0) ""
bool(false)
TypeError: danog\MadelineProto\RPCErrorException::setLocalization(): Argument #1 ($localization) must be of type string, array given
ArgumentCountError: danog\MadelineProto\RPCErrorException::setLocalization() expects exactly 1 argument, 0 given
