--TEST--
Shutdown runs its functions when the script ends, in order, those with a name once
--FILE--
<?php
use danog\MadelineProto\Shutdown;

register_shutdown_function(fn () => print "PHP's own, which came first\n");
var_dump(Shutdown::addCallback(fn () => print "first\n"));
var_dump(Shutdown::addCallback(fn () => print "replaced\n", 'named'));
var_dump($gone = Shutdown::addCallback(fn () => print "removed\n"));
var_dump(Shutdown::addCallback(function (): void {
    echo "named\n";
    Shutdown::addCallback(fn () => print "added at the end\n");
}, 'named'));
Shutdown::addCallback('last');
var_dump(Shutdown::removeCallback($gone), Shutdown::removeCallback($gone), Shutdown::removeCallback('nobody'), Shutdown::removeCallback(null));
function last(): void
{
    echo "a function\n";
}
echo "end of the script\n";
exit(3);
?>
--EXPECT--
int(0)
string(5) "named"
int(1)
string(5) "named"
bool(true)
bool(false)
bool(false)
bool(false)
end of the script
PHP's own, which came first
first
named
a function
added at the end
