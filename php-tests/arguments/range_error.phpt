--TEST--
Numbers out of their range are refused with the bound; those at the bounds pass
--FILE--
<?php
require __DIR__ . '/arguments.inc';

foreach ([2147483647, 2147483648, -2147483648, -2147483649, PHP_INT_MAX, PHP_INT_MIN, 1e30, -1e30, NAN, INF, '2147483648', '1e3', '0x10', '99999999999999999999'] as $value) {
    attempt('an int of ' . var_export($value, true), 'messages.getHistory', ['peer' => ['_' => 'inputPeerSelf'], 'limit' => $value]);
}
foreach ([PHP_INT_MAX, PHP_INT_MIN, 1e30, NAN, '9223372036854775808', [1, 2], [1, 2, 3]] as $value) {
    attempt('a long of ' . json_encode($value, JSON_PARTIAL_OUTPUT_ON_ERROR), 'messages.sendMessage', message(['random_id' => $value]));
}
foreach ([NAN, INF, -0.0, 1e308] as $value) {
    attempt('a double of ' . var_export($value, true), 'help.saveAppLog', ['events' => [['_' => 'inputAppEvent', 'time' => $value, 'type' => 't', 'peer' => 1, 'data' => ['_' => 'jsonNull']]]]);
}
foreach ([0, 4294967295, 4294967296, -1, 'x'] as $value) {
    attempt('a flags word of ' . json_encode($value), 'messages.getDialogs', ['flags' => $value]);
}
?>
--EXPECT--
an int of 2147483647: 40 bytes
an int of 2147483648: danog\MadelineProto\TL\Exception: Provided value 2147483648 is bigger than 2147483647
  While serializing messages.getHistory → limit: expected int, found the number 2147483648
an int of -2147483648: 40 bytes
an int of -2147483649: danog\MadelineProto\TL\Exception: Provided value -2147483649 is smaller than -2147483648
  While serializing messages.getHistory → limit: expected int, found the number -2147483649
an int of 9223372036854775807: danog\MadelineProto\TL\Exception: Provided value 9223372036854775807 is bigger than 2147483647
  While serializing messages.getHistory → limit: expected int, found the number 9223372036854775807
an int of -9223372036854775807-1: danog\MadelineProto\TL\Exception: Provided value -9223372036854775808 is smaller than -2147483648
  While serializing messages.getHistory → limit: expected int, found the number -9223372036854775808
an int of 1.0E+30: danog\MadelineProto\TL\Exception: Provided value 5076964154930102272 is bigger than 2147483647
  While serializing messages.getHistory → limit: expected int, found the number 1000000000000000000000000000000
an int of -1.0E+30: danog\MadelineProto\TL\Exception: Provided value -5076964154930102272 is smaller than -2147483648
  While serializing messages.getHistory → limit: expected int, found the number -1000000000000000000000000000000
an int of NAN: 40 bytes
an int of INF: 40 bytes
an int of '2147483648': danog\MadelineProto\TL\Exception: Provided value 2147483648 is bigger than 2147483647
  While serializing messages.getHistory → limit: expected int, found a string of 10 bytes
an int of '1e3': 40 bytes
an int of '0x10': danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getHistory → limit: expected int, found a string of 4 bytes
an int of '99999999999999999999': danog\MadelineProto\TL\Exception: Provided value 9223372036854775807 is bigger than 2147483647
  While serializing messages.getHistory → limit: expected int, found a string of 20 bytes
a long of 9223372036854775807: 28 bytes
a long of -9223372036854775808: 28 bytes
a long of 1.0e+30: 28 bytes
a long of 0: 28 bytes
a long of "9223372036854775808": 28 bytes
a long of [1,2]: 28 bytes
a long of [1,2,3]: danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.sendMessage → random_id: expected long, found a list of 3 items
a double of NAN: 40 bytes
a double of INF: 40 bytes
a double of -0.0: 40 bytes
a double of 1.0E+308: 40 bytes
a flags word of 0: 32 bytes
a flags word of 4294967295: danog\MadelineProto\TL\Exception: Missing required parameter exclude_pinned
  While serializing messages.getDialogs → exclude_pinned: expected a value for exclude_pinned, found none
a flags word of 4294967296: danog\MadelineProto\TL\Exception: Provided value 4294967296 is bigger than 4294967296
  While serializing messages.getDialogs → flags: expected #, found the number 4294967296
a flags word of -1: danog\MadelineProto\TL\Exception: Provided value -1 is smaller than 0
  While serializing messages.getDialogs → flags: expected #, found the number -1
a flags word of "x": danog\MadelineProto\TL\Exception: Given value isn't numeric
  While serializing messages.getDialogs → flags: expected #, found a string of 1 bytes
