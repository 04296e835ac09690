<?php
declare(strict_types=1);

namespace MadelineProto\Reference;

use MadelineProto\Stubs\Parameter;
use MadelineProto\Stubs\Schema;

/** Calls of a method as examples: PHP with an array, PHP with named arguments, Lua. */
final class Examples
{
    /** How many parameters an example shows that may be left out. */
    private const OPTIONAL = 2;
    /** How deep the objects in an example are written out. */
    private const DEPTH = 3;

    /** What examples show of types whose smallest constructor says little. */
    private const PREFERRED = [
        'InputDocument' => 'inputDocument',
        'InputMedia' => 'inputMediaUploadedPhoto',
        'InputPhoto' => 'inputPhoto',
        'InputStickerSet' => 'inputStickerSetShortName',
        'MessageEntity' => 'messageEntityBold',
        'Reaction' => 'reactionEmoji',
    ];

    public function __construct(private readonly Schema $schema)
    {
    }

    /** @param list<Parameter> $parameters */
    public function php(string $method, array $parameters): string
    {
        [$namespace, $name] = explode('.', $method);
        $values = $this->values($parameters);
        $array = $named = [];
        foreach ($values as $key => $value) {
            $array[] = var_export($key, true) . ' => ' . $this->phpValue($value);
            $named[] = "$key: " . $this->phpValue($value);
        }
        $arguments = $array === [] ? '' : '[' . implode(', ', $array) . ']';
        $lines = ["\$result = \$api->{$namespace}->$name($arguments);"];
        if ($named !== []) {
            $lines[] = "\$result = \$api->{$namespace}->$name(" . implode(', ', $named) . ');';
        }
        return implode("\n", $lines);
    }

    /** @param list<Parameter> $parameters */
    public function lua(string $method, array $parameters): string
    {
        return "result = $method(" . $this->luaTable($this->values($parameters)) . ')';
    }

    /** What is required, and the first of what is not; flags that only switch something on are left out. */
    private function values(array $parameters): array
    {
        // The session makes random ids better than a script does.
        $shown = array_filter(
            $parameters,
            static fn (Parameter $parameter) => $parameter->type !== '#' && $parameter->type !== 'true' && $parameter->name !== 'random_id',
        );
        $optional = array_filter($shown, static fn (Parameter $parameter) => $parameter->optional);
        // Those that share a bit have a value together or not at all.
        $bits = array_column(array_slice($optional, 0, self::OPTIONAL), 'bit');
        $values = [];
        foreach ($shown as $parameter) {
            if (!$parameter->optional || in_array($parameter->bit, $bits, true)) {
                $values[$parameter->name] = $this->value($parameter->name, $parameter->type, self::DEPTH);
            }
        }
        return $values;
    }

    private function value(string $name, string $type, int $depth): mixed
    {
        if (preg_match('/^[Vv]ector<(.+)>$/', $type, $item)) {
            return [$this->value(rtrim($name, 's'), $item[1], $depth)];
        }
        return match ($type) {
            'int' => self::int($name),
            'long' => $name === 'hash' ? 0 : 1234567890,
            'double' => 1.5,
            'string' => self::text($name),
            'bytes', 'int128', 'int256', 'int512' => $type === 'bytes' ? 'bytes' : str_repeat('k', (int) substr($type, 3) / 8),
            'Bool', 'true' => true,
            'InputPeer', 'InputUser', 'InputDialogPeer' => '@username',
            'InputChannel' => '@channel',
            'InputMessage' => 42,
            'InputFile' => 'photo.jpg',
            'InputCheckPasswordSRP' => 'the password',
            'DataJSON' => ['key' => 'value'],
            'X', '!X' => ['_' => 'help.getConfig'],
            default => $this->object($type, $depth),
        };
    }

    private static function int(string $name): int
    {
        return match (true) {
            str_contains($name, 'date') => 1767225600,
            $name === 'limit' => 100,
            str_starts_with($name, 'offset') || str_starts_with($name, 'add_offset') => 0,
            // A data centre that exists: calls about messages that were sent through a bot go there.
            $name === 'dc_id' => 2,
            str_ends_with($name, 'id') => 42,
            default => 1,
        };
    }

    private static function text(string $name): string
    {
        return match ($name) {
            'message', 'text', 'caption' => 'Hello!',
            'q', 'query' => 'search words',
            'phone', 'phone_number' => '+99966612001',
            'username' => 'username',
            'url' => 'https://example.com/',
            'lang_code' => 'en',
            'emoji', 'emoticon', 'reaction' => '👍',
            'hash', 'slug' => 'the part of the link after the last slash',
            default => $name,
        };
    }

    /** An object of the constructor of that type that says something and wants least. */
    private function object(string $type, int $depth): mixed
    {
        $constructors = $this->schema->types[$type] ?? [];
        $candidates = [];
        foreach ($constructors as $name => $parameters) {
            $required = array_filter($parameters, static fn (Parameter $parameter) => !$parameter->optional);
            $candidates[$name] = count($required) + (str_ends_with($name, 'Empty') ? 9 : 0);
        }
        asort($candidates);
        $name = self::PREFERRED[$type] ?? array_key_first($candidates);
        if ($name === null) {
            return ['_' => lcfirst($type)];
        }
        $object = ['_' => $name];
        if ($depth > 0) {
            foreach ($constructors[$name] as $parameter) {
                if (!$parameter->optional && $parameter->type !== '#') {
                    $object[$parameter->name] = $this->value($parameter->name, $parameter->type, $depth - 1);
                }
            }
        }
        return $object;
    }

    private function phpValue(mixed $value): string
    {
        if (!is_array($value)) {
            return is_bool($value) ? ($value ? 'true' : 'false') : var_export($value, true);
        }
        $items = [];
        foreach ($value as $key => $item) {
            $items[] = (array_is_list($value) ? '' : var_export($key, true) . ' => ') . $this->phpValue($item);
        }
        return '[' . implode(', ', $items) . ']';
    }

    private function luaTable(array $value): string
    {
        $items = [];
        foreach ($value as $key => $item) {
            $written = match (true) {
                is_array($item) => $this->luaTable($item),
                is_bool($item) => $item ? 'true' : 'false',
                is_string($item) => "'" . addcslashes($item, "'\\") . "'",
                default => var_export($item, true),
            };
            $items[] = (array_is_list($value) ? '' : "$key=") . $written;
        }
        return '{' . implode(', ', $items) . '}';
    }
}
