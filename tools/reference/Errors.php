<?php
declare(strict_types=1);

namespace MadelineProto\Reference;

use danog\MadelineProto\RPCErrorException;
use MadelineProto\Stubs\Parameter;

/** The errors that a method is known to give. */
final class Errors
{
    private readonly array $known;

    public function __construct()
    {
        $this->known = require __DIR__ . '/errors.php';
    }

    /** The methods that the table names. @return list<string> */
    public function methods(): array
    {
        return array_keys($this->known['methods']);
    }

    /**
     * Code, name and meaning of each error, by code and name.
     *
     * @param list<Parameter> $parameters
     * @return list<array{int, string, string}>
     */
    public function of(string $method, array $parameters): array
    {
        $lists = [$this->known['methods'][$method] ?? ''];
        foreach ($parameters as $parameter) {
            // Behind the method's own errors, whose codes win.
            $type = preg_replace('/^[Vv]ector<(.+)>$/', '$1', $parameter->type);
            $lists[] = $this->known['types'][$type] ?? '';
            $lists[] = $this->known['names'][$parameter->name] ?? '';
        }
        $errors = [];
        foreach (preg_split('/\s*,\s*/', implode(',', array_filter($lists)), -1, PREG_SPLIT_NO_EMPTY) as $error) {
            [$code, $name] = explode(' ', $error);
            $errors[$name] ??= [(int) $code, $name, RPCErrorException::make($name, (int) $code, $method)->getLocalization()];
        }
        $errors = array_values($errors);
        usort($errors, static fn (array $one, array $other) => [$one[0] < 0, abs($one[0]), $one[1]] <=> [$other[0] < 0, abs($other[0]), $other[1]]);
        return $errors;
    }
}
