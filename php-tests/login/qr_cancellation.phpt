--TEST--
Waits end when a QR code expires or was scanned
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start(function (array &$world) {
    $world['login_token_seconds'] = 2;
});
$alice = $sandbox->user();
$api = $sandbox->api('new.madeline');
$code = $api->qrLogin();
$expired = $code->getExpirationCancellation();
$scanned = $code->getLoginCancellation();
var_dump($expired->isRequested(), $scanned->isRequested());
$expired->throwIfRequested();
$scanned->throwIfRequested();

echo "expired: ";
while (!$code->isExpired()) {
    usleep(20_000);
}
usleep(20_000);
var_dump($expired->isRequested(), $scanned->isRequested());
thrown(fn () => $expired->throwIfRequested());
echo "a wait that it ends: ";
thrown(fn () => $code->waitForLoginOrQrCodeExpiration($expired));

echo "scanned: ";
$code = $api->qrLogin();
$scanned = $code->getLoginCancellation();
$alice->auth->acceptLoginToken(token: API::base64urlDecode(substr($code->link, strlen('tg://login?token='))));
while (!$scanned->isRequested()) {
    usleep(20_000);
}
var_dump($scanned->isRequested(), $api->getAuthorization() === API::LOGGED_IN);
thrown(fn () => $scanned->throwIfRequested());
thrown(fn () => new \danog\MadelineProto\TL\Types\LoginQrCancellation);

echo "with Amp:\n";
eval('namespace Amp;
    class CancelledException extends \Exception { public function __construct() { parent::__construct("Amp cancelled it"); } }
    class TimeoutCancellation { public function __construct(public float $seconds) {} }');
thrown(fn () => $scanned->throwIfRequested());
$third = $sandbox->api('third.madeline')->qrLogin();
var_dump($third->getExpirationCancellation() instanceof Amp\TimeoutCancellation, $third->getExpirationCancellation()->seconds > 0);
?>
--EXPECT--
bool(false)
bool(false)
expired: bool(true)
bool(false)
danog\MadelineProto\Exception: The operation was cancelled
a wait that it ends: danog\MadelineProto\Exception: The operation was cancelled
scanned: bool(true)
bool(true)
danog\MadelineProto\Exception: The operation was cancelled
Error: Call to protected danog\MadelineProto\TL\Types\LoginQrCancellation::__construct() from global scope
with Amp:
Amp\CancelledException: Amp cancelled it
bool(true)
bool(true)
