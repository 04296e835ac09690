--TEST--
The Lua example of every method's page runs: Lua parses it, and the call with its named parameters reaches the server
--FILE--
<?php
require __DIR__ . '/lua.inc';
require dirname(__DIR__, 2) . '/tools/reference/Syntax.php';

use MadelineProto\Reference\Syntax;

// The peers that the examples name.
$sandbox = Sandbox::start(function (array &$world) {
    $world['users']['example'] = ['id' => 5100001, 'first_name' => 'Example', 'username' => 'username', 'phone' => '9996612099'];
    $world['channels']['example'] = ['id' => 7100001, 'title' => 'Example', 'username' => 'channel', 'creator' => 'example'];
});
$api = $sandbox->user();
// The file that they upload.
chdir(dirname($sandbox->path('photo.jpg')));
file_put_contents('photo.jpg', 'a photo');
$lua = lua(<<<'LUA'
    function run(example)
      local environment = setmetatable({}, {__index = _G})
      local chunk = assert(load(example, '=example', 't', environment))
      chunk()
      return environment.result
    end
    LUA, $api);

$examples = $answered = $refused = 0;
foreach (glob(dirname(__DIR__, 2) . '/docs/methods/*.md') as $file) {
    foreach (Syntax::examples(file_get_contents($file), 'lua') as $example) {
        ++$examples;
        try {
            $result = $lua->run($example);
        } catch (Throwable $thrown) {
            echo get_class($thrown), ': ', $thrown->getMessage(), "\n  $example\n";
            continue;
        }
        if (!is_array($result) || !isset($result['error_code'])) {
            ++$answered;
        } elseif ($result['error_code'] !== 0 && preg_match('/^[A-Z0-9_]+$/', $result['error'])) {
            // An answer of the server's.
            ++$refused;
        } else {
            echo "$result[error_code] $result[error] ", $result['tl_trace'] ?? '', "\n  $example\n";
        }
    }
}
chdir(__DIR__);
var_dump($examples > 700, $answered + $refused === $examples, $answered > 0);
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
