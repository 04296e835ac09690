<?php
// Reads the symbols of the extension (`nm --print-size`) and callgrind's traces (--demangle=no), and prints a linker script that
// puts the functions which ran into a section of their own.

/** What the processor runs in every process and valgrind's, which has no instructions for SHA, does not. */
const UNTRACED = '/6unseal3x86|6shani|7x86_sha/';

[, $symbols] = $argv;
$traces = array_slice($argv, 2);

$ran = [];
foreach ($traces as $trace) {
    $ran += ran($trace);
}
// Functions with the same code have one address; the trace has one of their names.
$names = [];
foreach (file($symbols, FILE_IGNORE_NEW_LINES) as $line) {
    if (preg_match('/^([0-9a-f]+) [0-9a-f]+ [tTwW] (\S+)$/', $line, $symbol)) {
        $names[$symbol[1]][] = $symbol[2];
    }
}
$together = [];
foreach ($names as $of_one) {
    if (array_filter($of_one, fn (string $name): bool => isset($ran[$name]) || preg_match(UNTRACED, $name) === 1)) {
        array_push($together, ...array_map(pattern(...), $of_one));
    }
}
if ($together === []) {
    fwrite(STDERR, "layout: none of the traced functions is one of the extension\n");
    exit(1);
}
$together = array_unique($together);
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

/** A name with wildcards where it differs between builds: the hashes of crates, and the numbers of what has the same name. */
function pattern(string $name): string
{
    return preg_replace(['/Cs[0-9a-zA-Z]+_/', '/(\.llvm)?\.\d+$/'], ['Cs*_', '*'], $name);
}
