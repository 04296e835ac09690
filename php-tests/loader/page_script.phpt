--TEST--
The lines that every MadelineProto script begins with run offline and silently
--FILE--
<?php
require __DIR__ . '/directory.inc';
fresh_directory();

if (!file_exists('madeline.php')) {
    copy('https://phar.madelineproto.xyz/madeline.php', 'madeline.php');
}
include 'madeline.php';
var_dump(class_exists(\danog\MadelineProto\API::class, false), defined('MADELINE_PHP'));

echo "a second run finds the file\n";
var_dump(file_exists('madeline.php'));
include 'madeline.php';
require_once 'madeline.php';

echo file_get_contents('madeline.php');
?>
--EXPECT--
bool(true)
bool(false)
a second run finds the file
bool(true)
<?php // Stands in for MadelineProto's loader: the madelineproto extension has the classes built in.
if (!extension_loaded('madelineproto')) throw new \Error('The madelineproto extension is not loaded. Load it, or delete '.__FILE__.' so that MadelineProto itself is downloaded.');
