--TEST--
Without the extension the stand-in says what is missing
--FILE--
<?php
require __DIR__ . '/directory.inc';
$directory = fresh_directory();
copy('https://phar.madelineproto.xyz/madeline.php', 'madeline.php');
echo shell_exec(escapeshellarg(PHP_BINARY) . ' -n -d display_errors=1 madeline.php 2>&1');
?>
--EXPECTF--
%AFatal error: Uncaught Error: The madelineproto extension is not loaded. Load it, or delete %smadeline.php so that MadelineProto itself is downloaded. in %s:2
%A
