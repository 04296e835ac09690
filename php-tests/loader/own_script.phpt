--TEST--
A script of the user's that is named like the loader is run
--FILE--
<?php
require __DIR__ . '/directory.inc';
$directory = fresh_directory();

file_put_contents('madeline.php', '<?php copy("https://phar.madelineproto.xyz/madeline.php", "loader.php"); return "mine";');
var_dump(include 'madeline.php', require "$directory/madeline.php", is_file('loader.php'));
file_put_contents('madeline.php', '<?php throw new Exception("of the script");');
try {
    require 'madeline.php';
} catch (Exception $e) {
    var_dump($e->getMessage(), $e->getFile() === "$directory/madeline.php");
}
?>
--EXPECT--
string(4) "mine"
string(4) "mine"
bool(true)
string(13) "of the script"
bool(true)
