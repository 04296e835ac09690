<?php
/**
 * Fuzzes the way from PHP arrays to TL bytes, in this process: random arguments for every method and random values for every
 * type of the schema; and the way from such values to typed objects. Run with the extension loaded:
 *
 *     php -d extension=… fuzz/php/arguments.php [SECONDS=600] [SEED] [COUNT]
 *
 * Each attempt has a seed of its own: what an attempt with seed S did is done again by `arguments.php 0 S 1`. The last seed
 * stands in target/fuzz-arguments.seed, for crashes that leave no message. Fails on exceptions that no bad argument may
 * cause, and on memory that grows. What was written of a value is read and written again; where that differs (bits of flags
 * that the schema does not know, ids that come back in bot-API form) it is counted, but no failure. Damaged bytes are read as
 * well, as a server could send them.
 */

declare(strict_types=1);

namespace MadelineProto\Fuzz;

use danog\MadelineProto\{EventHandler, Tools};
use MadelineProto\Stubs\Schema;

const ROOT = __DIR__ . '/../..';
require ROOT . '/tools/stubs/Schema.php';
require __DIR__ . '/Values.php';

/** What bad arguments may cause. */
const EXPECTED = [
    \danog\MadelineProto\Exception::class, \danog\MadelineProto\PeerNotInDbException::class, \danog\MadelineProto\TL\Exception::class,
    \danog\MadelineProto\TL\Conversion\Exception::class, \InvalidArgumentException::class, \AssertionError::class, \TypeError::class,
    \JsonException::class, OnPurpose::class,
];
/** Attempts between looks at the memory; those before the first warm up. */
const INTERVAL = 20_000;
/** Megabytes that the process may grow by after that: allocators keep some of what they once had. */
const GROWTH = 24;

$seconds = (int) ($argv[1] ?? 600);
$seed = (int) ($argv[2] ?? random_int(0, PHP_INT_MAX >> 8));
$count = (int) ($argv[3] ?? PHP_INT_MAX);
$verbose = $count === 1;
ini_set('memory_limit', '1G');
if (!extension_loaded('madelineproto')) {
    fwrite(STDERR, "fuzz: the extension is not loaded\n");
    exit(1);
}
$schema = Schema::ofExtension(ROOT);
$values = new Values($schema);
$methods = array_keys($schema->methods);
$types = array_keys($schema->types);
@mkdir(ROOT . '/target');
$factories = factories();
$note = fopen(ROOT . '/target/fuzz-arguments.seed', 'w');
echo "seed $seed\n";

function resident(): float
{
    return (int) explode(' ', file_get_contents('/proc/self/statm'))[1] * 4096 / 1048576;
}

/** What makes objects of values: the type of these, and how. */
function factories(): array
{
    $directory = sys_get_temp_dir() . '/madelineproto-fuzz-' . bin2hex(random_bytes(6));
    mkdir($directory, 0700);
    register_shutdown_function(fn () => array_map(unlink(...), glob("$directory/*/*")) && array_map(rmdir(...), [...glob("$directory/*"), $directory]));
    // Nobody listens there; nothing is asked of it either.
    foreach (['api_id' => '1', 'api_hash' => str_repeat('0', 32), 'dc_list' => '2=127.0.0.1:9'] as $name => $value) {
        ini_set("madelineproto.$name", $value);
    }
    $api = new \danog\MadelineProto\API("$directory/session.madeline");
    return [
        ['Message', $api->wrapMessage(...)], ['Message', $api->wrapMessage(...)], ['MessageMedia', $api->wrapMedia(...)],
        ['Update', $api->wrapUpdate(...)],
        ['Document', $api->wrapMedia(...)], ['Photo', $api->wrapMedia(...)], ['MessageMedia', EventHandler\AbstractPoll::fromRawPoll(...)],
        ['ReplyMarkup', EventHandler\Keyboard::fromRawReplyMarkup(...)], ['SendMessageAction', EventHandler\Action::fromRawAction(...)],
        ['ChannelParticipant', EventHandler\Participant::fromRawParticipant(...)],
        ['MessageEntity', EventHandler\Message\Entities\MessageEntity::fromRawEntity(...)],
        ['GeoPoint', fn (array $point) => new EventHandler\Media\GeoPoint($point)],
    ];
}

