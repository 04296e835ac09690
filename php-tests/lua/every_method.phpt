--TEST--
Random values through PHP and through Lua give the same TL bytes, for every method of the schema
--FILE--
<?php
require __DIR__ . '/lua.inc';
require dirname(__DIR__, 2) . '/tools/stubs/Schema.php';

use danog\MadelineProto\Tools;
use MadelineProto\Stubs\Schema;

/** Random values of TL types, all of which Lua has a form for. */
final class Values
{
    public function __construct(private Schema $schema, private \Random\Randomizer $random)
    {
    }

    public function arguments(array $parameters, int $depth = 0): array
    {
        $values = [];
        foreach ($parameters as $parameter) {
            // Below some depth, no more than is needed.
            if ($parameter->type === '#' || $parameter->optional && ($depth > 3 || $this->below(3) === 0)) {
                continue;
            }
            $values[$parameter->name] = $this->of($parameter->type, $depth);
        }
        return $values;
    }

    private function below(int $count): int
    {
        return $this->random->getInt(0, $count - 1);
    }

    private function one(array $choices): mixed
    {
        return $choices[$this->below(count($choices))];
    }

    private function of(string $type, int $depth): mixed
    {
        if (preg_match('/^[Vv]ector<(.+)>$/', $type, $item)) {
            return array_map(fn () => $this->of($item[1], $depth + 1), range(1, $this->below($depth > 3 ? 2 : 4) + 1));
        }
        return match ($type) {
            'int' => $this->one([0, 1, -1, 0x7fffffff, -0x80000000, $this->random->getInt(-1000, 1000)]),
            'long' => $this->one([0, -1, PHP_INT_MAX, PHP_INT_MIN, $this->random->nextInt()]),
            'double' => $this->one([0.0, -0.0, 1.0, 1.5, -2e308, 1e300, M_PI]),
            'string' => $this->one(['', 'text', 'Ünï¢ödé', "\u{1F40E}", str_repeat('long ', 60), '12', '1.5']),
            'bytes' => $this->random->getBytes(1 + $this->below(300)),
            'Bool', 'true' => $this->below(2) === 0,
            'int128', 'int256', 'int512' => $this->random->getBytes(intdiv((int) substr($type, 3), 8)),
            'X', '!X' => ['_' => 'help.getConfig'],
            default => $this->object($type, $depth),
        };
    }

    private function object(string $type, int $depth): mixed
    {
        $constructors = $this->schema->types[$type] ?? [];
        if ($constructors === []) {
            return ['_' => 'help.getConfig'];
        }
        // Those with the fewest parameters where it is deep, so that it ends.
        uasort($constructors, static fn (array $one, array $other) => count($one) <=> count($other));
        $names = array_keys($constructors);
        $name = $depth > 4 ? $names[0] : $this->one($names);
        return ['_' => $name] + $this->arguments($constructors[$name], $depth + 1);
    }
}

$schema = Schema::ofExtension(dirname(__DIR__, 2));
$values = new Values($schema, new \Random\Randomizer(new \Random\Engine\Xoshiro256StarStar(227)));
$lua = lua('');

/** The bytes, or what was wrong. */
function outcome(callable $run): string
{
    try {
        $result = $run();
        return is_array($result) ? $result['error'] : 'bytes ' . bin2hex($result);
    } catch (\Throwable $thrown) {
        return $thrown->getMessage();
    }
}

$same = $written = $methods = 0;
foreach ($schema->methods as $method => [$parameters]) {
    ++$methods;
    $once = false;
    for ($times = 0; $times < 12; ++$times) {
        $arguments = $values->arguments($parameters);
        $php = outcome(fn () => Tools::tlSerializeMethod($method, $arguments));
        $through = outcome(fn () => $lua->tl_serialize_method($method, $arguments));
        if ($php !== $through) {
            echo "$method: ", json_encode($arguments, JSON_PARTIAL_OUTPUT_ON_ERROR), "\n  PHP: $php\n  Lua: $through\n";
            break 2;
        }
        ++$same;
        $once = $once || str_starts_with($php, 'bytes ');
    }
    $written += (int) $once;
}
var_dump($methods > 700, $same === 12 * $methods, $written === $methods);
if ($written !== $methods) {
    echo $methods - $written, " methods were never written\n";
}
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
