--TEST--
On a web server, where nobody can be asked, start() says how to log in step by step
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
file_put_contents("$sandbox->directory/index.php", '<?php
    foreach (["session.madeline", "other.madeline"] as $session) {
        try {
            (new \danog\MadelineProto\API($session))->start();
        } catch (\danog\MadelineProto\Exception $e) {
            echo $e->getMessage(), "\n";
        }
        ini_set("madelineproto.api_id", "");
    }
');
$listener = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($listener, false);
fclose($listener);
$server = proc_open([...Sandbox::command($sandbox->ini()), '-S', $address, '-t', $sandbox->directory], [2 => ['file', '/dev/null', 'w']], $pipes, $sandbox->directory);
for ($try = 0; $try < 100 && !($connection = @stream_socket_client("tcp://$address")); $try++) {
    usleep(50_000);
}
fclose($connection);
echo file_get_contents("http://$address/");
proc_terminate($server);
?>
--EXPECT--
Nobody is logged in, and start() can ask only in a terminal. Log in step by step: phoneLogin($number), completePhoneLogin($code), complete2faLogin($password) if the account has a password; or botLogin($token)
No API ID or API hash was provided, please specify them in the settings!
