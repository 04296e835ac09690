--TEST--
A button that went through serialize() goes on with the API object of its session, or opens the session again
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
$api = $sandbox->user();
$button = $api->messages->getMessages(id: [42])['messages'][0]['reply_markup']['rows'][0]['buttons'][0];
$kept = serialize($button);
var_dump(str_contains($kept, $sandbox->path('user.madeline')));
echo unserialize($kept)->click(false)['message'], "\n";

// The script has no API object any more.
$copy = clone $button;
unset($api, $button);
echo $copy->click(false)['message'], "\n";
unset($copy);
echo unserialize($kept)->click(false)['message'], "\n";

// Another process.
file_put_contents($sandbox->path('button'), $kept);
[$status, $printed] = $sandbox->php('<?php echo unserialize(file_get_contents("button"))->click(false)["message"], "\n";');
echo $status, ' ', $printed;

// The session is gone.
rename($sandbox->path('user.madeline'), $sandbox->path('moved.madeline'));
try {
    unserialize($kept)->click(false);
} catch (\danog\MadelineProto\Exception $e) {
    echo str_replace($sandbox->directory, '…', $e->getMessage()), "\n";
}
var_dump(file_exists($sandbox->path('user.madeline')));
try {
    new \danog\MadelineProto\TL\Types\Button();
} catch (\Error $e) {
    echo $e->getMessage(), "\n";
}
?>
--EXPECT--
bool(true)
You pressed yes.
You pressed yes.
You pressed yes.
0 You pressed yes.
this danog\MadelineProto\TL\Types\Button belongs to the session …/user.madeline, which is not there
bool(false)
Call to protected danog\MadelineProto\Ipc\IpcCapable::__construct() from global scope
