--TEST--
An API object logs nothing unless the script, the ini table or an older dialect asks for it
--FILE--
<?php
use danog\MadelineProto\{API, Logger, Settings};

$directory = sys_get_temp_dir() . '/madelineproto-quiet-' . bin2hex(random_bytes(6));
mkdir($directory);
ini_set('madelineproto.api_id', '1');
ini_set('madelineproto.api_hash', 'hash');
function show(string $what): void
{
    echo $what, ': ', json_encode([Logger::$default->mode, Logger::$default->level]), "\n";
    Logger::$default = null;
}

new API("$directory/a.madeline");
Logger::$default->logger('nobody sees it', Logger::FATAL_ERROR);
show('nothing asked');
new API("$directory/a.madeline", (new Settings\Logger)->setLevel(Logger::ULTRA_VERBOSE));
show('by settings');
ini_set('madelineproto.log_level', 'warning');
new API("$directory/a.madeline");
show('by ini');
new API("$directory/a.madeline", (new Settings\Logger)->setType(Logger::ECHO_LOGGER));
show('by settings, although ini');
ini_set('madelineproto.log_level', 'none');
new API("$directory/a.madeline", ['peer' => ['full_fetch' => false]]);
show('old style, silenced by ini');
ini_restore('madelineproto.log_level');
new API("$directory/a.madeline", ['peer' => ['full_fetch' => false]]);
show('old style');
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/madelineproto-quiet-*') as $directory) {
    shell_exec('rm -r ' . escapeshellarg($directory));
}
?>
--EXPECTF--
nothing asked: [0,-1]
MadelineProto:  	madelineproto %d.%d.%d, a PHP extension with the API of MadelineProto 8.3.5
MadelineProto:  	License: MIT OR Apache-2.0
MadelineProto:  	MadelineProto is starting, please wait...
MadelineProto:  	MadelineProto is ready!
by settings: [3,5]
by ini: [3,2]
MadelineProto:  	madelineproto %d.%d.%d, a PHP extension with the API of MadelineProto 8.3.5
MadelineProto:  	License: MIT OR Apache-2.0
MadelineProto:  	MadelineProto is starting, please wait...
MadelineProto:  	MadelineProto is ready!
by settings, although ini: [3,4]
old style, silenced by ini: [0,-1]
MadelineProto:  	madelineproto %d.%d.%d, a PHP extension with the API of MadelineProto 8.3.5
MadelineProto:  	License: MIT OR Apache-2.0
MadelineProto:  	MadelineProto is starting, please wait...
MadelineProto:  	MadelineProto is ready!
old style: [3,4]
