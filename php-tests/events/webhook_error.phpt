--TEST--
Addresses and certificates that a webhook cannot use
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start()->configure();
$api = $sandbox->bot('6000002:live-bot-token', 'live.madeline');
file_put_contents($sandbox->path('no.pem'), 'no certificate');

thrown(fn () => $api->setWebhook('ftp://example.com/'));
thrown(fn () => $api->setWebhook(''));
thrown(fn () => $api->setWebhook('https://example.com/', '/nowhere/at/all.pem'));
thrown(fn () => $api->setWebhook('https://example.com/', $sandbox->path('no.pem')));
thrown(fn () => $api->setWebhook('https://example.com/'));
?>
--EXPECTF--
danog\MadelineProto\Exception: setWebhook(): the address must begin with https:// or http://, "ftp://example.com/" was given
danog\MadelineProto\Exception: setWebhook(): the address must begin with https:// or http://, "" was given
danog\MadelineProto\Exception: setWebhook(): cannot read /nowhere/at/all.pem: No such file or directory (os error 2)
danog\MadelineProto\Exception: setWebhook(): %s/no.pem has no certificate in PEM form
nothing was thrown; result: null
