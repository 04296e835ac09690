--TEST--
A damaged database is put into order as far as it can be read, and kept; one of a newer release is refused
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$sandbox->user(name: 'session.madeline');
$database = $sandbox->path() . '/session.sqlite';
$whole = file_get_contents($database);

// Everything behind the name of somebody who was seen.
$at = strrpos($whole, 'Alice');
$page = intdiv($at, 4096) * 4096;
file_put_contents($database, substr_replace($whole, str_repeat("\xee", 4096), $page, 4096));
touch("$database.suspect");
[, $said] = $sandbox->php('<?php
    $logger = (new \danog\MadelineProto\Settings\Logger)->setType(2)->setExtra("session.log");
    $api = new \danog\MadelineProto\API("session.madeline", $logger);
    echo $api->getSelf()["first_name"], "\n";
');
$log = file_get_contents($sandbox->path('session.log'));
echo $said, preg_match('~database was damaged\. Its login and \d+ peers were saved.* kept as (\S+)~', $log, $found) ? basename($found[1]) : $log, "\n";

$said = function () use ($sandbox): void {
    try {
        $sandbox->api();
    } catch (\danog\MadelineProto\Exception $e) {
        echo str_replace($sandbox->directory, '…', $e->getMessage()), "\n";
    }
};
echo "not a database:\n";
file_put_contents($database, str_repeat('no database ', 1000));
$said();
echo "a newer release:\n";
file_put_contents($database, substr_replace($whole, pack('N', 1000), 60, 4));
$said();
?>
--EXPECTF--
Alice
session.sqlite.damaged-1
not a database:
the session database …/session.madeline/session.sqlite is damaged (%s), and its login cannot be read any more. Nothing was changed: restore it from a backup, or move its directory away and log in again
a newer release:
the session database …/session.madeline/session.sqlite has version 1000, written by a newer release; this one understands versions up to %d
