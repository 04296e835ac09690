--TEST--
Objects that scripts made up or changed with unserialize() throw; they open no session that is none
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\{AbstractMessage, Action, Media, Message, Participant, Poll};
use danog\MadelineProto\InternalDoc;
use danog\MadelineProto\Ipc\IpcCapable;

$sandbox = Sandbox::start();
$api = $sandbox->user();
$session = $sandbox->path('user.madeline');
// Files that objects save land there.
chdir($sandbox->directory);
$string = fn (string $text) => sprintf('s:%d:"%s";', strlen($text), $text);
$forged = fn (string $class, string $properties = '', int $count = 0) => unserialize(sprintf('O:%d:"%s":%d:{%s}', strlen($class), $class, $count, $properties));
$of = fn (string $class, string $session) => $forged($class, $string("\0*\0session") . $string($session), 1);

echo "Sessions:\n";
mkdir($sandbox->path('directory'), 0755);
chmod($sandbox->path('directory'), 0755);
touch($sandbox->path('file'));
foreach (['directory', 'file', 'nowhere', "with\0zero", ''] as $name) {
    try {
        $of(Media\Photo::class, $name === '' ? '' : $sandbox->path($name))->downloadToDir();
    } catch (\Throwable $e) {
        echo $e::class, ': ', addcslashes(str_replace($sandbox->directory, '…', $e->getMessage()), "\0"), "\n";
    }
}
clearstatcache();
echo json_encode(scandir($sandbox->path('directory'))), sprintf(' %o', fileperms($sandbox->path('directory')) & 0777), "\n";

/** Something for a parameter. */
$argument = fn (ReflectionParameter $parameter) => match (true) {
    str_contains($parameter->getType(), 'ReportReason') => Message\ReportReason::SPAM,
    str_contains($parameter->getType(), 'array') => [],
    str_contains($parameter->getType(), 'int') => 1,
    str_contains($parameter->getType(), 'bool') => true,
    str_contains($parameter->getType(), 'string') => AbstractMessage::class,
    default => '/nowhere',
};
$call = function (object $object, ReflectionMethod $method) use ($argument) {
    $required = array_filter($method->getParameters(), fn ($parameter) => !$parameter->isOptional());
    return @$method->invokeArgs($object, array_map($argument, $required));
};
$methods = fn (ReflectionClass $class) => array_values(array_filter(
    $class->getMethods(ReflectionMethod::IS_PUBLIC),
    fn ($method) => !$method->isStatic() && !$method->isConstructor(),
));
$classes = array_filter(
    (new ReflectionExtension('madelineproto'))->getClasses(),
    fn ($class) => !$class->isAbstract() && !$class->isEnum() && ($class->isSubclassOf(IpcCapable::class)
        || str_starts_with($class->name, 'danog\MadelineProto\EventHandler\\') && !$class->isSubclassOf(InternalDoc::class)),
);

echo "Methods of objects without properties that give something:\n";
$given = [];
foreach ($classes as $class) {
    foreach ($methods($class) as $method) {
        try {
            $call($class->isSubclassOf(IpcCapable::class) ? $of($class->name, $session) : $forged($class->name), $method);
            $given[$method->class][$method->name] = true;
        } catch (\Throwable) {
        }
    }
}
ksort($given);
foreach ($given as $class => $names) {
    ksort($names);
    echo str_replace('danog\MadelineProto\\', '', $class), ': ', implode(' ', array_keys($names)), "\n";
}

echo "Changed:\n";
$poll = ['_' => 'messageMediaPoll', 'poll' => ['_' => 'poll', 'id' => 7, 'quiz' => true, 'question' => 'Why?', 'answers' => [
    ['_' => 'pollAnswer', 'text' => 'So', 'option' => '0']]], 'results' => ['_' => 'pollResults', 'solution' => 'It is', 'solution_entities' => [
        ['_' => 'messageEntityBold', 'offset' => 0, 'length' => 2]]]];
