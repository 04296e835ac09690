<?php
// Reads the symbols of the extension (`nm --print-size`) and callgrind's traces (--demangle=no), and prints a linker script that
// puts the functions which ran into a section of their own.
//
// A name without its hash stands for all instances of a generic function. They come in together, unless the instances that did not
// run are more than what would be loaded around those that did where they lie now.

/** Bytes that the system loads around one that is wanted. */
const WINDOW = 64 << 10;

[, $symbols] = $argv;
$traces = array_slice($argv, 2);

$ran = [];
foreach ($traces as $trace) {
    $ran += ran($trace);
}
$sizes = $executed = $instances = [];
foreach (file($symbols, FILE_IGNORE_NEW_LINES) as $line) {
    if (!preg_match('/^[0-9a-f]+ ([0-9a-f]+) [tTwW] (\S+)$/', $line, $symbol)) {
        continue;
    }
    [, $size, $name] = $symbol;
    $pattern = pattern($name);
    $sizes[$pattern] = ($sizes[$pattern] ?? 0) + hexdec($size);
    if (isset($ran[$name])) {
        $executed[$pattern] = ($executed[$pattern] ?? 0) + hexdec($size);
        $instances[$pattern] = ($instances[$pattern] ?? 0) + 1;
    }
}
if ($executed === []) {
    fwrite(STDERR, "layout: none of the traced functions is one of the extension\n");
    exit(1);
}
$together = array_filter(
    array_keys($executed),
    fn (string $pattern): bool => $sizes[$pattern] - $executed[$pattern] <= $instances[$pattern] * WINDOW,
);
sort($together, SORT_STRING);

echo "/* Made by `make layout`: functions that run in every process lie together, so that it does not load those around them. */\n";
echo "SECTIONS\n{\n  .text.start :\n  {\n";
foreach ($together as $pattern) {
    echo "    *(.text.$pattern .text.unlikely.$pattern)\n";
}
echo "  }\n}\nINSERT BEFORE .text;\n";

/** The names of the functions that ran, as keys. A trace gives a name with its number once, then the number alone. */
function ran(string $trace): array
{
    $names = $ran = [];
    foreach (new SplFileObject($trace) as $line) {
        if (!preg_match('/^(c?)fn=\((\d+)\)(?: (.*))?$/', rtrim($line, "\n"), $entry)) {
            continue;
        }
        [, $called, $number] = $entry;
        $names[$number] = $entry[3] ?? $names[$number];
        if ($called === '') {
            // Recursive calls are numbered.
            $ran[preg_replace("/'\d+$/", '', $names[$number])] = true;
        }
    }
    return $ran;
}

/** Hashes of Rust's names, which differ between builds, as wildcards. */
function pattern(string $name): string
{
    return preg_replace(['/17h[0-9a-f]{16}E.*$/', '/Cs[0-9a-zA-Z]+_/', '/\.llvm\.\d+$/'], ['17h*', 'Cs*_', '*'], $name);
}
