--TEST--
Results look as the release that a script was written for made them: by the ini table, or by the script's own style
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start()->configure();
ini_set('madelineproto.log_level', 'none');
$sandbox->user();
gc_collect_cycles();

function shape(\danog\MadelineProto\API $api): string
{
    $message = $api->messages->getMessages(id: [42])['messages'][0];
    $shape = fn (string $key) => $key . ': ' . (isset($message[$key]) ? (is_array($message[$key]) ? $message[$key]['_'] : get_debug_type($message[$key])) : 'none');
    $clicked = $message['reply_markup']['rows'][0]['buttons'][0]->click();
    return implode(', ', [$shape('peer_id'), $shape('to_id'), 'click(): ' . (is_array($clicked) ? $clicked['_'] : json_encode($clicked))]) . "\n";
}

$path = $sandbox->path('user.madeline');
foreach (['v8', 'v7', 'v4', 'auto'] as $dialect) {
    ini_set('madelineproto.dialect', $dialect);
    echo $dialect, ': ', shape(new \danog\MadelineProto\API($path));
}
echo 'settings as an array: ', shape(new \danog\MadelineProto\API($path, ['app_info' => ['lang_code' => 'en']]));
echo 'an empty array: ', shape(new \danog\MadelineProto\API($path, []));
ini_set('madelineproto.dialect', 'v8');
echo 'the ini table goes before the style: ', shape(new \danog\MadelineProto\API($path, ['app_info' => ['lang_code' => 'en']]));

// A first argument that is no array: an error in release 8, nothing in those before.
ini_set('madelineproto.dialect', 'v7');
$old = new \danog\MadelineProto\API($path);
echo $old->help->getNearestDc('ignored')['_'], "\n";
ini_set('madelineproto.dialect', 'v8');
$new = new \danog\MadelineProto\API($path);
thrown(fn () => $new->help->getNearestDc('ignored'));
?>
--EXPECT--
v8: peer_id: int, to_id: none, click(): true
v7: peer_id: peerUser, to_id: none, click(): messages.botCallbackAnswer
v4: peer_id: peerUser, to_id: peerUser, click(): messages.botCallbackAnswer
auto: peer_id: int, to_id: none, click(): true
settings as an array: peer_id: peerUser, to_id: none, click(): messages.botCallbackAnswer
an empty array: peer_id: int, to_id: none, click(): true
the ini table goes before the style: peer_id: int, to_id: none, click(): true
nearestDc
InvalidArgumentException: Parameter names must be provided!
