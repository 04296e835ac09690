<?php
declare(strict_types=1);

namespace MadelineProto\Stubs;

/** A class, interface or enum of the extension as PHP source whose methods throw. */
final class ClassStub
{
    public function __construct(private readonly \ReflectionClass $class)
    {
    }

    /** A second name of a class. */
    public static function alias(string $name, string $class): string
    {
        return "class_alias(\\$class::class, '" . addcslashes($name, '\\') . "');\n";
    }

    public function source(): string
    {
        $groups = array_filter([
            $this->cases(),
            implode('', array_map($this->constant(...), $this->own($this->class->getReflectionConstants()))),
            implode('', array_map($this->property(...), $this->own($this->class->getProperties()))),
            implode("\n", array_map($this->method(...), $this->own($this->class->getMethods()))),
        ]);
        return "namespace {$this->class->getNamespaceName()};\n\n"
            . $this->attributes($this->class) . $this->head() . "\n{\n" . implode("\n", $groups) . "}\n";
    }

    private function head(): string
    {
        $class = $this->class;
        $kind = match (true) {
            $class->isInterface() => 'interface',
            $class->isEnum() => 'enum',
            default => implode(' ', \Reflection::getModifierNames($class->getModifiers() & ~\ReflectionClass::IS_IMPLICIT_ABSTRACT)) . ' class',
        };
        $head = ltrim($kind) . ' ' . $class->getShortName();
        if ($class->isEnum() && ($type = (new \ReflectionEnum($class->getName()))->getBackingType()) !== null) {
            $head .= ": $type";
        }
        if ($parent = $class->getParentClass()) {
            $head .= ' extends \\' . $parent->getName();
        }
        $interfaces = $this->directInterfaces();
        if ($interfaces !== []) {
            $head .= ($class->isInterface() ? ' extends \\' : ' implements \\') . implode(', \\', $interfaces);
        }
        return $head;
    }

    /** Interfaces that neither the parent nor another interface brings along, nor PHP by itself. */
    private function directInterfaces(): array
    {
        $interfaces = $this->class->getInterfaceNames();
        $inherited = $this->class->getParentClass() ? $this->class->getParentClass()->getInterfaceNames() : [];
        foreach ($interfaces as $interface) {
            $inherited = [...$inherited, ...(new \ReflectionClass($interface))->getInterfaceNames()];
        }
        $direct = array_diff($interfaces, $inherited, ['UnitEnum', 'BackedEnum']);
        sort($direct);
        return $direct;
    }

    /** Those that the class itself declares, for others to use. */
    private function own(array $members): array
    {
        return array_values(array_filter(
            $members,
            fn (\Reflector $member) => $member->getDeclaringClass()->getName() === $this->class->getName()
                && !$member->isPrivate()
                && !($member instanceof \ReflectionClassConstant && $member->isEnumCase())
                && !($this->class->isEnum() && in_array($member->getName(), ['cases', 'from', 'tryFrom', 'name', 'value'], true)),
        ));
    }

    private function cases(): string
    {
        if (!$this->class->isEnum()) {
            return '';
        }
        $cases = '';
        foreach ((new \ReflectionEnum($this->class->getName()))->getCases() as $case) {
            $value = $case instanceof \ReflectionEnumBackedCase ? ' = ' . self::literal($case->getBackingValue()) : '';
            $cases .= "    case {$case->getName()}$value;\n";
        }
        return $cases;
    }

    private function constant(\ReflectionClassConstant $constant): string
    {
        $modifiers = implode(' ', \Reflection::getModifierNames($constant->getModifiers()));
        return "    $modifiers const {$constant->getName()} = " . self::literal($constant->getValue()) . ";\n";
    }

    private function property(\ReflectionProperty $property): string
    {
        $modifiers = implode(' ', \Reflection::getModifierNames($property->getModifiers()));
        $type = self::type($property->getType());
        $default = $property->hasDefaultValue() && !($property->getDefaultValue() === null && $type === '')
            ? ' = ' . self::literal($property->getDefaultValue())
            : '';
        return '    ' . $this->attributes($property) . "$modifiers " . ltrim("$type \${$property->getName()}") . "$default;\n";
    }

    private function method(\ReflectionMethod $method): string
    {
        $modifiers = $method->getModifiers() & ($this->class->isInterface() ? ~\ReflectionMethod::IS_ABSTRACT : ~0);
        $head = '    ' . $this->attributes($method) . implode(' ', \Reflection::getModifierNames($modifiers)) . ' function '
            . ($method->returnsReference() ? '&' : '') . $method->getName()
            . '(' . implode(', ', array_map($this->parameter(...), $method->getParameters())) . ')';
        $returns = self::type($method->getReturnType() ?? $method->getTentativeReturnType());
        $head .= $returns === '' ? '' : ": $returns";
        return $method->isAbstract() || $this->class->isInterface()
            ? "$head;\n"
            : "$head\n    {\n        throw new \\LogicException('Only the madelineproto extension can do this');\n    }\n";
    }

    private function parameter(\ReflectionParameter $parameter): string
    {
        $source = ltrim(self::type($parameter->getType()) . ' ' . ($parameter->isPassedByReference() ? '&' : '')
            . ($parameter->isVariadic() ? '...' : '') . '$' . $parameter->getName());
        if ($parameter->isOptional() && !$parameter->isVariadic()) {
            $source .= ' = ' . ($parameter->isDefaultValueConstant()
                ? '\\' . ltrim($parameter->getDefaultValueConstantName(), '\\')
                : self::literal($parameter->getDefaultValue()));
        }
        return $source;
    }

    private function attributes(\ReflectionClass|\ReflectionMethod|\ReflectionProperty $of): string
    {
        $source = '';
        foreach ($of->getAttributes() as $attribute) {
            $arguments = [];
            foreach ($attribute->getArguments() as $name => $value) {
                $arguments[] = (is_string($name) ? "$name: " : '') . self::literal($value);
            }
            $source .= '#[\\' . $attribute->getName() . ($arguments === [] ? '' : '(' . implode(', ', $arguments) . ')') . "]\n"
                . ($of instanceof \ReflectionClass ? '' : '    ');
        }
        return $source;
    }

    /** A type with class names as they are found from any namespace. */
    private static function type(?\ReflectionType $type): string
    {
        return match (true) {
            $type === null => '',
            $type instanceof \ReflectionUnionType => implode('|', array_map(self::type(...), $type->getTypes())),
            $type instanceof \ReflectionIntersectionType => implode('&', array_map(self::type(...), $type->getTypes())),
            $type->isBuiltin(), in_array($type->getName(), ['self', 'static', 'parent'], true) => (string) $type,
            default => ($type->allowsNull() ? '?' : '') . '\\' . $type->getName(),
        };
    }

    private static function literal(mixed $value): string
    {
        return match (true) {
            is_array($value) => '[' . implode(', ', array_map(
                static fn (mixed $key, mixed $item) => (array_is_list($value) ? '' : self::literal($key) . ' => ') . self::literal($item),
                array_keys($value),
                $value,
            )) . ']',
            $value === null => 'null',
            is_bool($value) => $value ? 'true' : 'false',
            $value instanceof \UnitEnum => '\\' . $value::class . "::$value->name",
            // Objects that are defaults have no arguments.
            is_object($value) => 'new \\' . $value::class . '()',
            default => var_export($value, true),
        };
    }
}
