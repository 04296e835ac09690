--TEST--
Other files that are not there fail as ever
--FILE--
<?php
require __DIR__ . '/directory.inc';
fresh_directory();

var_dump(include 'my_madeline.php');
var_dump(include 'madeline.php.bak');
var_dump(file_get_contents('madeline.php'));
var_dump(highlight_file('madeline.php', true));
require_once 'other.php';
?>
--EXPECTF--
Warning: include(my_madeline.php): Failed to open stream: No such file or directory in %s on line %d

Warning: include(): Failed opening 'my_madeline.php' for inclusion (include_path='%s') in %s on line %d
bool(false)

Warning: include(madeline.php.bak): Failed to open stream: No such file or directory in %s on line %d

Warning: include(): Failed opening 'madeline.php.bak' for inclusion (include_path='%s') in %s on line %d
bool(false)

Warning: file_get_contents(madeline.php): Failed to open stream: No such file or directory in %s on line %d
bool(false)

Warning: highlight_file(madeline.php): Failed to open stream: No such file or directory in %s on line %d

Warning: highlight_file(): Failed opening 'madeline.php' for highlighting in %s on line %d
bool(false)

Warning: require_once(other.php): Failed to open stream: No such file or directory in %s on line %d

Fatal error: Uncaught Error: Failed opening required 'other.php' (include_path='%s') in %s:%d
Stack trace:
#0 {main}
  thrown in %s on line %d
