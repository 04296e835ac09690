--TEST--
The login page asks for a QR code and for whether it was scanned
--FILE--
<?php
require __DIR__ . '/../support/web.inc';

use danog\MadelineProto\API;

$sandbox = Sandbox::start(function (array &$world) {
    $world['login_token_seconds'] = 3;
});
$web = new Web($sandbox, '<?php
    ob_start();
    echo "before";
    ob_start();
    $api = new \danog\MadelineProto\API("session.madeline");
    if (isset($_GET["peek"])) {
        ob_end_clean();
        ob_end_clean();
        die($api->qrLogin()->link);
    }
    $self = $api->start();
    ob_end_clean();
    ob_end_clean();
    echo "Hello, ", $self["first_name"];
');
$page = $web->ask();
var_dump(str_contains($page, 'getQrCode'), str_contains($page, 'waitQrCodeOrLogin'));

$ask = function (string $what) use (&$web): array {
    $answer = $web->ask(null, "?$what=1");
    echo implode(', ', preg_grep('/^Content-Type/i', $web->headers)), ' ';
    $answer = json_decode($answer, true, 4, JSON_THROW_ON_ERROR);
    echo json_encode(['svg' => substr($answer['svg'], 0, 5)] + $answer), "\n";
    return $answer;
};
$first = $ask('getQrCode');
$second = $ask('waitQrCodeOrLogin');
var_dump($first['svg'] !== $second['svg']);

echo "scanned:\n";
$alice = $sandbox->user();
$link = $web->ask(null, '?peek=1');
echo $alice->auth->acceptLoginToken(token: API::base64urlDecode(substr($link, strlen('tg://login?token='))))['_'], "\n";
$ask('waitQrCodeOrLogin');
echo $web->ask(), "\n";

echo "a password:\n";
$bob = $sandbox->user('9996612002', name: 'bob.madeline');
$bob->complete2faLogin('correct horse');
$web = new Web($sandbox, '<?php
    $api = new \danog\MadelineProto\API("bob.madeline");
    isset($_GET["peek"]) ? print($api->qrLogin()->link) : $api->start();
', directory: 'second');
$link = $web->ask(null, '?peek=1');
echo $bob->auth->acceptLoginToken(token: API::base64urlDecode(substr($link, strlen('tg://login?token='))))['_'], "\n";
$ask('getQrCode');
echo Web::show($web->ask()), "\n";

echo "no codes any more:\n";
$ask('getQrCode');
?>
--EXPECT--
bool(true)
bool(true)
Content-Type: application/json {"svg":"<?xml","logged_in":false}
Content-Type: application/json {"svg":"<?xml","logged_in":false}
bool(true)
scanned:
authorization
Content-Type: application/json {"svg":"","logged_in":true}
Hello, Alice
a password:
authorization
Content-Type: application/json {"svg":"","logged_in":false}
This account has a password [password again]
no codes any more:
Content-Type: application/json {"svg":"","logged_in":false}
