--TEST--
Exceptions made by scripts: constructor arguments, waits, text
--FILE--
<?php
namespace danog\MadelineProto;

function show(\Throwable $e): void
{
    echo substr($e::class, 20), ' ', json_encode([$e->getMessage(), $e->getCode(), basename($e->getFile()), $e->getLine()]),
        ' ', $e->getPrevious()?->getMessage() ?? '-', "\n";
}

show(new Exception());
show(new Exception('text', 3, new \LogicException('cause'), 'file.php', 9));
show(new PeerNotInDbException());
show(new SecretPeerNotInDbException());
show(new TransportError(-404));
show(new TL\Exception('text'));
show(new TL\Conversion\Exception('text', 'file.php'));
show(new SecurityException('text', 5));
show(new RPCError\FloodWaitError('FLOOD_WAIT_31', 31, 420, 'messages.sendMessage'));
show(Exception::extension('mbstring'));

$flood = new RPCError\RateLimitError('SLOWMODE_WAIT_1', 1, 420, 'x.y');
var_dump($flood->waitTime, $flood->getWaitTime());
$start = microtime(true);
$flood->wait();
$flood->wait();
var_dump(round(microtime(true) - $start));
try {
    throw new class('mine') extends Exception {};
} catch (Exception $e) {
    var_dump($e->getMessage(), $e->getTLTrace());
}
?>
--EXPECT--
Exception ["",0,"construct.php",10] -
Exception ["text",3,"file.php",9] cause
PeerNotInDbException ["This peer is not present in the internal peer database",0,"construct.php",12] -
SecretPeerNotInDbException ["This secret chat is not present in the internal peer database",0,"construct.php",13] -
TransportError ["-404",-404,"construct.php",14] -
TL\Exception ["text",0,"construct.php",15] -
TL\Conversion\Exception ["text",0,"file.php",16] -
SecurityException ["text",5,"construct.php",17] -
RPCError\FloodWaitError ["FLOOD_WAIT_31",420,"construct.php",18] -
Exception ["The PHP extension mbstring is needed: please install it and load it in php.ini",0,"construct.php",19] -
int(1)
int(1)
float(1)
string(4) "mine"
string(0) ""
