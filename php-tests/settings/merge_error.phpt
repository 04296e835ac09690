--TEST--
Settings that are not settings, and classes that cannot be made
--FILE--
<?php
use danog\MadelineProto\{Settings, SettingsAbstract};

foreach ([
    fn () => (new Settings)->merge(new stdClass),
    fn () => (new Settings)->setRpc(new Settings\AppInfo),
    fn () => new Settings\DatabaseAbstract,
    fn () => new SettingsAbstract,
    fn () => (new Settings\AppInfo)->apiId,
] as $attempt) {
    try {
        $attempt();
    } catch (Error $e) {
        echo $e::class, ': ', preg_replace('/, called in .*/', '', $e->getMessage()), "\n";
    }
}
foreach (['getApiId', 'getApiHash'] as $getter) {
    try {
        (new Settings)->getAppInfo()->$getter();
    } catch (\danog\MadelineProto\Exception $e) {
        echo $e->getMessage(), "\n";
    }
}
?>
--EXPECT--
TypeError: danog\MadelineProto\Settings::merge(): Argument #1 ($settings) must be of type danog\MadelineProto\SettingsAbstract, stdClass given
TypeError: danog\MadelineProto\Settings::setRpc(): Argument #1 ($rpc) must be of type danog\MadelineProto\Settings\RPC, danog\MadelineProto\Settings\AppInfo given
Error: Cannot instantiate abstract class danog\MadelineProto\Settings\DatabaseAbstract
Error: Cannot instantiate abstract class danog\MadelineProto\SettingsAbstract
Error: Cannot access protected property danog\MadelineProto\Settings\AppInfo::$apiId
You must provide an api key and an api id, get your own @ my.telegram.org
You must provide an api key and an api id, get your own @ my.telegram.org
