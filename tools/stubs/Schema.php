<?php
declare(strict_types=1);

namespace MadelineProto\Stubs;

/** The TL schema: what each method takes and what it answers. */
final class Schema
{
    /** @var array<string, array{list<Parameter>, string}> parameters and type of each method */
    public array $methods = [];
    /** @var array<string, array<string, list<Parameter>>> the constructors of each type */
    public array $types = [];

    /** The schema that the extension was built from, which is part of one of its dependencies. */
    public static function ofExtension(string $root): self
    {
        $metadata = shell_exec('cargo metadata --format-version 1 --locked --manifest-path ' . escapeshellarg("$root/Cargo.toml"));
        $packages = json_decode($metadata ?: '{}', true, 512, JSON_THROW_ON_ERROR)['packages'] ?? [];
        foreach ($packages as $package) {
            if ($package['name'] === 'grammers-tl-types') {
                return new self(file_get_contents(dirname($package['manifest_path']) . '/tl/api.tl'));
            }
        }
        throw new \RuntimeException('cargo metadata names no package grammers-tl-types');
    }

    public function __construct(string $source)
    {
        $isMethod = false;
        foreach (explode("\n", $source) as $line) {
            $line = trim($line);
            if (preg_match('/^---(\w+)---$/', $line, $section)) {
                $isMethod = $section[1] === 'functions';
            } elseif (preg_match('/^([\w.]+)(?:#[0-9a-f]+)? (.*)= ([\w.<>]+);$/', $line, $definition)) {
                [, $name, $parameters, $type] = $definition;
                if ($isMethod) {
                    $this->methods[$name] = [Parameter::list($parameters), $type];
                } else {
                    $this->types[$type][$name] = Parameter::list($parameters);
                }
            }
        }
    }

    /** The methods of a namespace, by their names without it. */
    public function methodsOf(string $namespace): array
    {
        $methods = [];
        foreach ($this->methods as $name => $method) {
            if (str_starts_with($name, "$namespace.")) {
                $methods[substr($name, strlen($namespace) + 1)] = $method;
            }
        }
        return $methods;
    }

    /** What scripts pass as a type: PHP's type, as the members of a union, and how a doc comment writes it. */
    public function accepted(string $type): array
    {
        if (preg_match('/^[Vv]ector<(.+)>$/', $type, $item)) {
            return [['array'], 'list<' . $this->accepted($item[1])[1] . '>'];
        }
        return match ($type) {
            'int', 'long', '#' => [['int'], 'int'],
            'double' => [['float'], 'float'],
            'string' => [['string'], 'string'],
            'Bool', 'true' => [['bool'], 'bool'],
            'bytes', 'int128', 'int256', 'int512' => [['string', '\\' . ROOT . 'TL\Types\Bytes'], 'string|\\' . ROOT . 'TL\Types\Bytes'],
            'InputPeer', 'InputUser', 'InputChannel', 'InputDialogPeer' => [['array', 'int', 'string'], 'array|int|string'],
            'InputMessage' => [['array', 'int'], 'array|int'],
            'InputCheckPasswordSRP' => [['array', 'string'], 'array|string'],
            'DataJSON', 'JSONValue', 'InputFile', 'InputMedia', 'InputPhoto', 'InputDocument' => [['mixed'], 'mixed'],
            default => [['array'], $this->named($type)],
        };
    }

    /** What scripts get for a type inside an answer. */
    public function given(string $type): string
    {
        if (preg_match('/^[Vv]ector<(.+)>$/', $type, $item)) {
            return 'list<' . $this->given($item[1]) . '>';
        }
        return match ($type) {
            'int', 'long', 'Peer' => 'int',
            'double' => 'float',
            'string' => 'string',
            'Bool', 'true' => 'bool',
            'bytes', 'int128', 'int256', 'int512' => '\\' . ROOT . 'TL\Types\Bytes',
            'DataJSON', 'JSONValue' => 'mixed',
            'KeyboardButton' => '\\' . ROOT . 'TL\Types\Button',
            default => 'array',
        };
    }

    /**
     * What a method answers with: the members of a union, one for each constructor, their fields one level deep.
     *
     * @return list<string>
     */
    public function answers(string $type): array
    {
        if (preg_match('/^[Vv]ector<(.+)>$/', $type, $item)) {
            $items = $this->answers($item[1]);
            return count($items) === 1 ? ["list<$items[0]>"] : ['list<array>'];
        }
        if (!isset($this->types[$type]) || $this->given($type) !== 'array') {
            return [$this->given($type)];
        }
        $shapes = [];
        foreach ($this->types[$type] as $name => $parameters) {
            $fields = ["_: '$name'"];
            foreach ($parameters as $parameter) {
                // Scripts see neither flags words nor the access hashes of what the session knows by its id.
                if ($parameter->type === '#' || $parameter->name === 'access_hash') {
                    continue;
                }
                $mark = $parameter->optional && $parameter->type !== 'true' ? '?' : '';
                $fields[] = "$parameter->name$mark: {$this->given($parameter->type)}";
            }
            $shapes[] = 'array{' . implode(', ', $fields) . '}';
        }
        return $shapes;
    }

    /** An array of a type: with the names of its constructors, as far as they fit on a line. */
    private function named(string $type): string
    {
        $names = array_map(static fn (string $name) => "'$name'", array_keys($this->types[$type] ?? []));
        return $names === [] || count($names) > 6 ? 'array' : 'array{_: ' . implode('|', $names) . ', ...}';
    }
}

/** A parameter of a method or constructor. */
final class Parameter
{
    /** @param string $bit what says whether it has a value, as in "flags.3"; several may share one */
    public function __construct(public readonly string $name, public readonly string $type, public readonly bool $optional, public readonly string $bit = '')
    {
    }

    /** @return list<self> */
    public static function list(string $source): array
    {
        $parameters = [];
        foreach (preg_split('/\s+/', $source, -1, PREG_SPLIT_NO_EMPTY) as $word) {
            if (preg_match('/^(\w+):(?:(\w+\.\d+)\?)?(\S+)$/', $word, $parts)) {
                $parameters[] = new self($parts[1], ltrim($parts[3], '!'), $parts[2] !== '' || $parts[3] === '#', $parts[2]);
            }
        }
        return $parameters;
    }
}
