--TEST--
What scripts use most exists and has a test; what does not is listed with its subject
--FILE--
<?php
use danog\MadelineProto\API;

/** Methods by how many public scripts call them, in the spelling they use. */
const METHODS = 'start getSelf get_self getInfo get_info logger phoneLogin completePhoneLogin phone_login complete_phone_login '
    . 'loop async getFullInfo startAndLoop complete2faLogin sleep downloadToFile getAuthorization get_updates getUpdates setEventHandler '
    . 'getDialogs report restart logout getPwrChat serialize getFullDialogs upload echo downloadToDir getId bot_login botLogin '
    . 'complete_2fa_login completeSignup complete_signup updateSettings getLogger getSessionName exportAuthorization qrLogin update2fa '
    . 'setReportPeers getSettings getDialogIds extractMessageId readLine';
const TL_METHODS = 'messages.sendMessage messages.getHistory messages.sendMedia channels.joinChannel messages.editMessage '
    . 'messages.importChatInvite channels.getMessages messages.getMessages account.updateProfile messages.forwardMessages '
    . 'channels.leaveChannel messages.readHistory channels.createChannel channels.inviteToChannel messages.getPeerDialogs';
const CLASSES = 'API Settings EventHandler Settings\AppInfo Logger SimpleEventHandler Serialization EventHandler\Message Settings\Logger '
    . 'Settings\Database\Mysql RemoteUrl RPCErrorException Exception';
const ABSENT = [
    'typed objects, filters and attributes' => 'EventHandler\Message SimpleEventHandler',
    'files and media' => 'downloadToFile downloadToDir upload RemoteUrl',
];

$tests = '';
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator(dirname(__DIR__))) as $file) {
    if ($file->getExtension() === 'phpt' && !str_contains($file->getPathname(), '/dispatch/')) {
        $tests .= file_get_contents($file->getPathname());
    }
}
$absent = explode(' ', implode(' ', ABSENT));
function check(string $name, bool $exists, bool $tested): void
{
    global $absent;
    if (in_array($name, $absent, true)) {
        return;
    }
    echo $exists ? ($tested ? '' : "$name has no test\n") : "$name is missing\n";
}
foreach (explode(' ', METHODS) as $name) {
    $exists = method_exists(API::class, str_replace('_', '', $name));
    check($name, $exists, preg_match('/(?:->|::|\'|")' . $name . '(?:\(|\'|")/', $tests) === 1);
}
foreach (explode(' ', TL_METHODS) as $name) {
    [$space, $method] = explode('.', $name);
    $exists = method_exists((string) (new ReflectionProperty(API::class, $space))->getType(), $method);
    check($name, $exists, str_contains($tests, "$space->$method(") || str_contains($tests, "'$name'"));
}
foreach (explode(' ', CLASSES) as $name) {
    check($name, class_exists("danog\\MadelineProto\\$name"), preg_match('/\b' . preg_quote(substr(strrchr("\\$name", '\\'), 1)) . '\b/', $tests) === 1);
}
echo "done\n";
?>
--EXPECT--
done
