--TEST--
A QR code logs in once a device of the account has scanned it; until then it is renewed
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\TL\Types\LoginQrCode;

/** What a phone does with the code. */
function scan(API $phone, LoginQrCode $code): string
{
    $token = API::base64urlDecode(substr($code->link, strlen('tg://login?token=')));
    return $phone->auth->acceptLoginToken(token: $token)['_'];
}

$sandbox = Sandbox::start(function (array &$world) {
    $world['login_token_seconds'] = 2;
});
$alice = $sandbox->user();
$api = $sandbox->api('new.madeline');
$code = $api->qrLogin();
var_dump($code instanceof LoginQrCode, $code->isExpired(), $code->expiresIn() > 0, $code->expiry - time() <= 2);
echo preg_match('~^tg://login\?token=[\w-]{43}$~D', $code->link), "\n";
var_dump(json_decode(json_encode($code), true) === ['link' => $code->link, 'expiry' => $code->expiry]);

$lines = explode("\n", rtrim($code->getQRText(), "\n"));
$wide = explode("\n", rtrim($code->getQRText(4), "\n"));
echo API::mbStrlen($lines[0]), ' ', API::mbStrlen($wide[0]) - API::mbStrlen($lines[0]), ' ', API::mbSubstr($lines[1], 2, 8), "\n";
echo preg_match('~^<\?xml [^>]*\?>\n<svg [^>]*width="300" height="300" viewBox="0 0 (\d+) \1"[^>]*>.*</svg>\n$~Ds', $code->getQRSvg(300, 2), $side), ' ', $side[1], "\n";

echo "expired: ";
$next = $code->waitForLoginOrQrCodeExpiration();
var_dump($code->isExpired(), $next->link !== $code->link);

echo scan($alice, $next), "\n";
var_dump($next->waitForLoginOrQrCodeExpiration());
var_dump($api->getAuthorization() === API::LOGGED_IN);
echo $api->getSelf()['first_name'], "\n";
var_dump($api->qrLogin(), $next->waitForLoginOrQrCodeExpiration());

echo "another data centre: ";
$carol = $sandbox->user('9996612003', name: 'carol.madeline');
$api = $sandbox->api('carol2.madeline');
$code = $api->qrLogin();
scan($carol, $code);
var_dump($code->waitForLoginOrQrCodeExpiration());
echo $api->fullGetSelf()['first_name'], "\n";

echo "a password: ";
$bob = $sandbox->user('9996612002', name: 'bob.madeline');
$bob->complete2faLogin('correct horse');
$api = $sandbox->api('bob2.madeline');
$code = $api->qrLogin();
scan($bob, $code);
var_dump($code->waitForLoginOrQrCodeExpiration());
var_dump($api->getAuthorization() === API::WAITING_PASSWORD, $api->qrLogin());
echo $api->getHint(), ' ', $api->complete2faLogin('correct horse')['user']['first_name'], "\n";
?>
--EXPECT--
bool(true)
bool(false)
bool(true)
bool(true)
1
bool(true)
37 4 █▀▀▀▀▀█ 
1 37
expired: bool(true)
bool(true)
authorization
NULL
bool(true)
Alice
NULL
NULL
another data centre: NULL
Carol
a password: NULL
bool(true)
NULL
battery staple Bob
