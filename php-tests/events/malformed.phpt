--TEST--
Malformed updates: they are logged, cost little memory and stop nothing; what is missing for them is fetched
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler;
use danog\MadelineProto\Logger;
use danog\MadelineProto\Settings\Logger as LoggerSettings;

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

/** Ids of the schema, as they go over the wire. */
function id(string $hex): string
{
    return bin2hex(strrev(hex2bin($hex)));
}

const ON = ['user' => 'live'];
$raw = fn (string $hex) => ['do' => 'say', 'what' => 'raw', 'hex' => $hex, 'on' => ON];
$say = fn (string $what, array $more = []) => ['do' => 'say', 'what' => $what, 'on' => ON] + $more;
[$short, $updates, $vector] = [id('78d4dec1'), id('74ae4240'), id('1cb5c415')];
$malformed = [
    'an update that is cut off' => $raw($short . id('ebe46819') . '00000000'),
    'a number in place of an update' => $raw($short . '01000000' . '00000000'),
    'a list without an end' => $raw($updates . $vector . 'ffffff7f'),
    'a list that is none' => $raw($updates . '01000000' . '02000000'),
    'a text that is longer than the rest' => $raw($short . id('ebe46819') . '00000000' . 'feffffff' . '00000000'),
    'many updates that are not there' => $say('huge_updates'),
    'boxes in boxes' => $say('deep_nesting'),
    'a bomb' => $say('gzip_bomb', ['bytes' => 1 << 30]),
    'what is no message' => $say('malformed'),
    'an unknown constructor' => $say('unknown_constructor'),
];

class Bot extends EventHandler
{
    private array $left;
    private int $before;

    public function onStart(): void
    {
        $this->left = $GLOBALS['malformed'];
        $this->before = memory();
        $GLOBALS['sandbox']->push('alice', 'live', 'the beginning');
    }

    public function onUpdateNewMessage(array $update): void
    {
        global $sandbox;
        echo $update['message']['message'], "\n";
        if (!$this->left) {
            // Whatever was in an object that cannot be read is asked for.
            $sandbox->ask(['do' => 'lose_update', 'on' => ON]);
            $sandbox->push('alice', 'live', 'lost on the way');
            $sandbox->ask(($GLOBALS['raw'])($GLOBALS['updates'] . $GLOBALS['vector'] . '01000000' . 'efbeadde'));
            $this->left = ['the end' => null];
        } elseif ($update['message']['message'] === 'lost on the way') {
            $sandbox->push('alice', 'live', 'the end');
        } elseif (key($this->left) === 'the end') {
            echo memory() - $this->before < 64_000 ? "little memory\n" : "much memory\n";
            $this->stop();
        } else {
            $what = key($this->left);
            $sandbox->ask(array_shift($this->left));
            $sandbox->push('alice', 'live', "after $what");
        }
    }

    public function onAny(array $update): void
    {
        echo 'delivered: ', json_encode($update), "\n";
    }
}

function memory(): int
{
    preg_match('/^VmHWM:\s*(\d+)/m', file_get_contents('/proc/self/status'), $found);
    return (int) $found[1];
}

$settings = (new LoggerSettings)->setType(Logger::FILE_LOGGER)->setExtra($sandbox->path('bot.log'))->setLevel(Logger::ERROR);
Bot::startAndLoop($sandbox->path('live.madeline'), $settings);
preg_match_all('/could not be read: .*/', file_get_contents($sandbox->path('bot.log')), $lines);
echo implode("\n", $lines[0]), "\n";
?>
--EXPECT--
the beginning
after an update that is cut off
after a number in place of an update
after a list without an end
after a list that is none
after a text that is longer than the rest
after many updates that are not there
after boxes in boxes
after a bomb
after what is no message
after an unknown constructor
lost on the way
the end
little memory
could not be read: an object of updates: byte 8, Update → updateServiceNotification → type: expected 1 more bytes, found 0
could not be read: an object of updates: byte 0, Update: expected a constructor of the schema, found 00000001
could not be read: an object of updates: expected as many items as fit into the input, found a count of 2147483647
could not be read: an object of updates: expected constructor 1cb5c415, found 00000001
could not be read: an object of updates: byte 12, Update → updateServiceNotification → type: expected 16777215 more bytes, found 4
could not be read: an object of updates: expected as many items as fit into the input, found a count of 2147483647
could not be read: an object of updates: byte 0, Update: expected a constructor of the schema, found deadbeef
