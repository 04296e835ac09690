--TEST--
A session that release 8 of MadelineProto has left is opened like any other, and its files stay as they are
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start();
[$dc, $key] = $sandbox->user()->exportAuthorization();
/** What is in MadelineProto's files. */
$files = fn (string $name): array => array_map(
    fn ($file) => basename($file) === 'lock' ? '' : hash_file('sha256', $file) . filemtime($file),
    glob($sandbox->path($name) . '/{safe,lightState}.php*', GLOB_BRACE),
);
$leave = function (string $name, array $options) use ($sandbox): void {
    $command = [PHP_BINARY, '-n', __DIR__ . '/../support/madeline-session.php', $sandbox->path($name), json_encode($options)];
    proc_close(proc_open($command, [], $pipes));
};

$leave('session.madeline', ['dc' => $dc, 'key' => bin2hex($key), 'id' => 5000001]);
$before = $files('session.madeline');
foreach ([1, 2] as $time) {
    [, $said] = $sandbox->php('<?php
        $api = new \danog\MadelineProto\API("session.madeline", (new \danog\MadelineProto\Settings\Logger)->setType(2)->setExtra("session.log"));
        $self = $api->start();
        echo $self["first_name"], " ", $api->getAuthorization() === \danog\MadelineProto\API::LOGGED_IN ? "is logged in" : "?", "\n";
        echo $api->getSelf()["id"] === $self["id"] ? "the same\n" : "another\n";
    ', ini: ['madelineproto.api_id' => '', 'madelineproto.api_hash' => '']);
    $log = file_get_contents($sandbox->path('session.log'));
    echo $said, preg_match_all('~Logged in as user 5000001 with .*/safe.php, which stays as it is~', $log), " note in the log\n";
}
var_dump($files('session.madeline') === $before);

echo "after a logout somebody else may log in:\n";
$api = $sandbox->api();
$api->logout();
unset($api);
var_dump(file_exists($sandbox->path() . '/safe.php'), file_exists($sandbox->path() . '/safe.old.php'));
echo $sandbox->bot('6000001:sandbox-bot-token', 'session.madeline')->getSelf()['first_name'], "\n";

echo "what cannot be read:\n";
$leave('pointer.madeline', ['pointer' => '2001_MTProto_session']);
file_put_contents($sandbox->path('pointer.madeline') . '/mine', '');
try {
    $sandbox->api('pointer.madeline');
} catch (\danog\MadelineProto\Exception $e) {
    echo str_replace($sandbox->directory, '…', $e->getMessage()), "\n";
}
?>
--EXPECT--
Alice is logged in
the same
1 note in the log
Alice is logged in
the same
1 note in the log
bool(true)
after a logout somebody else may log in:
bool(false)
bool(true)
Button Bot
what cannot be read:
the login in …/pointer.madeline/safe.php cannot be taken over: it only says in which database the session lies, and those of MadelineProto cannot be read
