--TEST--
A corrupt session, a file in its place and an unwritable directory are exceptions that name the path and the way out
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$sandbox->user();
gc_collect_cycles();

// The database of a saved session, overwritten.
$database = array_values(array_filter(
    glob($sandbox->path('user.madeline') . '/*'),
    fn (string $file) => str_starts_with((string) file_get_contents($file), 'SQLite format 3'),
))[0];
file_put_contents($database, str_repeat('This is not a database. ', 1000));
thrown(fn () => $sandbox->api('user.madeline')->getSelf());
var_dump(str_starts_with(file_get_contents($database), 'This is not'));

file_put_contents($sandbox->path('flat.madeline'), 'O:31:"danog\MadelineProto\API":0:{}');
thrown(fn () => $sandbox->api('flat.madeline'));

thrown(fn () => $sandbox->api('no/such/directory/x.madeline'));
?>
--EXPECTF--
danog\MadelineProto\Exception: %suser.madeline%s
bool(true)
danog\MadelineProto\Exception: %sflat.madeline%s
%s
