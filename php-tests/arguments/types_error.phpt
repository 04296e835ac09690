--TEST--
Arguments of the wrong type are refused where they stand; those that can be converted are not
--FILE--
<?php
require __DIR__ . '/arguments.inc';

foreach ([7, 7.9, '7', ' 7 ', 'seven', '', '7 days', [], [1], true, new stdClass, STDIN] as $value) {
    attempt('an int from ' . get_debug_type($value) . ' ' . json_encode($value, JSON_PARTIAL_OUTPUT_ON_ERROR), 'messages.getHistory',
        ['peer' => ['_' => 'inputPeerSelf'], 'limit' => $value]);
}
foreach (['text', 7, 7.5, true, [], ['text'], new stdClass, STDIN] as $value) {
    attempt('a string from ' . get_debug_type($value), 'messages.sendMessage', message(['message' => $value]));
}
foreach (['text', 7, ['_' => 'bytes', 'bytes' => 'dGV4dA=='], ['_' => 'bytes'], [116], new stdClass] as $value) {
    attempt('bytes from ' . json_encode($value), 'messages.getBotCallbackAnswer', ['peer' => ['_' => 'inputPeerSelf'], 'data' => $value]);
}
foreach ([[], [1], ['a' => 1], '1', 1, ['_' => 'inputMessageID', 'id' => 1], new stdClass] as $value) {
    attempt('a vector from ' . json_encode($value), 'messages.deleteMessages', ['id' => $value]);
}
foreach ([1, 1.5, '1', true, [], new stdClass] as $value) {
    attempt('a double from ' . json_encode($value), 'help.saveAppLog', ['events' => [['_' => 'inputAppEvent', 'time' => $value, 'type' => 't', 'peer' => 1, 'data' => ['_' => 'jsonNull']]]]);
}
foreach ([['_' => 'inputPeerSelf'], ['_' => 'inputUserSelf'], ['_' => 7], [], ['id' => 1], 'text', 1, true, new stdClass, STDIN] as $value) {
    attempt('an object from ' . (is_resource($value) ? 'a resource' : json_encode($value)), 'messages.getHistory', ['peer' => $value]);
}
?>
--EXPECT--
an int from int 7: 40 bytes
an int from float 7.9: 40 bytes
an int from string "7": 40 bytes
an int from string " 7 ": 40 bytes
an int from string "seven": danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found a string of 5 bytes
an int from string "": danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found an empty string
an int from string "7 days": danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found a string of 6 bytes
an int from array []: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found an empty array
an int from array [1]: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found a list of 1 item
an int from bool true: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found true
an int from stdClass {}: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found an object of stdClass
an int from resource (stream) null: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found a resource
a string from string: 28 bytes
a string from int: 24 bytes
a string from float: 24 bytes
a string from bool: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found true
a string from array: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found an empty array
a string from array: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found a list of 1 item
a string from stdClass: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found an object of stdClass
a string from resource (stream): danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.sendMessage → message: expected string, found a resource
bytes from "text": 24 bytes
bytes from 7: 20 bytes
bytes from {"_":"bytes","bytes":"dGV4dA=="}: 24 bytes
bytes from {"_":"bytes"}: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.getBotCallbackAnswer → data: expected bytes, found bytes
bytes from [116]: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.getBotCallbackAnswer → data: expected bytes, found a list of 1 item
bytes from {}: danog\MadelineProto\TL\Exception: A string was expected!
  While serializing messages.getBotCallbackAnswer → data: expected bytes, found an object of stdClass
a vector from []: 16 bytes
a vector from [1]: 20 bytes
a vector from {"a":1}: 20 bytes
a vector from "1": danog\MadelineProto\TL\Exception: You didn't provide a valid array
  While serializing messages.deleteMessages → id: expected Vector<int>, found a string of 1 bytes
a vector from 1: danog\MadelineProto\TL\Exception: You didn't provide a valid array
  While serializing messages.deleteMessages → id: expected Vector<int>, found the number 1
a vector from {"_":"inputMessageID","id":1}: danog\MadelineProto\TL\Exception: You didn't provide a valid array
  While serializing messages.deleteMessages → id: expected Vector<int>, found inputMessageID
a vector from {}: danog\MadelineProto\TL\Exception: You didn't provide a valid array
  While serializing messages.deleteMessages → id: expected Vector<int>, found an object of stdClass
a double from 1: 40 bytes
a double from 1.5: 40 bytes
a double from "1": TypeError: danog\MadelineProto\Tools::packDouble(): Argument #1 ($value) must be of type float, string given
  While serializing help.saveAppLog → events[0] → time: expected double, found a string of 1 bytes
a double from true: TypeError: danog\MadelineProto\Tools::packDouble(): Argument #1 ($value) must be of type float, bool given
  While serializing help.saveAppLog → events[0] → time: expected double, found true
a double from []: TypeError: danog\MadelineProto\Tools::packDouble(): Argument #1 ($value) must be of type float, array given
  While serializing help.saveAppLog → events[0] → time: expected double, found an empty array
a double from {}: TypeError: danog\MadelineProto\Tools::packDouble(): Argument #1 ($value) must be of type float, object given
  While serializing help.saveAppLog → events[0] → time: expected double, found an object of stdClass
an object from {"_":"inputPeerSelf"}: 40 bytes
an object from {"_":"inputUserSelf"}: 40 bytes
an object from {"_":7}: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.getHistory → peer: expected InputPeer, found an array without _
an object from []: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.getHistory → peer: expected InputPeer, found an empty array
an object from {"id":1}: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.getHistory → peer: expected InputPeer, found an array without _
an object from "text": danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.getHistory → peer: expected InputPeer, found a string of 4 bytes
an object from 1: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.getHistory → peer: expected InputPeer, found the number 1
an object from true: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.getHistory → peer: expected InputPeer, found true
an object from {}: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.getHistory → peer: expected InputPeer, found an object of stdClass
an object from a resource: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.getHistory → peer: expected InputPeer, found a resource
