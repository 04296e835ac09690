--TEST--
A loader that is not there is answered with an empty script, however it is included
--FILE--
<?php
require __DIR__ . '/directory.inc';
$directory = fresh_directory();

var_dump(include 'madeline.php');
var_dump(include_once 'madeline.php', include_once 'madeline.php');
var_dump(require './madeline.php');
var_dump(require_once "$directory/madeline.php", require_once "$directory/madeline.php");
var_dump(require 'madeline.phar');
var_dump(file_exists('madeline.php'));
?>
--EXPECT--
int(1)
int(1)
bool(true)
int(1)
int(1)
bool(true)
int(1)
bool(false)
