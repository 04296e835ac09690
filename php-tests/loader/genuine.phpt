--TEST--
MadelineProto's own loader is not run, also beside Composer's autoloader
--FILE--
<?php
namespace Composer\Autoload {
    class ClassLoader {}
}
namespace {
    require __DIR__ . '/directory.inc';
    $directory = fresh_directory();
    foreach (genuine_loaders() as $release => $script) {
        file_put_contents('madeline.php', $script);
        var_dump($release, include 'madeline.php', require "$directory/madeline.php", require_once 'madeline.php');
    }
    file_put_contents('madeline.phar', '<?php /* MadelineProto */ die("it ran"); __HALT_COMPILER(); ?>');
    var_dump(require 'madeline.phar');
    echo highlight_file('madeline.phar', true) === '' ? 'hidden' : 'its text can still be read', "\n";
}
?>
--EXPECT--
string(9) "release 4"
int(1)
int(1)
int(1)
string(9) "release 8"
int(1)
int(1)
bool(true)
int(1)
its text can still be read
