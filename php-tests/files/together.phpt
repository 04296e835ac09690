--TEST--
Several transfers at once, in fibers; a cancellation and a signal handler that throws end one
--SKIPIF--
<?php
if (!extension_loaded('pcntl') && !is_file(ini_get('extension_dir') . '/pcntl.so')) {
    die('skip without pcntl');
}
?>
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Tools;

$sandbox = Sandbox::start(function (array &$world) {
    $world['files'] = ['film.bin' => ['size' => 6_000_000, 'seed' => 5]];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'film.bin'];
}, '--control 0');
$api = $sandbox->user();
$message = $api->messages->getHistory(peer: '@bob_b', limit: 1)['messages'][0];
$sha256 = $sandbox->ask(['do' => 'file', 'name' => 'film.bin'])['sha256'];

$forked = [];
foreach (range(1, 3) as $number) {
    $forked[] = Tools::callFork(function () use ($api, $message, $sandbox, $number) {
        $path = $api->downloadToFile($message, $sandbox->path("film-$number"));
        return [hash_file('sha256', $path), $api->upload($path)['parts']];
    });
}
// The same file, from two fibers: one waits for the other's lock.
foreach (range(1, 2) as $number) {
    $forked[] = Tools::callFork(fn () => [hash_file('sha256', $api->downloadToFile($message, $sandbox->path('shared'))), 12]);
}
foreach (Tools::wait(Tools::all($forked)) as $result) {
    var_dump($result === [$sha256, 12]);
}

echo "Cancelled:\n";
final class Cancelled extends Exception
{
}
$cancellation = new class {
    public int $asked = 0;

    public function throwIfRequested(): void
    {
        if ($this->asked++ > 2) {
            throw new Cancelled('enough');
        }
    }
};
$sandbox->ask(['do' => 'delay_answer', 'ms' => 60_000, 'on' => ['method' => 'upload.getFile', 'times' => 0]]);
thrown(fn () => $api->downloadToFile($message, $sandbox->path('cancelled'), null, $cancellation));
var_dump(file_exists($sandbox->path('cancelled')), file_exists($sandbox->path('cancelled.lock')));

echo "Interrupted:\n";
pcntl_async_signals(true);
pcntl_signal(SIGALRM, fn () => throw new DomainException('the alarm'));
pcntl_alarm(1);
thrown(fn () => $api->downloadToFile($message, $sandbox->path('interrupted')));
var_dump(file_exists($sandbox->path('interrupted')));
echo $api->getSelf()['first_name'], "\n";
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
Cancelled:
Cancelled: enough
bool(false)
bool(false)
Interrupted:
DomainException: the alarm
bool(false)
Alice
