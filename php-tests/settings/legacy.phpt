--TEST--
Arrays of older releases set what they always set; unknown keys are accepted and logged
--FILE--
<?php
$directory = sys_get_temp_dir() . '/madelineproto-legacy-' . bin2hex(random_bytes(6));
mkdir($directory);
$lines = [];
$api = new \danog\MadelineProto\API("$directory/session.madeline", [
    'app_info' => ['api_id' => '17', 'api_hash' => 'hash', 'device_model' => 'Phone', 'lang_code' => 'it', 'system_version' => 8],
    'logger' => ['logger' => 4, 'logger_level' => 'ULTRA_VERBOSE', 'logger_param' => function ($line, $level) use (&$lines) {
        $lines[] = [$level, $line];
    }],
    'connection' => ['main' => ['ipv4' => [2 => ['ip_address' => '127.0.0.1', 'port' => 443, 'media_only' => false]]]],
    'connection_settings' => [
        'all' => ['test_mode' => 1, 'timeout' => '2.5', 'proxy' => '\Socket', 'do_not_retry' => true, 'pfs' => false, 'protocol' => 'tcp_abridged'],
        'default_dc' => 2,
        'media_socket_count' => ['min' => 1, 'max' => 4],
    ],
    'flood_timeout' => ['wait_if_lt' => 20],
    'peer' => ['full_fetch' => true, 'full_info_cache_time' => null],
    'max_tries' => ['query' => 5],
    'whatever' => ['else' => ['deep' => 1]],
]);
$settings = $api->getSettings();
$app = $settings->getAppInfo();
echo json_encode([$app->getApiId(), $app->getApiHash(), $app->getDeviceModel(), $app->getLangCode(), $app->getSystemVersion()]), "\n";
$connection = $settings->getConnection();
echo json_encode([$connection->getDcList(), $connection->getTestMode(), $connection->getTimeout(), $connection->getRetry()]), "\n";
echo json_encode([$settings->getAuth()->getPfs(), $settings->getRpc()->getFloodTimeout(), $settings->getPeer()->getFullFetch(), $settings->getPeer()->getFullInfoCacheTime()]), "\n";
foreach ($lines as [$level, $line]) {
    if (str_contains($line, 'no meaning')) {
        echo "$level $line\n";
    }
}
?>
--CLEAN--
<?php
foreach (glob(sys_get_temp_dir() . '/madelineproto-legacy-*') as $directory) {
    shell_exec('rm -r ' . escapeshellarg($directory));
}
?>
--EXPECT--
[17,"hash","Phone","it","8"]
[{"2":{"ip_address":"127.0.0.1","port":443,"media_only":false}},true,2.5,false]
[false,20,true,3600]
4 The setting connection_settings.media_socket_count.min has no meaning here and is ignored
4 The setting max_tries.query has no meaning here and is ignored
4 The setting whatever.else.deep has no meaning here and is ignored
