--TEST--
Plugins get the updates beside the handler: by class, by directory, those of plugins; they can be disabled, found and kept
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\EventHandler;
use danog\MadelineProto\EventHandler\Plugin\RestartPlugin;
use danog\MadelineProto\PluginEventHandler;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$api = $sandbox->bot('6000002:live-bot-token', 'live.madeline');

mkdir($sandbox->path('plugins/Deep'), recursive: true);
file_put_contents($sandbox->path('plugins/functions.php'), '<?php function of_a_plugin(): string { return "a function of a plugin"; }');
file_put_contents($sandbox->path('plugins/ABase.php'), <<<'PHP'
    <?php
    namespace MadelinePlugin;
    abstract class ABase extends \danog\MadelineProto\PluginEventHandler
    {
        public function onUpdateNewMessage(array $update): void { echo static::class, ' ', of_a_plugin(), "\n"; }
    }
    PHP);
file_put_contents($sandbox->path('plugins/Deep/First.php'), '<?php namespace MadelinePlugin\Deep; final class First extends \MadelinePlugin\ABase {}');
file_put_contents($sandbox->path('plugins/Helper.php'), '<?php namespace MadelinePlugin; final class Helper {}');

final class Counting extends PluginEventHandler
{
    public int $seen = 0;

    public function __sleep(): array
    {
        return ['seen'];
    }
    public function onStart(): void
    {
        echo "plugin started, $this->seen seen\n";
    }
    public function onUpdateNewMessage(array $update): void
    {
        ++$this->seen;
        throw new LogicException('in a plugin');
    }
    public function onStop(): void
    {
        echo "plugin stopped\n";
    }
    public static function getPlugins(): array
    {
        return [Further::class, self::class];
    }
}
final class Further extends PluginEventHandler
{
    public function onAny(array $update): void
    {
        echo "further: $update[_]\n";
    }
}
final class Disabled extends PluginEventHandler
{
    public function isPluginEnabled(): bool
    {
        return false;
    }
    public function onAny(array $update): void
    {
        echo "never\n";
    }
}
class Main extends EventHandler
{
    public static int $starts = 0;

    public static function getPlugins(): array
    {
        return [Counting::class, Disabled::class, RestartPlugin::class];
    }
    public static function getPluginPaths(): string|array|null
    {
        return $GLOBALS['sandbox']->path('plugins');
    }
    public function getReportPeers()
    {
        return [];
    }
    public function onStart(): void
    {
        echo 'started ', ++self::$starts, "\n";
        var_dump($this->getPlugin(Counting::class)->seen, $this->hasPlugin(Disabled::class), $this->getPlugin('Unknown'));
    }
    public function onUpdateNewMessage(array $update): void
    {
        echo 'main: ', $update['message']['message'], "\n";
        if ($update['message']['message'] === 'stop') {
            $this->stop();
        }
    }
}

$api->setEventHandler(Main::class);
$sandbox->push('alice', 'live', 'stop');
ob_start();
$api->loop();
echo preg_replace(['/^(#|Stack).*\n/m', '/ in \/.*/'], '', ob_get_clean());

// A plugin keeps its own properties.
$api->setEventHandler(Main::class);
var_dump($api->getPlugin(Counting::class)->seen);

// Only administrators restart it.
class Restarted extends EventHandler
{
    public static array $admins = [];
    private int $starts = 0;

    public static function getPlugins(): array
    {
        return [RestartPlugin::class];
    }
    public function getReportPeers()
    {
        return self::$admins;
    }
    public function onStart(): void
    {
        echo 'start ', ++$this->starts, "\n";
    }
    public function onUpdateNewMessage(array $update): void
    {
        if ($update['message']['message'] === 'stop') {
            $this->stop();
        }
    }
}
foreach ([[], [5000001]] as Restarted::$admins) {
    $api->setEventHandler(Restarted::class);
    $sandbox->push('alice', 'live', '/restart');
    $sandbox->push('alice', 'live', '/restarted');
    $sandbox->push('alice', 'live', 'stop');
    $api->loop();
}

// What is none.
class Wrong extends EventHandler
{
    public static mixed $plugins = [];
    public static mixed $paths = null;

    public static function getPlugins(): array
    {
        return self::$plugins;
    }
    public static function getPluginPaths(): string|array|null
    {
        return self::$paths;
    }
}
foreach ([[['Unknown'], null], [[Main::class], null], [[7], null], [[], '/nowhere'], [[], [$sandbox->path('wrong')]]] as [Wrong::$plugins, Wrong::$paths]) {
    @mkdir($sandbox->path('wrong'));
    file_put_contents($sandbox->path('wrong/Other.php'), '<?php namespace MadelinePlugin; final class Another {}');
    try {
        $api->setEventHandler(Wrong::class);
    } catch (InvalidArgumentException $e) {
        echo str_replace($sandbox->directory, 'DIR', $e->getMessage()), "\n";
    }
}
?>
--EXPECT--
started 1
int(0)
bool(false)
NULL
plugin started, 0 seen
main: stop
LogicException: in a plugin
MadelinePlugin\Deep\First a function of a plugin
further: updateNewMessage
plugin stopped
int(1)
start 1
start 1
start 2
getPlugins(): a plugin is the name of a class that extends danog\MadelineProto\PluginEventHandler; Unknown is not
getPlugins(): a plugin is the name of a class that extends danog\MadelineProto\PluginEventHandler; Main is not
getPlugins(): a plugin is the name of a class that extends danog\MadelineProto\PluginEventHandler; 7 is not
getPluginPaths(): a directory is expected, /nowhere is none
getPluginPaths(): the file DIR/wrong/Other.php does not declare the class MadelinePlugin\Other
