--TEST--
A script that loads the real Amp, before or after, gets the real functions; with opcache, in eval() and for many requests
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
file_put_contents("$sandbox->directory/functions.php", '<?php
    namespace Amp;
    function delay(float $timeout): string { return "real"; }
    function async(\Closure $closure): string { return "real"; }
');
file_put_contents("$sandbox->directory/Future.php", '<?php
    namespace Amp;
    final class Future { public static function complete(): string { return "real"; } }
');
$load = 'spl_autoload_register(function (string $class) { if ($class === "Amp\Future") { require "Future.php"; } });
    require "functions.php";';
$make = 'include "madeline.php";';
$show = 'echo Amp\delay(0) ?? "small", " ", is_string(Amp\async(fn () => 1)) ? "real" : "small", " ",
    is_string(Amp\Future::complete()) ? "real" : "small", " ", json_encode(function_exists("Amp\Promise\wait")), "\n";';

foreach ([[], ['zend_extension' => 'opcache.so', 'opcache.enable_cli' => '1', 'opcache.file_update_protection' => '0']] as $ini) {
    foreach (["$load $make $show", "$make $load $show", "$make $show", "$make eval('namespace Amp { function delay() { return \"real\"; } }'); $show"] as $code) {
        [$status, $output] = $sandbox->php("<?php $code", ini: $ini);
        echo $status, ' ', $output;
    }
}

// Ours were called first: they have to make room all the same; call sites that know ours keep them.
[$status, $output] = $sandbox->php('<?php
    include "madeline.php";
    function call() { return Amp\delay(0) ?? "small"; }
    echo call(), " ";
    require "functions.php";
    echo call(), " ", Amp\delay(0), "\n";
    // A file that is included again finds its own functions.
    require "functions.php";
');
echo $status, ' ', preg_replace('~ in .*~', '', $output);
?>
--EXPECTF--
0 real real real true
0 real real real true
0 small small small true
0 real small small true
0 real real real true
0 real real real true
0 small small small true
0 real small small true
255 small small real

Fatal error: Cannot redeclare Amp\delay() (previously declared