/** What objects that were made can do without a connection. */
function used(?object $object): string
{
    if ($object === null) {
        return 'no object';
    }
    try {
        $again = @unserialize(serialize($object)) ?: $object;
    } catch (\Exception) {
        // It holds what cannot be serialized.
        $again = $object;
    }
    json_encode($again, JSON_PARTIAL_OUTPUT_ON_ERROR);
    foreach (['getHTML', 'getQuestionHTML', 'getSolutionHTML', 'toRawAction', 'toMTProto', 'toBotAPI', 'getDownloadInfo'] as $method) {
        if (method_exists($again, $method)) {
            $again->$method();
        }
    }
    return 'an object';
}

function fail(int $seed, string $what): never
{
    Circles::break();
    fwrite(STDERR, "fuzz: seed $seed: $what\n");
    exit(1);
}

$outcomes = [];
$first = null;
$end = hrtime(true) + $seconds * 1_000_000_000;
for ($attempt = 0; $attempt < $count && ($count !== PHP_INT_MAX || hrtime(true) < $end); ++$attempt, ++$seed) {
    if ($attempt % INTERVAL === INTERVAL - 1) {
        gc_collect_cycles();
        $now = [memory_get_usage() / 1048576, resident()];
        $first ??= $now;
        if ($now[0] - $first[0] > 1 || $now[1] - $first[1] > GROWTH) {
            fail($seed, sprintf('memory grew: PHP %.1f to %.1f MB, resident %.1f to %.1f MB', $first[0], $now[0], $first[1], $now[1]));
        }
    }
    fseek($note, 0);
    fwrite($note, str_pad((string) $seed, 20));
    $values->seed($seed);
    if ($values->below(4) === 0) {
        [$what, $factory] = $values->one($factories);
        $given = $values->of($what);
        if ($verbose) {
            echo $what, ' to an object ';
            var_dump($given);
        }
        try {
            $outcome = used(@$factory($given));
        } catch (\Throwable $e) {
            if (!in_array($e::class, [\Error::class, ...EXPECTED], true) || str_contains($e->getMessage(), 'Rust panic')) {
                fail($seed, "$what to an object: " . $e::class . ': ' . $e->getMessage());
            }
            $outcome = 'no object: ' . $e::class;
            if ($verbose) {
                echo $e, "\n";
            }
            unset($e);
        }
        $outcomes[$outcome] = ($outcomes[$outcome] ?? 0) + 1;
        $given = null;
        Circles::break();
        continue;
    }
    $what = $values->below(3) === 0 ? $values->one($types) : $values->one($methods);
    $isMethod = isset($schema->methods[$what]);
    $given = $isMethod ? $values->arguments($schema->methods[$what][0]) : $values->of($what);
    if ($verbose) {
        echo $what, ' ';
        var_dump($given);
    }
    try {
        $bytes = $isMethod ? Tools::tlSerializeMethod($what, $given) : Tools::tlSerialize($what, $given);
        $outcome = 'written';
        if (!$isMethod) {
            $again = Tools::tlSerialize($what, Tools::tlDeserialize($bytes, $what));
            $outcome = $again === $bytes ? 'written, read and written' : 'written otherwise after reading';
            Tools::tlDeserialize($values->damaged($bytes), $what);
        }
    } catch (\Throwable $e) {
        if (!in_array($e::class, EXPECTED, true) || str_contains($e->getMessage(), 'Rust panic')) {
            fail($seed, "$what: " . $e::class . ': ' . $e->getMessage());
        }
        $outcome = $e::class;
        if ($verbose) {
            echo $e, "\n";
        }
        unset($e);
    }
    $outcomes[$outcome] = ($outcomes[$outcome] ?? 0) + 1;
    $given = $bytes = $again = null;
    Circles::break();
}
arsort($outcomes);
echo "$attempt attempts, PHP ", round(memory_get_usage() / 1048576, 1), ' MB, resident ', round(resident(), 1), " MB\n";
foreach ($outcomes as $outcome => $times) {
    printf("%9d %s\n", $times, $outcome);
}
