--TEST--
Arrays that contain themselves, and deep ones, end with an exception; references are followed
--FILE--
<?php
require __DIR__ . '/arguments.inc';

$rows = ['_' => 'replyInlineMarkup'];
$rows['rows'] = [&$rows];
attempt('a keyboard of itself', 'messages.sendMessage', message(['reply_markup' => &$rows]));
$text = ['_' => 'textBold'];
$text['text'] = &$text;
attempt('a text of itself', 'messages.sendMessage', message(['reply_markup' => &$text]));
$list = [1];
$list[] = &$list;
attempt('a list of itself', 'messages.deleteMessages', ['id' => &$list]);
$json = ['_' => 'jsonArray'];
$json['value'] = [&$json];
attempt('a JSON value of itself', 'help.saveAppLog', ['events' => [['_' => 'inputAppEvent', 'time' => 1.0, 'type' => 't', 'peer' => 1, 'data' => &$json]]]);
$data = [];
$data['again'] = &$data;
attempt('JSON data of itself', 'phone.joinGroupCall', ['call' => ['_' => 'inputGroupCall', 'id' => 1, 'access_hash' => 1], 'join_as' => ['_' => 'inputPeerSelf'], 'params' => &$data]);
$peer = [];
$peer['peer'] = &$peer;
attempt('a peer of itself', 'messages.sendMessage', message(['peer' => &$peer]));
$deep = ['_' => 'textEmpty'];
for ($depth = 0; $depth < 100_000; ++$depth) {
    $deep = ['_' => 'textBold', 'text' => $deep];
}
attempt('a deep one', 'messages.sendMessage', message(['reply_markup' => $deep]));
for ($flat = ['_' => 'textEmpty'], $depth = 0; $depth < 100; ++$depth) {
    $flat = ['_' => 'textBold', 'text' => $flat];
}
attempt('one that is not too deep', 'messages.sendMessage', message(['reply_markup' => $flat]));

$self = ['_' => 'inputPeerSelf'];
$name = '_';
$limit = 5;
$reference = &$limit;
$arguments = ['peer' => &$self, 'limit' => &$reference];
attempt('references', 'messages.getHistory', $arguments);
var_dump($limit, $self);
// Break the circles, which PHP would look for at the end.
$rows = $text = $list = $json = $data = $peer = null;
?>
--EXPECT--
a keyboard of itself: danog\MadelineProto\TL\Exception: Arrays are nested too deep, or contain themselves
  While serializing messages.sendMessage → reply_markup → rows[0] → rows[0] → rows[0] → rows[0] → rows[0] → rows[0] → rows[0] → rows → … → rows[0] → rows: expected values that nest less deep
a text of itself: danog\MadelineProto\TL\Exception: Arrays are nested too deep, or contain themselves
  While serializing messages.sendMessage → reply_markup → text → text → text → text → text → text → text → text → text → text → text → text → text → text → text → … → text → text → text → text: expected values that nest less deep
a list of itself: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.deleteMessages → id[1]: expected int, found a list of 2 items
a JSON value of itself: danog\MadelineProto\TL\Exception: Arrays are nested too deep, or contain themselves
  While serializing help.saveAppLog → events[0] → data → value[0] → value[0] → value[0] → value[0] → value[0] → value[0] → value → … → value[0] → value: expected values that nest less deep
JSON data of itself: JsonException: Maximum stack depth exceeded
  While serializing phone.joinGroupCall → params: expected DataJSON, found an array without _
a peer of itself: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → peer: expected InputPeer, found an array without _
a deep one: danog\MadelineProto\TL\Exception: Arrays are nested too deep, or contain themselves
  While serializing messages.sendMessage → reply_markup → text → text → text → text → text → text → text → text → text → text → text → text → text → text → text → … → text → text → text → text: expected values that nest less deep
one that is not too deep: 432 bytes
references: 40 bytes
int(5)
array(1) {
  ["_"]=>
  string(13) "inputPeerSelf"
}
