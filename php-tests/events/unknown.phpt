--TEST--
An update that the schema does not have is logged with its id; the rest is delivered
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler;
use danog\MadelineProto\Logger;
use danog\MadelineProto\Settings\Logger as LoggerSettings;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

class Bot extends EventHandler
{
    public function onStart(): void
    {
        global $sandbox;
        // updateShort with the constructor deadbeef, and a date.
        $sandbox->ask(['do' => 'say', 'what' => 'raw', 'hex' => 'c1ded478' . 'efbeadde' . '00000000', 'on' => ['user' => 'live']]);
        $sandbox->push('alice', 'live', 'known');
    }

    public function onUpdateNewMessage(array $update): void
    {
        echo $update['message']['message'], "\n";
        $sandbox = $GLOBALS['sandbox'];
        if ($update['message']['message'] === 'known') {
            $sandbox->push('alice', 'live', 'known as well');
        } else {
            $this->stop();
        }
    }
}
$settings = (new LoggerSettings)->setType(Logger::FILE_LOGGER)->setExtra($sandbox->path('bot.log'))->setLevel(Logger::ERROR);
Bot::startAndLoop($sandbox->path('live.madeline'), $settings);
var_dump(str_contains(file_get_contents($sandbox->path('bot.log')), 'deadbeef'));
?>
--EXPECT--
known
known as well
bool(true)
