--TEST--
Every example of the reference parses, in PHP and in Lua, and every method has its own
--FILE--
<?php
use MadelineProto\Reference\Syntax;

require dirname(__DIR__, 2) . '/tools/reference/Syntax.php';

$pages = $php = $lua = $methods = 0;
foreach (glob(dirname(__DIR__, 2) . '/docs/methods/*.md') as $file) {
    $page = file_get_contents($file);
    foreach (Syntax::mistakes($page) as $mistake) {
        echo basename($file), ": $mistake\n";
    }
    ++$pages;
    $php += count(Syntax::examples($page, 'php'));
    $lua += count(Syntax::examples($page, 'lua'));
    $methods += preg_match_all('/^## \w+\.\w+$/m', $page) - preg_match_all('/^\*\*Not called directly/m', $page);
}
// The index has an example in PHP, too.
var_dump($pages > 20, $methods > 700, $php === $methods + 1, $lua === $methods);
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
