--TEST--
Where an API id is missing and may not be asked for, and where the input ends
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$directory = sys_get_temp_dir() . '/madelineproto-app-' . bin2hex(random_bytes(6));
mkdir($directory);
thrown(fn () => new \danog\MadelineProto\API("$directory/a.madeline", (new \danog\MadelineProto\Settings\AppInfo)->setShowPrompt(false)));
thrown(fn () => new \danog\MadelineProto\API("$directory/b.madeline"));
?>
--STDIN--
17
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/madelineproto-app-*') as $directory) {
    shell_exec('rm -r ' . escapeshellarg($directory));
}
?>
--EXPECT--
danog\MadelineProto\Exception: No API ID or API hash was provided, please specify them in the settings!
An API id and an API hash are needed once: log in at https://my.telegram.org and open "API development tools".
Enter your API ID: Enter your API hash: danog\MadelineProto\Exception: The input ended before the question "Enter your API hash:" was answered
