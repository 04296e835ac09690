--TEST--
A session keeps the settings that it was opened with: later scripts need not give them again
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Settings;
use danog\MadelineProto\Settings\{AppInfo, Auth, Connection, Logger, Peer, RPC, Templates};
use danog\MadelineProto\SettingsEmpty;
use danog\MadelineProto\Stream\Proxy\SocksProxy;

$sandbox = Sandbox::start()->configure();
$show = function (API $api): void {
    $settings = $api->getSettings();
    echo json_encode([
        $settings->getConnection()->getProxies(), $settings->getConnection()->getTimeout(), $settings->getRpc()->getFloodTimeout(),
        $settings->getPeer()->getFullInfoCacheTime(), $settings->getAppInfo()->getDeviceModel() === 'Toaster',
    ], JSON_UNESCAPED_SLASHES), "\n";
};
$open = function (mixed ...$settings) use ($sandbox, $show): void {
    $show(new API($sandbox->path(), ...$settings));
};
$open();
$whole = (new Settings)
    ->setConnection((new Connection)->setTimeout(7.5)->addProxy(SocksProxy::class, ['address' => '127.0.0.1', 'port' => 1080]))
    ->setAppInfo((new AppInfo)->setDeviceModel('Toaster'))
    ->setLogger((new Logger)->setType(\danog\MadelineProto\Logger::LOGGER_CALLABLE)->setExtra(function () {}));
$open($whole);
echo "again, with nothing:\n";
$open();
$open(new SettingsEmpty);
echo "one group takes the place of that group:\n";
$open((new RPC)->setFloodTimeout(77));
$open();
echo "an array changes what it names:\n";
$open(['peer' => ['full_info_cache_time' => 5], 'connection_settings' => ['all' => ['timeout' => 3]]]);
$open();
echo "changed meanwhile:\n";
$api = new API($sandbox->path());
$api->updateSettings((new Connection)->setTimeout(9.0));
$show($api);
$other = new API($sandbox->path());
$show($other);
unset($api, $other);
$open();

echo "a direct connection, for once:\n";
$api = new API($sandbox->path(), new Connection);
echo $api->botLogin('6000001:sandbox-bot-token')['user']['first_name'], "\n";
unset($api);

echo "a proxy that is gone is not gone around:\n";
$api = new API($sandbox->path(), (new Connection)->setTimeout(1)->addProxy(SocksProxy::class, ['address' => '127.0.0.1', 'port' => 1]));
unset($api);
$api = new API($sandbox->path());
try {
    $api->help->getNearestDc();
} catch (\danog\MadelineProto\Exception $e) {
    echo preg_replace('/127\.0\.0\.1:\d{2,}/', 'server', $e->getMessage()), "\n";
}
?>
--EXPECT--
[[],5,30,3600,false]
[{"danog\\MadelineProto\\Stream\\Proxy\\SocksProxy":[{"address":"127.0.0.1","port":1080}]},7.5,30,3600,true]
again, with nothing:
[{"danog\\MadelineProto\\Stream\\Proxy\\SocksProxy":[{"address":"127.0.0.1","port":1080}]},7.5,30,3600,true]
[{"danog\\MadelineProto\\Stream\\Proxy\\SocksProxy":[{"address":"127.0.0.1","port":1080}]},7.5,30,3600,true]
one group takes the place of that group:
[{"danog\\MadelineProto\\Stream\\Proxy\\SocksProxy":[{"address":"127.0.0.1","port":1080}]},7.5,77,3600,true]
[{"danog\\MadelineProto\\Stream\\Proxy\\SocksProxy":[{"address":"127.0.0.1","port":1080}]},7.5,77,3600,true]
an array changes what it names:
[{"danog\\MadelineProto\\Stream\\Proxy\\SocksProxy":[{"address":"127.0.0.1","port":1080}]},3,77,5,true]
[{"danog\\MadelineProto\\Stream\\Proxy\\SocksProxy":[{"address":"127.0.0.1","port":1080}]},3,77,5,true]
changed meanwhile:
[[],9,77,5,true]
[[],9,77,5,true]
[[],9,77,5,true]
a direct connection, for once:
Button Bot
a proxy that is gone is not gone around:
cannot connect to DC 2 at server: the SOCKS5 proxy 127.0.0.1:1 could not be reached: Connection refused (os error 111)
