<?php
declare(strict_types=1);

namespace MadelineProto\Reference;

/** Whether the examples of a page parse: PHP by PHP's own parser, Lua by the part of its grammar that calls use. */
final class Syntax
{
    private const SPACE = '[ \n]*';
    private const LUA = '/\G' . self::SPACE . "(?:(?<name>[A-Za-z_]\w*)|(?<string>'(?:[^'\\\\\\n]|\\\\.)*')|(?<number>-?\d+(?:\.\d+)?)|(?<sign>[{}()=,.]))/u";

    /** @var list<array{string, string}> kind and text of each token */
    private array $tokens = [];
    private int $position = 0;

    /** @return list<string> what is wrong with the examples of a page */
    public static function mistakes(string $page): array
    {
        $mistakes = [];
        foreach (self::examples($page, 'php') as $example) {
            try {
                // Parsed as a whole, and left before the first statement.
                eval("return;\n$example");
            } catch (\ParseError $error) {
                $mistakes[] = "this PHP does not parse ({$error->getMessage()}): $example";
            }
        }
        foreach (self::examples($page, 'lua') as $example) {
            try {
                self::checkLua($example);
            } catch (\ParseError $error) {
                $mistakes[] = "this Lua does not parse ({$error->getMessage()}): $example";
            }
        }
        return $mistakes;
    }

    /** The examples of a language in a page. @return list<string> */
    public static function examples(string $page, string $language): array
    {
        preg_match_all("/^```$language\n(.*?)\n```$/ms", $page, $blocks);
        return $blocks[1];
    }

    /** Reads `name = name.name({…})`, one or more times. */
    public static function checkLua(string $source): void
    {
        $syntax = new self();
        $offset = 0;
        while (trim(substr($source, $offset)) !== '') {
            if (preg_match(self::LUA, $source, $token, PREG_UNMATCHED_AS_NULL, $offset) !== 1) {
                throw new \ParseError("nothing of Lua's at byte $offset");
            }
            $offset += strlen($token[0]);
            $kind = array_key_first(array_filter(array_filter($token, is_string(...), ARRAY_FILTER_USE_KEY), is_string(...)));
            $syntax->tokens[] = [$kind === 'sign' ? $token[$kind] : $kind, $token[$kind]];
        }
        do {
            $syntax->expect('name');
            $syntax->expect('=');
            $syntax->expect('name');
            while ($syntax->accept('.')) {
                $syntax->expect('name');
            }
            $syntax->expect('(');
            $syntax->table();
            $syntax->expect(')');
        } while ($syntax->position < count($syntax->tokens));
    }

    private function table(): void
    {
        $this->expect('{');
        while (!$this->accept('}')) {
            if ($this->next() === 'name' && ($this->tokens[$this->position + 1][0] ?? '') === '=') {
                $this->position += 2;
            }
            $this->value();
            if (!$this->accept(',')) {
                $this->expect('}');
                return;
            }
        }
    }

    private function value(): void
    {
        if ($this->next() === '{') {
            $this->table();
            return;
        }
        if (!$this->accept('string') && !$this->accept('number')) {
            $word = $this->tokens[$this->position][1] ?? '';
            if (!in_array($word, ['true', 'false', 'nil'], true)) {
                throw new \ParseError("a value is expected, found '$word'");
            }
            ++$this->position;
        }
    }

    private function next(): string
    {
        return $this->tokens[$this->position][0] ?? 'the end';
    }

    private function accept(string $kind): bool
    {
        $found = $this->next() === $kind;
        $this->position += (int) $found;
        return $found;
    }

    private function expect(string $kind): void
    {
        $this->accept($kind) || throw new \ParseError("expected $kind, found {$this->next()}");
    }
}
