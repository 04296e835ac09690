--TEST--
dl() is refused: the extension is loaded from php.ini
--FILE--
<?php
$extension = getenv('EXTENSION');
$command = [PHP_BINARY, '-n', '-d', 'enable_dl=1', '-d', 'extension_dir=' . dirname($extension), '-r', 'var_dump(dl($argv[1]), class_exists("danog\\MadelineProto\\API"));', basename($extension)];
$process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
echo stream_get_contents($pipes[1]);
echo 'ended with ', proc_close($process), "\n";
?>
--EXPECT--

Warning: dl(): madelineproto cannot be loaded this way: say extension=madelineproto in php.ini in Unknown on line 0

Fatal error: Unable to start madelineproto module in Unknown on line 0
ended with 255
