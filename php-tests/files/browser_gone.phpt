--TEST--
Where a browser goes away, or a script dies, in the middle of a download, other processes can have the session
--FILE--
<?php
require __DIR__ . '/../support/web.inc';

const PROCESSES = 4;
$sandbox = Sandbox::start(function (array &$world) {
    $world['files'] = ['film.mp4' => ['size' => 30_000_000, 'seed' => 3, 'mime' => 'video/mp4']];
    $world['messages'][] = ['in' => ['alice', 'bob'], 'from' => 'bob', 'file' => 'film.mp4'];
}, '--control 0');
$api = $sandbox->user();
$message = $api->messages->getHistory(peer: '@bob_b', limit: 1)['messages'][0];
file_put_contents($sandbox->path('media'), serialize($message['media']));
unset($api);
gc_collect_cycles();
mkdir($sandbox->path('web'));
file_put_contents($sandbox->path('web/index.php'), <<<'PHP'
    <?php
    register_shutdown_function(fn () => file_put_contents('../ended', "shut down\n", FILE_APPEND));
    try {
        $api = new danog\MadelineProto\API('../user.madeline');
        $media = unserialize(file_get_contents('../media'));
        switch ($_GET['do']) {
            case 'show':
                $api->downloadToBrowser($media);
                file_put_contents('../ended', "went on\n", FILE_APPEND);
                break;
            case 'ignore':
                ignore_user_abort(true);
                $api->downloadToBrowser($media);
                file_put_contents('../ended', 'went on, ' . (ignore_user_abort() ? 'ignoring' : 'not ignoring') . "\n", FILE_APPEND);
                break;
            case 'die':
                $api->downloadToCallable($media, fn () => trigger_error('fatal', E_USER_ERROR));
                break;
            case 'name':
                echo $api->getSelf()['first_name'], "\n";
                flush();
                while (is_file('../hold')) {
                    clearstatcache();
                    usleep(1000);
                }
        }
    } catch (Throwable $e) {
        echo $e::class, ': ', $e->getMessage();
    }
    PHP);
$address = free_address();
$log = ['file', $sandbox->path('log'), 'a'];
$server = proc_open(
    [...Sandbox::command($sandbox->ini()), '-S', $address, '-t', $sandbox->path('web')],
    [1 => $log, 2 => $log],
    $pipes,
    $sandbox->path('web'),
    ['PHP_CLI_SERVER_WORKERS' => PROCESSES] + getenv(),
);
register_shutdown_function(fn () => end_server($server));
while (!@fsockopen("tcp://$address")) {
    usleep(10_000);
}
$ask = fn (string $do) => file_get_contents("http://$address/?do=$do", false, stream_context_create(['http' => ['ignore_errors' => true]]));
$ended = fn () => array_count_values(@file($sandbox->path('ended'), FILE_IGNORE_NEW_LINES) ?: []);
$asked = 0;
foreach (['show', 'ignore', 'die'] as $do) {
    if ($do === 'die') {
        echo preg_match('~Fatal error: +fatal~', $ask($do)), "\n";
    } else {
        $socket = fsockopen("tcp://$address");
        fwrite($socket, "GET /?do=$do HTTP/1.1\r\nHost: localhost\r\n\r\n");
        echo trim(fgets($socket)), "\n";
        fclose($socket);
    }
    // It has noticed that the browser is gone.
    for ($try = 0; $try < 3000 && ($ended()['shut down'] ?? 0) <= $asked; $try++) {
        usleep(10_000);
    }
    // One after the other, and each holds its process: all of them have the session in the end.
    touch($sandbox->path('hold'));
    [$asking, $names] = [[], []];
    for ($process = 0; $process < PROCESSES; $process++) {
        $asking[] = $socket = fsockopen("tcp://$address");
        stream_set_timeout($socket, 60);
        fwrite($socket, "GET /?do=name HTTP/1.1\r\nHost: localhost\r\n\r\n");
        while (trim(fgets($socket)) !== '') {
            continue;
        }
        $names[] = trim(fgets($socket));
    }
    unlink($sandbox->path('hold'));
    array_map(stream_get_contents(...), $asking);
    $asked += 1 + PROCESSES;
    echo "$do: ", implode(' ', $names), "\n";
}
$ended = $ended();
var_dump(isset($ended['went on']), $ended['went on, ignoring'], $ended['shut down']);
?>
--EXPECT--
HTTP/1.1 200 OK
show: Alice Alice Alice Alice
HTTP/1.1 200 OK
ignore: Alice Alice Alice Alice
1
die: Alice Alice Alice Alice
bool(false)
int(1)
int(15)
