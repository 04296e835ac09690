--TEST--
QR codes are made only where they can be used; their images have limits; a wait can be cancelled
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->api();
$code = $api->qrLogin();
thrown(fn () => $code->getQRSvg(-1));
thrown(fn () => $code->getQRSvg(400, 1001));
thrown(fn () => $code->getQRText(-2));
thrown(fn () => $code->waitForLoginOrQrCodeExpiration(new stdClass));
thrown(fn () => $code->link = 'x');
thrown(fn () => new danog\MadelineProto\TL\Types\LoginQrCode);
thrown(fn () => serialize($code));

/** As Amp's. */
final class Cancellation
{
    private float $until;
    public function __construct(float $seconds)
    {
        $this->until = microtime(true) + $seconds;
    }
    public function isRequested(): bool
    {
        return microtime(true) > $this->until;
    }
    public function throwIfRequested(): void
    {
        if ($this->isRequested()) {
            throw new RuntimeException('The operation was cancelled');
        }
    }
}
thrown(fn () => $code->waitForLoginOrQrCodeExpiration(new Cancellation(0.1)));

$api->phoneLogin('9996612001');
thrown(fn () => $api->qrLogin());
echo $api->completePhoneLogin('12345')['_'], "\n";
?>
--EXPECT--
danog\MadelineProto\Exception: $size of a QR code must be 0 to 100000, -1 was given
danog\MadelineProto\Exception: $margin of a QR code must be 0 to 1000, 1001 was given
danog\MadelineProto\Exception: $margin of a QR code must be 0 to 1000, -2 was given
TypeError: cancellation must be of type Amp\Cancellation, stdClass given
Error: Cannot modify readonly property danog\MadelineProto\TL\Types\LoginQrCode::$link
Error: Call to protected danog\MadelineProto\TL\Types\LoginQrCode::__construct() from global scope
Exception: Serialization of 'danog\MadelineProto\TL\Types\LoginQrCode' is not allowed
RuntimeException: The operation was cancelled
AssertionError: A QR code can be made only while nobody is logged in and no code or name is waited for
auth.authorization
