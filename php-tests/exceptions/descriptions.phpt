--TEST--
Errors are described in a sentence, those with numbers in them too
--FILE--
<?php
foreach ([
    'CHAT_WRITE_FORBIDDEN', 'FILE_MIGRATE_4', 'FILE_PART_0_MISSING', 'FILE_PART_12_MISSING', 'FILE_REFERENCE_3_EXPIRED',
    'PREVIOUS_CHAT_IMPORT_ACTIVE_WAIT_5MIN', 'INTERDC_2_CALL_ERROR', '2FA_CONFIRM_WAIT_600', 'STARGIFT_USAGE_LIMITED',
    'MD5_CHECKSUM_INVALID', 'AUTH_TOKEN_INVALIDX', 'No workers running', '-503', 'YOU_BLOCKED_USER',
] as $rpc) {
    echo $rpc, ': ', danog\MadelineProto\RPCErrorException::make($rpc, 400, 'x.y')->getLocalization(), "\n";
}
?>
--EXPECT--
CHAT_WRITE_FORBIDDEN: You cannot write in this chat
FILE_MIGRATE_4: Another data centre has this file
FILE_PART_0_MISSING: A part of the file is missing: upload it again
FILE_PART_12_MISSING: A part of the file is missing: upload it again
FILE_REFERENCE_3_EXPIRED: The reference of one of the files has expired, get its message again
PREVIOUS_CHAT_IMPORT_ACTIVE_WAIT_5MIN: Another chat import is running, wait until it is done
INTERDC_2_CALL_ERROR: A data centre could not reach another one, try again
2FA_CONFIRM_WAIT_600: The account has a password: the deletion has to wait
STARGIFT_USAGE_LIMITED: All gifts of this kind are sold
MD5_CHECKSUM_INVALID: The MD5 checksum does not match the uploaded file
AUTH_TOKEN_INVALIDX: This login code is wrong
No workers running: The server has no capacity at the moment, try again
-503: The server took too long, try again
YOU_BLOCKED_USER: You have blocked this user
