--TEST--
A busy bot that is killed at random moments: nothing is lost, and only what was in hand comes again
--FILE--
<?php
// `make kills` does it many more times.
$argv[1] = 3;
require __DIR__ . '/../support/kills.php';
?>
--EXPECTF--
handlers that do not wait: %d messages, 3 kills, 0 lost; %d in hand and %d just ended came again
handlers that wait: %d messages, 3 kills, 0 lost; %d in hand and %d just ended came again
