--TEST--
Settings::merge(): what is set replaces, a fresh part resets its group, the API id stays
--FILE--
<?php
use danog\MadelineProto\{Settings, SettingsEmpty};
use danog\MadelineProto\Settings\{AppInfo, Database, RPC};

$settings = new Settings;
var_dump($settings->getRpc() === $settings->getRpc());
$settings->getRpc()->setFloodTimeout(7);
$settings->getAppInfo()->setApiId(5)->setLangPack('ios');

$settings->merge(new SettingsEmpty);
var_dump($settings->getRpc()->getFloodTimeout());
$settings->merge((new RPC)->setRpcDropTimeout(9));
var_dump($settings->getRpc()->getFloodTimeout(), $settings->getRpc()->getRpcDropTimeout());
$settings->merge(new AppInfo);
var_dump($settings->getAppInfo()->getApiId(), $settings->getAppInfo()->getLangPack());

$other = (new Settings)->setRpc((new RPC)->setFloodTimeout(8))->setDb((new Database\Mysql)->setUri('tcp://db'));
$settings->merge($other);
var_dump($settings->getRpc()->getFloodTimeout(), $settings->getRpc() === $other->getRpc());
var_dump($settings->getDb()::class, $settings->getDb()->getUri(), $settings->applyChanges() === $settings);
$settings->merge((new Database\Redis)->setDatabase(3));
var_dump($settings->getDb()->getDatabase());
$settings->merge($settings);
$copy = unserialize(serialize($settings));
var_dump($copy == $settings, $copy->getRpc()->getFloodTimeout());
?>
--EXPECT--
bool(true)
int(7)
int(30)
int(9)
int(5)
string(0) ""
int(8)
bool(false)
string(43) "danog\MadelineProto\Settings\Database\Mysql"
string(8) "tcp://db"
bool(true)
int(3)
bool(true)
int(8)
