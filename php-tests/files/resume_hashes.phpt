--TEST--
What is there of a file is compared with Telegram's hashes before a download goes on
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

const PIECE = 128 << 10;

$sandbox = Sandbox::start(function (array &$world) {
    $world['files'] = ['film.bin' => ['size' => 3_000_000, 'seed' => 9], 'other.bin' => ['size' => 1_500_000, 'seed' => 10]];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'film.bin'];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'other.bin'];
}, '--control 0');
$api = $sandbox->user();
[$other, $film] = $api->messages->getHistory(peer: '@bob_b', limit: 2)['messages'];
$whole = file_get_contents($api->downloadToFile($film, $sandbox->path('film')));
var_dump(hash('sha256', $whole) === $sandbox->ask(['do' => 'file', 'name' => 'film.bin'])['sha256']);

$path = $sandbox->path('resumed');
/** Downloads over what is there; whether it is the film then, how many requests it took, and the first percentage. */
function resume(string $there): void
{
    global $api, $sandbox, $film, $path, $whole;
    file_put_contents($path, $there);
    $percent = [];
    $parts = $sandbox->ask(['do' => 'executions', 'method' => 'upload.getFile'])['count'];
    $api->downloadToFile($film, $path, function (float $now) use (&$percent) {
        $percent[] = round($now);
    });
    $parts = $sandbox->ask(['do' => 'executions', 'method' => 'upload.getFile'])['count'] - $parts;
    printf("%s, %d parts, from %d%%, %s\n", file_get_contents($path) === $whole ? 'the film' : 'something else', $parts, $percent[0],
        $percent === array_unique($percent) && end($percent) === 100.0 ? 'to the end' : implode(' ', $percent));
}
function damaged(string $bytes, int ...$offsets): string
{
    foreach ($offsets as $offset) {
        $bytes[$offset] = $bytes[$offset] ^ "\1";
    }
    return $bytes;
}

echo "The beginning:\n";
resume(substr($whole, 0, 2_900_000));
echo "All of it:\n";
resume($whole);
echo "A byte is another:\n";
resume(damaged($whole, 700_000));
echo "Some are:\n";
resume(damaged(substr($whole, 0, 2_900_000), 5, PIECE, 1_500_000, 2_899_999));
echo "Of another file:\n";
resume(file_get_contents($api->downloadToFile($other, $sandbox->path('other'))));
echo "Something as long:\n";
resume(str_repeat('x', 3_000_000));
echo "Nothing:\n";
resume('');

echo "In a directory, too:\n";
$name = basename($api->downloadToDir($film, $sandbox->directory));
file_put_contents($sandbox->path($name), damaged($whole, 2_999_999));
$api->downloadToDir($film, $sandbox->directory);
var_dump(file_get_contents($sandbox->path($name)) === $whole);

echo "Where the hashes are wrong, what comes over the connection counts:\n";
$fault = $sandbox->ask(['do' => 'falsify', 'on' => ['method' => 'upload.getFileHashes', 'times' => 0]])['id'];
resume($whole);
$sandbox->ask(['do' => 'clear', 'id' => $fault]);

echo "Where there are none, what is there is believed:\n";
$fault = $sandbox->ask(['do' => 'rpc_error', 'code' => 400, 'text' => 'LOCATION_INVALID', 'on' => ['method' => 'upload.getFileHashes', 'times' => 0]])['id'];
resume(substr($whole, 0, 2_900_000));
resume(damaged($whole, 5));
$sandbox->ask(['do' => 'clear', 'id' => $fault]);

echo "Their file reference is renewed:\n";
$sandbox->ask(['do' => 'expire_references']);
resume(damaged(substr($whole, 0, 2_900_000), 5));
?>
--EXPECT--
bool(true)
The beginning:
the film, 1 parts, from 100%, to the end
All of it:
the film, 0 parts, from 100%, to the end
A byte is another:
the film, 1 parts, from 100%, to the end
Some are:
the film, 3 parts, from 92%, to the end
Of another file:
the film, 6 parts, from 17%, to the end
Something as long:
the film, 6 parts, from 17%, to the end
Nothing:
the film, 6 parts, from 17%, to the end
In a directory, too:
bool(true)
Where the hashes are wrong, what comes over the connection counts:
the film, 6 parts, from 17%, to the end
Where there are none, what is there is believed:
the film, 1 parts, from 100%, to the end
something else, 0 parts, from 100%, to the end
Their file reference is renewed:
the film, 2 parts, from 96%, to the end
