--TEST--
Where open_basedir is set, scripts come from within it, and Lua itself opens no files
--FILE--
<?php
require __DIR__ . '/lua.inc';

use danog\MadelineProto\Lua;

$api = api();
$inside = Scripts::write(<<<'LUA'
    function try(f, ...)
      local ok, problem = pcall(f, ...)
      return ok or tostring(problem):match('^[^\n]*')
    end
    function files(path)
      return {
        try(io.open, path), try(io.lines, path), try(io.output, path), try(os.remove, path), try(os.rename, path, path),
        try(dofile, path), try(loadfile, path), try(require, 'module'), try(package.searchpath, 'x', path), try(os.time),
      }
    end
    LUA, 'inside.lua');
Scripts::write('return 1', 'module.lua');
$outside = tempnam(sys_get_temp_dir(), 'lua');
register_shutdown_function(fn () => exec('rm -f ' . escapeshellarg($outside)));
ini_set('open_basedir', Scripts::directory());
$lua = new Lua($inside, $api);
echo implode("\n", array_map(fn ($line) => is_bool($line) ? var_export($line, true) : placed($line), $lua->files($outside))), "\n";
shown(fn () => @new Lua($outside, $api));
?>
--EXPECTF--
open() is not available: open_basedir is set
lines() is not available: open_basedir is set
output() is not available: open_basedir is set
remove() is not available: open_basedir is set
rename() is not available: open_basedir is set
dofile() is not available: open_basedir is set
loadfile() is not available: open_basedir is set
module 'module' not found:
searchpath() is not available: open_basedir is set
true
danog\MadelineProto\Exception: Provided script does not exist: %s
