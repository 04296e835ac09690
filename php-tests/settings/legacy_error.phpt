--TEST--
A wrong value in an array is named with its path, what was expected and what came
--INI--
madelineproto.log_level=none
--FILE--
<?php
$directory = sys_get_temp_dir() . '/madelineproto-legacy-' . bin2hex(random_bytes(6));
$settings = new \danog\MadelineProto\Settings;
foreach ([
    ['app_info' => ['api_id' => 'abc']],
    ['app_info' => ['api_id' => -1, 'api_hash' => 'x']],
    ['app_info' => ['api_hash' => []]],
    ['connection' => ['main' => ['ipv4' => [2 => ['port' => 443]]]]],
    ['connection' => ['main' => ['ipv4' => 'x']]],
    ['connection_settings' => ['all' => ['test_mode' => 'maybe']]],
    ['connection_settings' => ['all' => ['timeout' => -1]], 'app_info' => ['api_id' => 1, 'api_hash' => 'x']],
    ['connection_settings' => ['default_dc' => 0]],
    ['connection_settings' => ['all' => ['proxy' => '\SocksProxy']]],
    ['authorization' => ['rsa_keys' => 'x']],
    ['authorization' => ['rsa_keys' => ['x']], 'app_info' => ['api_id' => 1, 'api_hash' => 'x']],
    ['logger' => ['logger' => 9]],
    ['logger' => ['logger_level' => 'loud']],
    ['tl_schema' => ['src' => ['telegram' => '/missing.tl']]],
    ['flood_timeout' => ['wait_if_lt' => 1.5]],
    (new \danog\MadelineProto\Settings\Connection)->addProxy('danog\MadelineProto\Stream\Proxy\SocksProxy', []),
] as $settings) {
    try {
        new \danog\MadelineProto\API("$directory/session.madeline", $settings);
        echo "nothing was thrown\n";
    } catch (\danog\MadelineProto\Exception $e) {
        echo $e->getMessage(), "\n";
    }
}
var_dump(is_dir($directory));
?>
--EXPECTF--
Invalid setting app_info.api_id: expected a whole number, got "abc"
Invalid setting AppInfo::setApiId(): expected the number that my.telegram.org gave, got -1
Invalid setting app_info.api_hash: expected a string, got array
Invalid setting connection.main.ipv4[2]: expected 'host:port' or ['ip_address' => host, 'port' => number], got array
Invalid setting connection.main.ipv4: expected an array of addresses by DC, got "x"
Invalid setting connection_settings.all.test_mode: expected true or false, got "maybe"
Invalid setting Connection::setTimeout(): expected a positive number of seconds, got -1
Invalid setting connection_settings.default_dc: expected the number of a data centre (1 to 9999), got 0
Invalid setting connection_settings.all.proxy_extra: expected ['address' => host, 'port' => number, …], with 'username' and 'password' or 'secret', got null
Invalid setting authorization.rsa_keys: expected an array of RSA public keys in PEM form, got "x"
Invalid setting Connection::setRsaKeys()[0]: expected RSA public keys in PEM form, got a text with: %s
Invalid setting logger.logger: expected Logger::DEFAULT_LOGGER (1), FILE_LOGGER (2), ECHO_LOGGER (3), CALLABLE_LOGGER (4) or 0 for none, got 9
Invalid setting logger.logger_level: expected none, fatal, error, warning, notice, verbose, ultra_verbose or a number from -1 to 5, got "loud"
Invalid setting TLSchema::setAPISchema(): expected a TL schema file, got /missing.tl (No such file or directory (os error 2))
Invalid setting flood_timeout.wait_if_lt: expected a whole number, got 1.5
Invalid setting Connection::addProxy()[SocksProxy][0].address: expected a host name or an IP address, got nothing
bool(false)
