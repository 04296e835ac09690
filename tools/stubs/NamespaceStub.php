<?php
declare(strict_types=1);

namespace MadelineProto\Stubs;

/** One namespace of Telegram's methods, such as `$api->messages`, as an interface. */
final class NamespaceStub
{
    private readonly string $name;

    public function __construct(private readonly \ReflectionClass $class, private readonly Schema $schema)
    {
        $this->name = lcfirst($class->getShortName());
    }

    /** Whether a class is a namespace and not their common parent. */
    public static function isNamespace(\ReflectionClass $class): bool
    {
        $parent = $class->getParentClass();
        return $parent !== false && $parent->getName() === ROOT . 'Namespace\AbstractAPI';
    }

    public function source(): string
    {
        $methods = [];
        $known = $this->schema->methodsOf($this->name);
        foreach ($this->class->getMethods() as $method) {
            if ($method->getDeclaringClass()->getName() === $this->class->getName()) {
                $methods[] = $this->method($method->getName(), ...$known[$method->getName()]);
            }
        }
        return "namespace {$this->class->getNamespaceName()};\n\n"
            . "/**\n * Methods of the namespace `$this->name`, called on the property of that name: `\$api->$this->name`.\n *\n"
            . " * Arguments are given by name, or all together as one array: `\$api->$this->name->method(['name' => \$value])`.\n"
            . " * What is not required may be left out.\n */\n"
            . "interface {$this->class->getShortName()}\n{\n" . implode("\n", $methods) . "}\n";
    }

    /** @param list<Parameter> $parameters */
    private function method(string $name, array $parameters, string $type): string
    {
        $parameters = array_values(array_filter($parameters, static fn (Parameter $parameter) => $parameter->type !== '#'));
        $documentation = [];
        $signature = [];
        foreach ($parameters as $index => $parameter) {
            [$members, $described] = $this->schema->accepted($parameter->type);
            $required = $parameter->optional ? 'optional' : 'required';
            if ($index === 0) {
                $members[] = 'array';
                $described .= '|' . $this->arguments($parameters);
                $required .= '; or all parameters in one array';
            }
            $documentation[] = "@param $described|null \$$parameter->name $parameter->type, $required";
            $members = array_unique($members);
            $members = in_array('mixed', $members, true) ? ['mixed'] : [...$members, 'null'];
            $signature[] = implode('|', $members) . " \$$parameter->name = null";
        }
        $documentation[] = '@param int|null $floodWaitLimit flood waits of fewer seconds are slept through; longer ones are thrown';
        $signature[] = '?int $floodWaitLimit = null';
        $answers = $this->schema->answers($type);
        $documentation[] = '@return ' . implode("\n     *     |", $answers);
        $returns = match (true) {
            $answers === ['mixed'] => 'mixed',
            preg_match('/^(array|list)\b/', $answers[0]) === 1 => 'array',
            default => implode('|', $answers),
        };
        return "    /**\n     * `$this->name.$name`, answered with `$type`.\n     *\n     * " . implode("\n     * ", $documentation) . "\n     */\n"
            . "    public function $name(\n        " . implode(",\n        ", $signature) . ",\n    ): $returns;\n";
    }

    /** The shape of an array with all parameters. @param list<Parameter> $parameters */
    private function arguments(array $parameters): string
    {
        $fields = array_map(
            fn (Parameter $parameter) => $parameter->name . ($parameter->optional ? '?' : '') . ': ' . $this->schema->accepted($parameter->type)[1],
            $parameters,
        );
        return 'array{' . implode(', ', [...$fields, 'floodWaitLimit?: int']) . '}';
    }
}
