--TEST--
CombinedAPI remembers its sessions in a file of its own, which nobody else can read
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\CombinedAPI;

$sandbox = Sandbox::start()->configure();
$file = $sandbox->path('combined');
$names = fn (CombinedAPI $api) => implode(' ', array_map(basename(...), array_keys($api->instances)));

$api = new CombinedAPI($file, [$sandbox->path('one') => [], $sandbox->path('two') => []]);
printf("%s, %o\n", $names($api), fileperms($file) & 0777);
unset($api);
$api = new CombinedAPI($file);
echo $names($api), "\n";
$api->addInstance($sandbox->path('three'));
$api->removeInstance($sandbox->path('one'));
unset($api);
echo $names(new CombinedAPI($file, [$sandbox->path('two') => []])), "\n";

// Something else lies there: it remembers none.
file_put_contents($file, 'O:8:"stdClass":0:{}');
echo $names(new CombinedAPI($file)), "\n";
file_put_contents($file, 'nonsense');
echo $names(@new CombinedAPI($file)), "\n";
thrown(fn () => new CombinedAPI('/nowhere/combined'));
// None has no file.
echo $names(new CombinedAPI('', [$sandbox->path('one') => []])), "\n";
?>
--EXPECT--
one two, 600
one two
two three


danog\MadelineProto\Exception: CombinedAPI: cannot write the file /nowhere/combined: No such file or directory (os error 2)
one
