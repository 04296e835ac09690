--TEST--
Login pages under Apache, with PHP in its children and with php-fpm behind it: each step may be another process's
--FILE--
<?php
require __DIR__ . '/../support/web.inc';
require __DIR__ . '/../support/apache.inc';
require __DIR__ . '/../support/fpm.inc';

$sandbox = Sandbox::start(fn (array &$world) => $world['single_use'] = true, '--control 0');
// Each request has a process of its own.
$children = "StartServers 3\nMinSpareServers 2\nMaxRequestWorkers 6\nMaxConnectionsPerChild 1\n";
foreach (['mod_php', 'php-fpm'] as $server) {
    echo "$server:\n";
    mkdir($directory = $sandbox->path($server));
    file_put_contents("$directory/index.php", '<?php
        $api = new \danog\MadelineProto\API("' . $directory . '/session.madeline");
        $self = $api->start();
        echo "Hello, ", $self["first_name"];
        if (isset($_POST["logout"])) echo json_encode($api->logout());
    ');
    Apache::own($directory);
    chmod($sandbox->directory, 0711);
    $fpm = $server === 'php-fpm' ? new Fpm($directory, $sandbox->ini(), 3, Apache::pool() . 'pm.max_requests = 1') : null;
    $apache = new Apache($directory, $fpm ? null : $sandbox->ini(), $children);
    $step = function (?array $form = null, string $query = '') use ($apache): string {
        return Apache::answer($apache->request('index.php', $query, $form));
    };
    echo Web::show($step()), "\n";
    echo 'QR code: ', json_encode(str_contains($step(null, 'waitQrCodeOrLogin=1&getQrCode=1'), '<svg')), "\n";
    echo Web::show($step(['phone_number' => '9996612002'])), "\n";
    echo Web::show($step(['phone_code' => '11111'])), "\n";
    echo Web::show($step(['phone_code' => '12345'])), "\n";
    echo Web::show($step(['password' => 'correct horse'])), "\n";
    // Whoever comes next is logged in.
    echo $step(), "\n", $step(['logout' => '1']), "\n";
    $apache->stop();
    $fpm?->stop();
    echo 'died: ', substr_count($apache->log(), 'exit signal'), "\n";
}
echo 'duplicated: ', $sandbox->ask(['do' => 'stats'])['duplicated'], "\n";
?>
--EXPECT--
mod_php:
How do you want to log in? [type]
QR code: true
Telegram has sent you a code [phone_code again]
Telegram has sent you a code [phone_code again] !ERROR: The login code is wrong. Try again.
This account has a password [password again]
no form: Hello, Bob
Hello, Bob
Hello, Bobnull
died: 0
php-fpm:
How do you want to log in? [type]
QR code: true
Telegram has sent you a code [phone_code again]
Telegram has sent you a code [phone_code again] !ERROR: The login code is wrong. Try again.
This account has a password [password again]
no form: Hello, Bob
Hello, Bob
Hello, Bobnull
died: 0
duplicated: 0