$press = ['query_id' => 1, 'user_id' => 2, 'chat_instance' => 3];
$keyboard = $api->wrapMessage($api->messages->getMessages(id: [42])['messages'][0]);
file_put_contents($sandbox->path('a.txt'), 'a');
$objects = [
    $keyboard, $keyboard->keyboard, $keyboard->keyboard->buttons[0][0],
    $api->sendMessage('me', '/say <b>it</b>', danog\MadelineProto\ParseMode::HTML),
    $document = $api->sendDocument('me', new danog\MadelineProto\LocalFile($sandbox->path('a.txt'))), $document->media,
    $api->wrapMessage(['_' => 'messageService', 'id' => 9, 'peer_id' => 5000001, 'date' => 1, 'action' => ['_' => 'messageActionChatEditTitle', 'title' => 'x']]),
    $api->wrapMessage(['_' => 'message', 'id' => 1, 'peer_id' => 5000001, 'date' => 1, 'message' => '', 'media' => $poll])->poll,
    $api->wrapUpdate(['_' => 'updateBotCallbackQuery', 'data' => 'x', 'peer' => 5000001, 'msg_id' => 4] + $press),
    $api->wrapUpdate(['_' => 'updateInlineBotCallbackQuery', 'game_short_name' => 'x', 'msg_id' => ['_' => 'inputBotInlineMessageID', 'dc_id' => 2, 'id' => 4, 'access_hash' => 5]] + $press),
    $api->wrapUpdate(['_' => 'updateBotInlineQuery', 'query_id' => 5, 'user_id' => 5000001, 'query' => 'cats', 'offset' => '', 'peer_type' => ['_' => 'inlineQueryPeerTypePM']]),
    new Action\EmojiTap('x', 1, [['t' => 0.0, 'i' => 1]]),
    Participant::fromRawParticipant(['_' => 'channelParticipantCreator', 'user_id' => 5, 'admin_rights' => ['_' => 'chatAdminRights', 'add_admins' => true]]),
];
mt_srand(5);
$outcomes = ['refused' => 0, 'thrown' => 0, 'given' => 0];
$values = ['N;', 'b:1;', 'i:-1;', 'd:1.5;', 's:1:"x";', 'a:0:{}', 'a:1:{i:0;R:1;}', 'R:1;', 'R:2;', 'O:8:"stdClass":0:{}', 'r:1;'];
foreach ($objects as $object) {
    $text = serialize($object);
    // Values: each key is matched with its value.
    preg_match_all('/(?:s:\d+:"[^"]*"|i:\d+);\K(?:[ibdrR]:[^;{]*;|N;|s:\d+:"[^"]*";)/', $text, $found, PREG_OFFSET_CAPTURE);
    foreach ($found[0] as [$token, $at]) {
        try {
            $changed = @unserialize(substr_replace($text, $values[mt_rand(0, 10)], $at, strlen($token)));
        } catch (\TypeError | \Error) {
            $changed = false;
        }
        if (!is_object($changed) || !$changed instanceof $object) {
            ++$outcomes['refused'];
            continue;
        }
        $all = $methods(new ReflectionClass($changed));
        foreach (array_slice($all, mt_rand(0, max(0, count($all) - 4)), 4) as $method) {
            try {
                $call($changed, $method);
                ++$outcomes['given'];
            } catch (\Throwable $e) {
                ++$outcomes['thrown'];
                if (str_contains($e->getMessage(), 'Rust panic')) {
                    echo $method->name, ' ', $e, "\n";
                }
            }
        }
    }
}
var_dump(min($outcomes) > 20);
?>
--EXPECT--
Sessions:
danog\MadelineProto\Exception: this danog\MadelineProto\EventHandler\Media\Photo belongs to the session …/directory, which is not there
danog\MadelineProto\Exception: this danog\MadelineProto\EventHandler\Media\Photo belongs to the session …/file, which is not there
danog\MadelineProto\Exception: this danog\MadelineProto\EventHandler\Media\Photo belongs to the session …/nowhere, which is not there
danog\MadelineProto\Exception: this danog\MadelineProto\EventHandler\Media\Photo belongs to the session …/with\000zero, which is not there
danog\MadelineProto\Exception: this danog\MadelineProto\EventHandler\Media\Photo does not say which session it belongs to
[".",".."] 755
Methods of objects without properties that give something:
EventHandler\Action: jsonSerialize toRawAction
EventHandler\Media: jsonSerialize
EventHandler\Media\GeoPoint: jsonSerialize
EventHandler\Message: getOurReactions
EventHandler\Message\Entities\MessageEntity: jsonSerialize toBotAPI toMTProto
TL\Types\Button: click jsonSerialize offsetExists offsetGet offsetSet offsetUnset
Changed:
bool(true)
