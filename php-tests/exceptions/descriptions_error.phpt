--TEST--
An error that nobody has described keeps its own text, a number at its end replaced
--FILE--
<?php
foreach (['SOMETHING_NEW', 'SOMETHING_NEW_7', 'PART_3_NEW', '3', '_', 'X_', "\xff", 'file_migrate_4', str_repeat('A', 70000)] as $rpc) {
    $text = danog\MadelineProto\RPCErrorException::make($rpc, 400, 'x.y')->getLocalization();
    echo strlen($rpc) > 99 ? var_export($text === $rpc, true) : json_encode([$rpc, $text], JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
?>
--EXPECT--
["SOMETHING_NEW","SOMETHING_NEW"]
["SOMETHING_NEW_7","SOMETHING_NEW_X"]
["PART_3_NEW","PART_3_NEW"]
["3","3"]
["_","_"]
["X_","X_"]
["\ufffd","\ufffd"]
["file_migrate_4","file_migrate_X"]
true
