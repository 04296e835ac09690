--TEST--
Figures of the process: memory mappings and fibers
--FILE--
<?php
use danog\MadelineProto\API;
use danog\MadelineProto\Tools;

var_dump(Tools::getMaps() > 10, Tools::getMaxMaps() === (int) file_get_contents('/proc/sys/vm/max_map_count'));
$figures = Tools::testFibers(50);
echo implode(' ', array_keys($figures)), "\n";
var_dump($figures['maxFibers'], $figures['maps'] > Tools::getMaps(), $figures['realMemoryMb'] >= 2, ini_get('memory_limit'));
var_dump(API::testFibers(-1)['maxFibers']);
?>
--INI--
memory_limit=100M
--EXPECT--
bool(true)
bool(true)
maxFibers realMemoryMb maps maxMaps
int(50)
bool(true)
bool(true)
string(4) "100M"
int(0)
