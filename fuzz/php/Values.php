<?php
declare(strict_types=1);

namespace MadelineProto\Fuzz;

use danog\MadelineProto\TL\Types\Bytes;
use MadelineProto\Stubs\Parameter;
use MadelineProto\Stubs\Schema;

require __DIR__ . '/odd.php';

/** Random values for TL types: mostly what the schema asks for, now and then anything that PHP has. */
final class Values
{
    private const DEPTH = 6;

    private \Random\Randomizer $random;
    /** @var list<string> */
    private readonly array $names;

    public function __construct(private readonly Schema $schema)
    {
        $this->names = [...array_merge(...array_values(array_map(array_keys(...), $schema->types))), ...array_keys($schema->methods)];
    }

    /** Starts anew: what follows depends on the seed alone. */
    public function seed(int $seed): void
    {
        $this->random = new \Random\Randomizer(new \Random\Engine\Xoshiro256StarStar($seed));
    }

    public function below(int $count): int
    {
        return $this->random->getInt(0, $count - 1);
    }

    public function one(array $choices): mixed
    {
        return $choices[array_keys($choices)[$this->below(count($choices))]];
    }

    /** Bytes with a few of them changed, or without their end. */
    public function damaged(string $bytes): string
    {
        for ($times = 1 + $this->below(3); $times > 0 && $bytes !== ''; --$times) {
            $at = $this->below(strlen($bytes));
            match ($this->below(4)) {
                0 => $bytes[$at] = chr($this->below(256)),
                1 => $bytes[$at] = $bytes[$at] ^ chr(1 << $this->below(8)),
                2 => $bytes = substr($bytes, 0, $at),
                // Lengths and counts, and whatever else four bytes are.
                3 => $bytes = substr_replace($bytes, $this->one(["\0\0\0\0", "\xff\xff\xff\x7f", "\xff\xff\xff\xff"]), $at & ~3, 4),
            };
        }
        return $bytes;
    }

    /** @param list<Parameter> $parameters */
    public function arguments(array $parameters, int $depth = 0): array
    {
        $arguments = [];
        foreach ($parameters as $parameter) {
            if ($this->below($parameter->optional ? 3 : 20) === 0) {
                continue;
            }
            $arguments[$parameter->name] = $this->of($parameter->type, $depth + 1);
        }
        if ($this->below(4) === 0) {
            $key = $this->one(KEYS);
            $arguments[$key] = $this->below(2) === 0 ? $this->familiar($key) : $this->anything($depth + 1);
        }
        if ($arguments !== [] && $this->below(10) === 0) {
            $key = $this->one(array_keys($arguments));
            $arguments[$key] = &$arguments[$key];
        }
        return $arguments;
    }

    /** A value for a type, or one that is none. */
    public function of(string $type, int $depth = 0): mixed
    {
        if ($this->below(10) === 0) {
            return $this->anything($depth);
        }
        if (preg_match('/^[Vv]ector<(.+)>$/', $type, $item)) {
            $list = [];
            for ($count = $this->below($depth > 3 ? 2 : 5); $count > 0; --$count) {
                $list[] = $this->of($item[1], $depth + 1);
            }
            return $list;
        }
        return match ($type) {
            'int', '#' => $this->one([0, 1, -1, 2147483647, -2147483648, $this->random->getInt(-1000, 1000), '7']),
            'long' => $this->one([0, 1, PHP_INT_MAX, PHP_INT_MIN, $this->random->nextInt(), (string) $this->random->nextInt(), $this->random->getBytes(8)]),
            'double' => $this->one([0.0, -0.0, 1.5, NAN, INF, 1e308, 1]),
            'string' => $this->text(),
            'bytes' => $this->one([$this->text(), new Bytes($this->text()), ['_' => 'bytes', 'bytes' => base64_encode($this->text())]]),
            'Bool', 'true' => $this->below(2) === 0,
            'int128', 'int256', 'int512' => $this->random->getBytes(intdiv((int) substr($type, 3), 8)),
            'DataJSON', 'JSONValue' => $this->one([null, 1, 'x', [1, 2], ['a' => ['b' => 1.5]], ['_' => 'jsonNull'], ['_' => 'dataJSON', 'data' => '{}']]),
            default => $this->object($type, $depth),
        };
    }

