--TEST--
Sessions of Telethon, Pyrogram and zerobias become sessions here
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\{API, Conversion};

/** An SQLite database with one table, as Telethon and Pyrogram have it: DC 2 and a key of 256 times K. */
const DATABASE = 'eNoLDvTJLElVSMsvyk0sUTBmYGJgZGRwUFBgYGBgBmImBgQAsVmQ+IwMhAEzg14yIy9IMeNCBiAaBaSCWEZ2cVlZxkbeksSknNTi1OLizPy8YhjN5Bzk6hjiqhDi6OTjqgATVdBISY7PTFHIzCtJTU8tUigoysxNLKpUyE6t1FFILC3JiAeyFJJy8pM0wXHD8JMBhEYUaGJhYmFo4fEe4QAAG5B2Ng==';

$sandbox = Sandbox::start();
$alice = $sandbox->user();
[$dc, $key] = $alice->exportAuthorization();
file_put_contents($sandbox->path('other.session'), str_replace(str_repeat('K', 256), $key, gzuncompress(base64_decode(DATABASE))));

foreach (['telethon' => 'other', 'pyrogram' => 'other.session'] as $method => $file) {
    $api = Conversion::$method($sandbox->path($file), $sandbox->path("$method.madeline"));
    echo $api::class, ' ', $api->getSelf()['first_name'], "\n";
}
$url = fn (string $bytes): string => strtr(base64_encode($bytes), '+/', '-_');
foreach ([
    'telethon' => '1' . $url(pack('CNn', $dc, ip2long('127.0.0.1'), 443) . $key),
    'pyrogram' => rtrim($url(pack('CNC', $dc, 1, 0) . $key . pack('JC', 2001, 0)), '='),
] as $method => $string) {
    echo "a string: ", Conversion::$method($string, $sandbox->path("$method-string.madeline"))->getSelf()['first_name'], "\n";
}
$zerobias = ['dc' => $dc, "dc{$dc}_auth_key" => bin2hex($key), "dc{$dc}_server_salt" => '00'];
echo Conversion::zerobias($zerobias, $sandbox->path('zerobias.madeline'))->getSelf()['first_name'], "\n";
echo Conversion::zerobias(json_encode($zerobias), $sandbox->path('json.madeline'))->getSelf()['first_name'], "\n";
$api = Conversion::importAuthorization([$dc => $key], $dc, $sandbox->path('keys.madeline'), (new danog\MadelineProto\Settings\AppInfo)->setDeviceModel('x'));
echo $api->getSelf()['first_name'], ' ', $api->getSettings()->getAppInfo()->getDeviceModel(), "\n";
unset($api);
// The login stays with the new session.
var_dump((new API($sandbox->path('keys.madeline')))->getAuthorization() === API::LOGGED_IN);
?>
--EXPECT--
danog\MadelineProto\API Alice
danog\MadelineProto\API Alice
a string: Alice
a string: Alice
Alice
Alice
Alice x
bool(true)
