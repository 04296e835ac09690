<?php
declare(strict_types=1);

namespace MadelineProto\Reference;

use MadelineProto\Stubs\Parameter;

/** The pages of the reference. */
final class Page
{
    private const CALLERS = ['both' => 'users and bots', 'users' => 'users only', 'bots' => 'bots only'];

    /**
     * @param array<string, string> $callers      who may call a method: a key of CALLERS
     * @param array<string, string> $descriptions
     * @param array<string, string> $replaced     methods that scripts may not call, and what to use instead
     */
    public function __construct(
        private readonly Examples $examples,
        private readonly Errors $errors,
        private readonly array $callers,
        private readonly array $descriptions,
        private readonly array $replaced,
    ) {
    }

    /** Who may call which method, by the table. @return array<string, string> */
    public static function callers(): array
    {
        $callers = [];
        foreach (require __DIR__ . '/callers.php' as $who => $namespaces) {
            foreach ($namespaces as $namespace => $names) {
                foreach (preg_split('/\s+/', $names) as $name) {
                    $callers["$namespace.$name"] = $who;
                }
            }
        }
        return $callers;
    }

    /** The methods that the session keeps to itself, as the extension's own list has them. @return array<string, string> */
    public static function replaced(string $root): array
    {
        preg_match_all('/\(\s*"([\w.]+)",\s*"([^"]+)",?\s*\)/', file_get_contents("$root/src/call/blacklist.rs"), $pairs);
        return array_combine($pairs[1], $pairs[2]);
    }

    /** Methods that a table names and the schema does not have. @return list<string> */
    public function unknown(array $methods): array
    {
        $named = array_keys($this->callers + $this->descriptions + $this->replaced + array_flip($this->errors->methods()));
        return array_map(
            static fn (string $name) => "tools/reference/ names $name, which the schema does not have",
            array_values(array_diff($named, array_keys($methods))),
        );
    }

    /** @param array<string, array<string, array>> $namespaces */
    public function index(array $namespaces): string
    {
        $total = array_sum(array_map(count(...), $namespaces));
        $text = "# Methods of Telegram's API\n\n"
            . "All $total methods of the schema that the extension was built from. A method is called on the property of its namespace,\n"
            . "with all arguments in one array or by their names:\n\n"
            . "```php\n\$api = new \\danog\\MadelineProto\\API('session.madeline');\n\$api->start();\n"
            . "\$result = \$api->messages->sendMessage(['peer' => '@username', 'message' => 'Hello!']);\n"
            . "\$result = \$api->messages->sendMessage(peer: '@username', message: 'Hello!');\n```\n\n"
            . "- Peers are given as an id, an @username, a link, `'me'`, or any array that names one.\n"
            . "- What is not required may be left out. Most required numbers and texts have a default, too: 0 and the empty text.\n"
            . "- `random_id` is filled in. `parse_mode` (`HTML`, `Markdown`) formats a `message`.\n"
            . "- Every method can end with `420 FLOOD_WAIT_X` and with the errors of the login, such as `401 AUTH_KEY_UNREGISTERED` and\n"
            . "  `406 AUTH_KEY_DUPLICATED`; the tables name what else is known.\n";
        foreach ($namespaces as $namespace => $methods) {
            ksort($methods);
            $links = array_map(fn (string $name) => "[$name]($namespace.md#" . self::anchor("$namespace.$name") . ')', array_keys($methods));
            $text .= "\n## [$namespace]($namespace.md)\n\n" . implode(" ·\n", $links) . "\n";
        }
        return $text;
    }

    /** @param array<string, array{list<Parameter>, string}> $methods */
    public function source(string $namespace, array $methods): string
    {
        $text = "# Methods: $namespace\n\n[All namespaces](index.md)\n";
        foreach ($methods as $name => [$parameters, $type]) {
            $text .= "\n" . $this->method("$namespace.$name", $parameters, $type);
        }
        return $text;
    }

    /** @param list<Parameter> $parameters */
    private function method(string $method, array $parameters, string $type): string
    {
        $parameters = array_values(array_filter($parameters, static fn (Parameter $parameter) => $parameter->type !== '#'));
        $text = "## $method\n\n";
        if (isset($this->descriptions[$method])) {
            $text .= $this->descriptions[$method] . "\n\n";
        }
        if (isset($this->replaced[$method])) {
            $text .= "**Not called directly**, as the session's own state hangs on it. Use {$this->replaced[$method]}.\n\n";
        }
        if ($parameters !== []) {
            $text .= "| Name | Type | Required |\n|---|---|---|\n";
            foreach ($parameters as $parameter) {
                $required = $parameter->optional ? 'optional' : ($parameter->name === 'random_id' ? 'filled in' : 'yes');
                $text .= '| `' . $parameter->name . '` | ' . self::type($parameter->type) . " | $required |\n";
            }
            $text .= "\n";
        }
        $text .= 'Returns: `' . $type . "`\n\n";
        if (isset($this->callers[$method])) {
            $text .= 'Who may call it: ' . self::CALLERS[$this->callers[$method]] . "\n\n";
        }
        if (!isset($this->replaced[$method])) {
            $text .= "```php\n" . $this->examples->php($method, $parameters) . "\n```\n\n"
                . "```lua\n" . $this->examples->lua($method, $parameters) . "\n```\n";
        }
        $errors = $this->errors->of($method, $parameters);
        if ($errors !== []) {
            $text .= "\n| Code | Error | Meaning |\n|---|---|---|\n";
            foreach ($errors as [$code, $name, $meaning]) {
                $text .= "| $code | $name | $meaning |\n";
            }
        }
        return rtrim($text) . "\n";
    }

    /** A type as scripts may give it. */
    private static function type(string $type): string
    {
        return match ($type) {
            'InputPeer', 'InputUser', 'InputChannel', 'InputDialogPeer' => "`$type`, id, username or link",
            'InputMessage' => "`$type` or id",
            'InputCheckPasswordSRP' => "`$type` or the password",
            'true' => '`Bool`',
            default => "`$type`",
        };
    }

    /** The anchor that renderers of Markdown give a heading. */
    private static function anchor(string $heading): string
    {
        return strtolower(str_replace('.', '', $heading));
    }
}
