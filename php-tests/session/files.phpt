--TEST--
A session is a private directory with private files
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

umask(0);
$sandbox = Sandbox::start();
$api = $sandbox->user();
printf("%o\n", fileperms($sandbox->path('user.madeline')) & 0777);
foreach (glob($sandbox->path('user.madeline') . '/*') as $file) {
    if (!is_link($file)) {
        printf("%o\n", fileperms($file) & 0777 & ~0600);
    }
}
?>
--EXPECTREGEX--
700(\n0)+
