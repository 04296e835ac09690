--TEST--
On a disk that is full a download says so; what is there is gone on with when there is room
--SKIPIF--
<?php
exec('unshare -rm sh -c "mount -t tmpfs none /mnt" 2>&1', $output, $status);
if ($status !== 0) {
    die('skip no disk of its own can be mounted');
}
?>
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(function (array &$world) {
    $world['files'] = ['film.bin' => ['size' => 3_000_000, 'seed' => 5]];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'film.bin'];
}, '--control 0');
$api = $sandbox->user();
$message = $api->messages->getHistory(peer: '@bob_b', limit: 1)['messages'][0];
file_put_contents($sandbox->path('message'), serialize($message['media']));
unset($api);
gc_collect_cycles();
mkdir($disk = $sandbox->path('disk'));
file_put_contents($sandbox->path('script.php'), <<<'PHP'
    <?php
    require getenv('SUPPORT');
    $api = new danog\MadelineProto\API('user.madeline');
    $media = unserialize(file_get_contents('message'));
    thrown(fn () => $api->downloadToFile($media, 'disk/film'));
    echo filesize('disk/film') > 500_000 ? 'a beginning' : 'nothing', ' is left: ', implode(' ', array_diff(scandir('disk'), ['.', '..'])), "\n";
    thrown(fn () => $api->downloadToFile($media, 'disk/film'));
    thrown(fn () => $api->downloadToDir($media, 'disk'));
    $stream = fopen('disk/stream', 'w');
    thrown(fn () => @$api->downloadToStream($media, $stream));
    fclose($stream);
    echo implode(' ', array_diff(scandir('disk'), ['.', '..'])), "\n";
    exec('mount -o remount,size=16m disk');
    echo hash_file('sha256', $api->downloadToFile($media, 'disk/film')), "\n";
    PHP);
$process = proc_open(
    ['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m none disk && exec "$@"', 'sh', ...Sandbox::command($sandbox->ini()), 'script.php'],
    [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
    $pipes,
    $sandbox->directory,
    ['SUPPORT' => dirname(__DIR__) . '/support/sandbox.inc'] + getenv(),
);
echo str_replace(
    [$sandbox->directory, $sandbox->ask(['do' => 'file', 'name' => 'film.bin'])['sha256'], (string) $message['media']['document']['id']],
    ['DIR', 'SHA256', 'ID'],
    stream_get_contents($pipes[1]),
);
?>
--EXPECT--
danog\MadelineProto\Exception: cannot write DIR/disk/film: No space left on device (os error 28)
a beginning is left: film
danog\MadelineProto\Exception: cannot write DIR/disk/film: No space left on device (os error 28)
danog\MadelineProto\Exception: cannot write DIR/disk/film_ID.bin: No space left on device (os error 28)
danog\MadelineProto\Exception: the stream takes no more bytes
film stream
SHA256
