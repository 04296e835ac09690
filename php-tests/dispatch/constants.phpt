--TEST--
Constants and static properties have MadelineProto's values; what is not there is listed with its reason
--INI--
madelineproto.log_level=none
--FILE--
<?php
const CONSTANTS = [
    'API' => [
        'RELEASE' => '8.3.5', 'NOT_LOGGED_IN' => 0, 'WAITING_CODE' => 1, 'WAITING_SIGNUP' => -1, 'WAITING_PASSWORD' => 2, 'LOGGED_IN' => 3, 'LOGGED_OUT' => 4,
        'PEER_TYPE_USER' => 'user', 'PEER_TYPE_BOT' => 'bot', 'PEER_TYPE_GROUP' => 'chat', 'PEER_TYPE_SUPERGROUP' => 'supergroup',
        'PEER_TYPE_CHANNEL' => 'channel', 'INFO_TYPE_PEER' => 0, 'INFO_TYPE_CONSTRUCTOR' => 1, 'INFO_TYPE_ID' => 2, 'INFO_TYPE_ALL' => 3,
        'INFO_TYPE_USERNAMES' => 4, 'INFO_TYPE_TYPE' => 5,
    ],
    'Logger' => [
        'ULTRA_VERBOSE' => 5, 'VERBOSE' => 4, 'NOTICE' => 3, 'WARNING' => 2, 'ERROR' => 1, 'FATAL_ERROR' => 0, 'LEVEL_ULTRA_VERBOSE' => 5,
        'LEVEL_VERBOSE' => 4, 'LEVEL_NOTICE' => 3, 'LEVEL_WARNING' => 2, 'LEVEL_ERROR' => 1, 'LEVEL_FATAL' => 0, 'DEFAULT_LOGGER' => 1,
        'FILE_LOGGER' => 2, 'ECHO_LOGGER' => 3, 'CALLABLE_LOGGER' => 4, 'LOGGER_DEFAULT' => 1, 'LOGGER_FILE' => 2, 'LOGGER_ECHO' => 3,
        'LOGGER_CALLABLE' => 4, 'NO_LOGGER' => 0,
    ],
    'MTProto' => [
        'RELEASE' => '8.3.5', 'NOT_LOGGED_IN' => 0, 'WAITING_CODE' => 1, 'WAITING_SIGNUP' => -1, 'WAITING_PASSWORD' => 2, 'LOGGED_IN' => 3,
        'LOGGED_OUT' => 4, 'INFO_TYPE_PEER' => 0, 'INFO_TYPE_CONSTRUCTOR' => 1, 'INFO_TYPE_ID' => 2, 'INFO_TYPE_ALL' => 3, 'INFO_TYPE_USERNAMES' => 4,
        'INFO_TYPE_TYPE' => 5, 'SECRET_EMPTY' => 0, 'SECRET_REQUESTED' => 1, 'SECRET_READY' => 2,
    ],
    'Magic' => [
        'ZERO_CHANNEL_ID' => -1000000000000, 'ZERO_SECRET_CHAT_ID' => -2000000000000, 'MAX_USER_ID' => 2 ** 40 - 1, 'MAX_CHAT_ID' => 999999999999,
        'MAX_CHANNEL_ID' => 1000000000000 - 2 ** 31,
    ],
];
/** By reason. */
const ABSENT = [
    'tables of the original\'s own machinery, which no script reads' => 'MTProto::V MTProto::DISALLOWED_METHODS MTProto::BAD_MSG_ERROR_CODES '
        . 'MTProto::MSGS_INFO_FLAGS MTProto::BOTAPI_PARAMS_CONVERSION MTProto::PFS_DURATION',
    'calls' => 'Magic::$emojis',
];
const STATICS = [
    'Magic' => 'isIpcWorker script_cwd cwd isatty hasOpenssl altervista zerowebhost revision',
    'Logger' => 'default',
    'Lang' => 'lang current_lang',
];
foreach (CONSTANTS as $class => $values) {
    foreach ($values as $name => $value) {
        $constant = "danog\\MadelineProto\\$class::$name";
        if (!defined($constant)) {
            echo "$class::$name is missing\n";
        } elseif (constant($constant) !== $value) {
            echo "$class::$name is ", var_export(constant($constant), true), "\n";
        }
    }
}
foreach (STATICS as $class => $names) {
    foreach (explode(' ', $names) as $name) {
        if (!property_exists("danog\\MadelineProto\\$class", $name)) {
            echo "$class::\$$name is missing\n";
        }
    }
}
require __DIR__ . '/../support/sandbox.inc';
use danog\MadelineProto\Magic;
$api = Sandbox::start()->api();
var_dump(Magic::$isIpcWorker, Magic::$altervista, Magic::$cwd === getcwd(), Magic::$script_cwd === getcwd(), Magic::$isatty, Magic::$hasOpenssl);
?>
--EXPECT--
bool(false)
bool(false)
bool(true)
bool(true)
bool(false)
bool(true)