    private function object(string $type, int $depth): mixed
    {
        if (in_array($type, ['InputPeer', 'InputUser', 'InputChannel', 'InputDialogPeer'], true) && $this->below(2) === 0) {
            return $this->one(['me', '@bot', 'https://t.me/bot', 5000001, -7000001, -1007000001, '5000001', ['_' => 'inputPeerSelf'], ['_' => 'peerUser', 'user_id' => 5000001]]);
        }
        $constructors = $this->schema->types[$type] ?? [];
        if ($constructors === [] || $depth > self::DEPTH) {
            return $this->anything($depth);
        }
        $name = $this->one(array_keys($constructors));
        return ['_' => $name] + $this->arguments($constructors[$name], $depth);
    }

    private function text(): string
    {
        return match ($this->below(8)) {
            0 => '',
            1 => $this->random->getBytes(1 + $this->below(40)),
            2 => str_repeat($this->one(['x', "\u{1F40E}", '*_', '<b>', "\0"]), $this->below(6000)),
            3 => $this->one(['<b>a</b>', '<b>a', '*a*', '*a', '[a](tg://user?id=5000001)', '<a href="mention:@bot">x</a>', '<tg-emoji emoji-id="1">x</tg-emoji>', "```\na```", '&amp;&', '</b>']),
            default => $this->one(['text', 'me', '@bot', 'html', 'Ünï¢ödé', '0', '12345', 'https://t.me/+abcdef']),
        };
    }

    /** What a key that scripts use holds. */
    private function familiar(string $key): mixed
    {
        return match ($key) {
            'parse_mode' => $this->one(['HTML', 'Markdown', 'MarkdownV2', 'text', '', ['_' => 'textParseModeHTML']]),
            'message', 'text', 'caption' => $this->text(),
            'reply_markup' => $this->one([
                ['inline_keyboard' => [[['text' => $this->text(), 'callback_data' => $this->text()], ['text' => 'u', 'url' => 'https://example.com']]]],
                ['keyboard' => [[['text' => 'a'], 'b']], 'resize_keyboard' => true],
                ['remove_keyboard' => true], ['force_reply' => true], ['inline_keyboard' => $this->anything(3)],
            ]),
            'entities' => [['_' => 'messageEntityBold', 'offset' => $this->below(9), 'length' => $this->below(9)]],
            '_' => $this->one($this->names),
            default => $this->one([1, true, 'me', 5000001]),
        };
    }

    /** Anything that PHP has. */
    public function anything(int $depth): mixed
    {
        return match ($this->below(16)) {
            0 => null,
            1 => $this->below(2) === 0,
            2 => $this->one([0, -1, PHP_INT_MAX, PHP_INT_MIN, 2147483648, $this->random->nextInt()]),
            3 => $this->one([NAN, INF, -INF, 0.5, 1e30, -0.0]),
            4, 5 => $this->text(),
            6 => $this->one(['1e3', '0x10', ' 7', '7 days', str_repeat('9', 40), '-0', '.5']),
            7 => $this->random->getBytes($this->one([4, 8, 9, 16, 32])),
            8 => $this->one([STDIN, $this->closed(), new \stdClass, new \ArrayObject([1]), Suit::Hearts, fn () => 'text', (fn () => yield 1)()]),
            9 => $this->one([new Loud($this->below(3)), new Bytes($this->text()), new \DateTimeImmutable('@0')]),
            10 => $this->circle(),
            11 => ['_' => $this->one([...array_map(fn () => $this->one($this->names), range(1, 5)), '', 7, null, "\xff"])] + $this->several($depth),
            12 => $this->deep(),
            default => $this->several($depth),
        };
    }

    private function several(int $depth): array
    {
        $values = [];
        for ($count = $depth > self::DEPTH ? 0 : $this->below(4); $count > 0; --$count) {
            $value = $this->anything($depth + 1);
            match ($this->below(4)) {
                0 => $values[$this->one(KEYS)] = $value,
                1 => $values[$this->random->getInt(-3, 9)] = $value,
                2 => $values[] = $value,
                3 => $values[$this->text()] = $value,
            };
        }
        return $values;
    }

    /** An array that contains itself. */
    private function circle(): array
    {
        $circle = ['_' => $this->one($this->names)];
        $circle[$this->one(KEYS)] = &$circle;
        Circles::$made[] = &$circle;
        return $circle;
    }

    private function deep(): array
    {
        $deep = [];
        for ($depth = $this->one([10, 100, 5000]); $depth > 0; --$depth) {
            $deep = $this->below(2) === 0 ? [$deep] : ['_' => 'textBold', 'text' => $deep];
        }
        return $deep;
    }

    /** @return closed-resource */
    private function closed(): mixed
    {
        $closed = fopen('php://memory', 'r');
        fclose($closed);
        return $closed;
    }
}
