--TEST--
An example that does not parse is noticed
--FILE--
<?php
use MadelineProto\Reference\Syntax;

require dirname(__DIR__, 2) . '/tools/reference/Syntax.php';

foreach ([
    'php' => ['$a = f(x: 1);', '$messages.result = f();;)', "f(['a' => ]);", "throw new Exception('never run');"],
    'lua' => [
        "result = a.b({x=1, y={'z', true, -1.5}, _='it\\'s'})", 'result = a.b({})', "result = a.b({1, 2, })\nresult = c({})",
        'result = a.b({x=})', 'result = a.b({x=1)', "result = a.b({x='})", 'result = a.b{x=1}', 'result = a.b({x=1})}', 'a.b({})',
        'result = a.b({x=$y})', 'result = a.b({x=y})', 'result = a.b({["x"]=1})',
    ],
] as $language => $examples) {
    foreach ($examples as $example) {
        echo implode("\n", Syntax::mistakes("```$language\n$example\n```\n")) ?: "parses: $example", "\n";
    }
}
?>
--EXPECT--
parses: $a = f(x: 1);
this PHP does not parse (syntax error, unexpected token "="): $messages.result = f();;)
this PHP does not parse (syntax error, unexpected token "]"): f(['a' => ]);
parses: throw new Exception('never run');
parses: result = a.b({x=1, y={'z', true, -1.5}, _='it\'s'})
parses: result = a.b({})
parses: result = a.b({1, 2, })
result = c({})
this Lua does not parse (a value is expected, found '}'): result = a.b({x=})
this Lua does not parse (expected }, found )): result = a.b({x=1)
this Lua does not parse (nothing of Lua's at byte 16): result = a.b({x='})
this Lua does not parse (expected (, found {): result = a.b{x=1}
this Lua does not parse (expected name, found }): result = a.b({x=1})}
this Lua does not parse (expected =, found .): a.b({})
this Lua does not parse (nothing of Lua's at byte 16): result = a.b({x=$y})
this Lua does not parse (a value is expected, found 'y'): result = a.b({x=y})
this Lua does not parse (nothing of Lua's at byte 14): result = a.b({["x"]=1})
