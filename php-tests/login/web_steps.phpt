--TEST--
Each step of a login may be a web request of its own, in another process; pages and answers keep the session's secrets
--FILE--
<?php
require __DIR__ . '/../support/web.inc';

// The server's workers take requests in turn.
putenv('PHP_CLI_SERVER_WORKERS=4');
$sandbox = Sandbox::start();
$web = new Web($sandbox, '<?php
    use danog\MadelineProto\API;
    $api = new API("session.madeline");
    try {
        $result = match (true) {
            isset($_POST["phone"]) => $api->phoneLogin($_POST["phone"]),
            isset($_POST["code"]) => $api->completePhoneLogin($_POST["code"]),
            isset($_POST["password"]) => $api->complete2faLogin($_POST["password"]),
            isset($_POST["names"]) => $api->completeSignup(...$_POST["names"]),
            isset($_POST["logout"]) => ["_" => json_encode($api->logout())],
            isset($_POST["state"]) => ["_" => [-1 => "sign-up", "none", "code", "password", "logged in", "logged out"][$api->getAuthorization()]],
            default => $api->start(),
        };
        header("X-Process: " . getmypid());
        echo $result["_"], " ", $result["hint"] ?? $result["user"]["first_name"] ?? "";
    } catch (Throwable $e) {
        echo get_class($e), ": ", $e->getMessage();
    }
');
$said = '';
$processes = [];
$step = function (array $form) use ($web, &$said, &$processes): void {
    echo key($form), ': ', trim($answer = $web->ask($form)), "\n";
    $said .= $answer . implode($web->headers);
    $processes += array_flip(preg_grep('~^X-Process~', $web->headers));
};
$step(['code' => '12345']);
$step(['phone' => '9996612002']);
$step(['state' => '']);
$step(['password' => 'correct horse']);
$step(['code' => '12345']);
$step(['state' => '']);
$step(['password' => 'wrong']);
$step(['password' => 'correct horse']);
$step(['state' => '']);
$step(['phone' => '9996612001']);
$step(['logout' => '']);
$step(['state' => '']);
echo "somebody new:\n";
$step(['phone' => '9996612009']);
$step(['code' => '12345']);
$step(['state' => '']);
$step(['names' => ['Zoë', '']]);
$step(['state' => '']);
var_dump(count($processes) > 1);

echo "secrets in what was said:\n";
$key = $sandbox->api('web/session.madeline')->exportAuthorization()[1];
$said .= $web->ask() . $web->ask(null, '?getQrCode=1') . implode($web->headers);
foreach (['0123456789abcdef0123456789abcdef', 'correct horse', '12345', bin2hex($key), base64_encode($key), $sandbox->directory] as $secret) {
    var_dump(str_contains($said, $secret));
}
?>
--EXPECT--
code: danog\MadelineProto\Exception: I'm not waiting for the code! Please call the phoneLogin method first
phone: auth.sentCode
state: code
password: danog\MadelineProto\Exception: I'm not waiting for the password! Please call the phoneLogin and the completePhoneLogin methods first!
code: account.password battery staple
state: password
password: danog\MadelineProto\RPCError\PasswordHashInvalidError: PASSWORD_HASH_INVALID
password: auth.authorization Bob
state: logged in
phone: danog\MadelineProto\Exception: This instance of MadelineProto is already logged in!
logout: null
state: none
somebody new:
phone: auth.sentCode
code: account.needSignup
state: sign-up
names: auth.authorization Zoë
state: logged in
bool(true)
secrets in what was said:
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
