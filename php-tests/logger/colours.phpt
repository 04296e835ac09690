--TEST--
Lines are coloured in a terminal, and nowhere else
--SKIPIF--
<?php
if (!@proc_open(['true'], [1 => ['pty']], $pipes)) {
    die('skip no pseudo terminals here');
}
?>
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

const SCRIPT = <<<'PHP'
    <?php
    use danog\MadelineProto\Logger;

    Logger::log('without a default logger');
    Logger::constructor(Logger::ECHO_LOGGER, null, '', Logger::ULTRA_VERBOSE);
    foreach (range(Logger::ULTRA_VERBOSE, Logger::FATAL_ERROR) as $level) {
        Logger::log("level $level", $level);
    }
    ob_start();
    Logger::log('into a buffer');
    echo json_encode(trim(ob_get_clean())), "\n";
    Logger::constructor(Logger::DEFAULT_LOGGER);
    Logger::log('to the error log');
    PHP;

/** What a script prints, in a terminal or not. */
function run(string $file, array $output, array $environment = []): string
{
    $process = proc_open(
        [...Sandbox::command(['error_log' => '']), $file],
        [['pipe', 'r'], $output, $output],
        $pipes,
        null,
        $environment + getenv(),
    );
    $text = '';
    // Reading from a terminal whose other end is closed is an error.
    while (($part = @fread($pipes[1], 8192)) !== false && $part !== '') {
        $text .= $part;
    }
    if ($output === ['pipe', 'w']) {
        $text .= stream_get_contents($pipes[2]);
    }
    proc_close($process);
    return preg_replace('/^(\x1b\S+)?\[.*?\] /m', '$1', str_replace(["\x1b", "\r"], ['ESC', ''], $text));
}

mkdir($directory = sys_get_temp_dir() . '/madelineproto-colours-' . bin2hex(random_bytes(6)));
$file = "$directory/lines.php";
file_put_contents($file, SCRIPT);
echo run($file, ['pty']), "\n", run($file, ['pipe', 'w']), "\n", run($file, ['pty'], ['NO_COLOR' => '1']);
unlink($file);
rmdir($directory);
?>
--EXPECT--
ESC[33mlines:          	without a default loggerESC[0m
ESC[2mlines:          	level 5ESC[0m
ESC[32mlines:          	level 4ESC[0m
ESC[33mlines:          	level 3ESC[0m
ESC[35mlines:          	level 2ESC[0m
ESC[31mlines:          	level 1ESC[0m
ESC[1;31mlines:          	level 0ESC[0m
"lines:          \tinto a buffer"
ESC[33mlines:          	to the error logESC[0m

lines:          	without a default logger
lines:          	level 5
lines:          	level 4
lines:          	level 3
lines:          	level 2
lines:          	level 1
lines:          	level 0
"lines:          \tinto a buffer"
lines:          	to the error log

lines:          	without a default logger
lines:          	level 5
lines:          	level 4
lines:          	level 3
lines:          	level 2
lines:          	level 1
lines:          	level 0
"lines:          \tinto a buffer"
lines:          	to the error log
