--TEST--
Unknown methods, constructors and types are named; unknown parameters are nobody's business, as in MadelineProto
--FILE--
<?php
require __DIR__ . '/arguments.inc';
use danog\MadelineProto\Tools;

attempt('an unknown method', 'messages.sendMassage', []);
attempt('a method in other case', 'Messages.SendMessage', message([]));
attempt('an unknown parameter', 'messages.sendMessage', message(['nobody_knows' => new stdClass]));
attempt('a known call', 'messages.sendMessage', message([]));
attempt('an unknown constructor', 'messages.sendMessage', message(['peer' => ['_' => 'inputPeerMyself']]));
attempt('a constructor in other case', 'messages.sendMessage', message(['peer' => ['_' => 'InputPeerSelf']]));
attempt('a method for a constructor', 'messages.sendMessage', message(['peer' => ['_' => 'messages.sendMessage']]));
attempt('an empty name', 'messages.sendMessage', message(['peer' => ['_' => '']]));
attempt('a name that is no text', 'messages.sendMessage', message(['peer' => ['_' => ['inputPeerSelf']]]));
attempt('a name that is not UTF-8', 'messages.sendMessage', message(['peer' => ['_' => "\xff\xfe"]]));
attempt('a name with a zero byte', 'messages.sendMessage', message(['peer' => ['_' => "inputPeerSelf\0"]]));
attempt('a constructor of another type', 'messages.sendMessage', message(['reply_markup' => ['_' => 'inputPeerSelf']]));
attempt('in a vector', 'messages.getPeerDialogs', ['peers' => [['_' => 'inputDialogPeer', 'peer' => ['_' => 'inputPeerSelf']], ['_' => 'inputDialogPear']]]);
attempt('keys that are not UTF-8', 'messages.sendMessage', message(["\xff\xfe" => 1]));
attempt('keys that are not UTF-8, in an object', 'messages.sendMessage', message(['peer' => ["\xff" => 1]]));
attempt('keys that are not UTF-8, in a vector', 'messages.deleteMessages', ['id' => ["\xff" => 1]]);
foreach (['NoSuchType', 'Vector<NoSuchType>', 'Vector<', ''] as $type) {
    try {
        echo "type '$type': ", bin2hex(Tools::tlSerialize($type, [])), "\n";
    } catch (Throwable $e) {
        echo "type '$type': ", $e::class, ': ', $e->getMessage(), "\n";
    }
}
?>
--EXPECT--
an unknown method: danog\MadelineProto\TL\Exception: Could not find method messages.sendMassage!
  
a method in other case: danog\MadelineProto\TL\Exception: Could not find method Messages.SendMessage!
  
an unknown parameter: 28 bytes
a known call: 28 bytes
an unknown constructor: danog\MadelineProto\TL\Exception: Could not extract type "inputPeerMyself", you should update MadelineProto!
  While serializing messages.sendMessage → peer: expected a constructor of the schema, found inputPeerMyself
a constructor in other case: danog\MadelineProto\TL\Exception: Could not extract type "InputPeerSelf", you should update MadelineProto!
  While serializing messages.sendMessage → peer: expected a constructor of the schema, found InputPeerSelf
a method for a constructor: danog\MadelineProto\TL\Exception: Could not extract type "messages.sendMessage", you should update MadelineProto!
  While serializing messages.sendMessage → peer: expected a constructor of the schema, found messages.sendMessage
an empty name: danog\MadelineProto\TL\Exception: Could not extract type "", you should update MadelineProto!
  While serializing messages.sendMessage → peer: expected a constructor of the schema, found 
a name that is no text: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → peer: expected InputPeer, found an array without _
a name that is not UTF-8: danog\MadelineProto\TL\Exception: Could not extract type "��", you should update MadelineProto!
  While serializing messages.sendMessage → peer: expected a constructor of the schema, found ��
a name with a zero byte: danog\MadelineProto\TL\Exception: Could not extract type "inputPeerSelf\000", you should update MadelineProto!
  While serializing messages.sendMessage → peer: expected a constructor of the schema, found inputPeerSelf\000
a constructor of another type: 32 bytes
in a vector: danog\MadelineProto\TL\Exception: Could not extract type "inputDialogPear", you should update MadelineProto!
  While serializing messages.getPeerDialogs → peers[1]: expected a constructor of the schema, found inputDialogPear
keys that are not UTF-8: 28 bytes
keys that are not UTF-8, in an object: danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
  While serializing messages.sendMessage → peer: expected InputPeer, found an array without _
keys that are not UTF-8, in a vector: 20 bytes
type 'NoSuchType': type 'NoSuchType': danog\MadelineProto\TL\Exception: The schema has no type NoSuchType
type 'Vector<NoSuchType>': type 'Vector<NoSuchType>': danog\MadelineProto\TL\Exception: The schema has no type Vector<NoSuchType>
type 'Vector<': type 'Vector<': danog\MadelineProto\TL\Exception: The schema has no type Vector<
type '': type '': danog\MadelineProto\TL\Exception: Predicate (value under _) was not set!
