--TEST--
The classes that scripts name exist, with their constants; what is not there yet is listed with its subject
--FILE--
<?php
const PRESENT = [
    'core' => 'API InternalDoc AbstractAPI Namespace\AbstractAPI Settings SettingsAbstract SettingsEmpty Logger PsrLogger Serialization Tools '
        . 'StrTools Magic MTProto Shutdown Conversion ParseMode TL\Types\Bytes TL\Types\Button TL\Types\LoginQrCode Ipc\IpcCapable',
    'settings' => 'Settings\AppInfo Settings\Auth Settings\Connection Settings\Files Settings\Logger Settings\Metrics Settings\Peer Settings\RPC '
        . 'Settings\SecretChats Settings\Serialization Settings\TLSchema Settings\DatabaseAbstract Settings\Database\Memory Settings\Database\Mysql '
        . 'Settings\Database\Postgres Settings\Database\Redis Settings\Templates Settings\Ipc Settings\VoIP',
    'streams' => 'Stream\MTProtoTransport\AbridgedStream Stream\MTProtoTransport\IntermediateStream Stream\MTProtoTransport\IntermediatePaddedStream '
        . 'Stream\MTProtoTransport\FullStream Stream\MTProtoTransport\ObfuscatedStream Stream\Transport\DefaultStream Stream\Proxy\HttpProxy '
        . 'Stream\Proxy\SocksProxy',
    'handlers of updates' => 'EventHandler SimpleEventHandler PluginEventHandler EventHandler\Plugin\RestartPlugin CombinedAPI CombinedEventHandler',
    'errors' => 'Exception PeerNotInDbException SecretPeerNotInDbException RPCErrorException RPCError\RateLimitError RPCError\FloodWaitError '
        . 'RPCError\FloodPremiumWaitError RPCError\TimeoutError RPCError\ChannelInvalidError RPCError\PeerIdInvalidError TL\Exception '
        . 'TL\Conversion\Exception PTSException SecurityException ResponseException StreamEof NothingInTheSocketException TransportError',
];
/** By subject; a name stays here until its subject is done. */
const ABSENT = [
    'updates and event handlers' => 'EventHandlerIssue Ipc\EventHandlerProxy',
    'typed objects' => 'EventHandler\Message EventHandler\Media EventHandler\Update TextEntities',
    'files and media' => 'LocalFile RemoteUrl BotApiFileId FileCallback FileCallbackInterface FileRedirect TL\Conversion\Extension',
    'generators and Amp' => 'AsyncTools',
    'broadcasts' => 'Broadcast\Action Broadcast\Filter Broadcast\Progress Broadcast\Status Broadcast\BroadcastCancelledException',
    'calls' => 'VoIP VoIP\DiscardReason VoIP\CallState',
    'secret chats' => 'SecretChats\SecretChat',
    'Lua' => 'Lua',
    'texts in other languages: there is one language' => 'Lang',
    'login at my.telegram.org, which no script starts by itself' => 'MyTelegramOrgWrapper APIWrapper',
    'an empty class of releases 6 and 7' => 'Settings\Pwr',
];
const CONSTANTS = [
    'API' => 'RELEASE NOT_LOGGED_IN WAITING_CODE WAITING_SIGNUP WAITING_PASSWORD LOGGED_IN LOGGED_OUT PEER_TYPE_USER PEER_TYPE_BOT PEER_TYPE_GROUP '
        . 'PEER_TYPE_SUPERGROUP PEER_TYPE_CHANNEL INFO_TYPE_PEER INFO_TYPE_CONSTRUCTOR INFO_TYPE_ID INFO_TYPE_ALL INFO_TYPE_USERNAMES INFO_TYPE_TYPE',
    'Logger' => 'ULTRA_VERBOSE VERBOSE NOTICE WARNING ERROR FATAL_ERROR LEVEL_ULTRA_VERBOSE LEVEL_VERBOSE LEVEL_NOTICE LEVEL_WARNING LEVEL_ERROR LEVEL_FATAL '
        . 'DEFAULT_LOGGER FILE_LOGGER ECHO_LOGGER CALLABLE_LOGGER LOGGER_DEFAULT LOGGER_FILE LOGGER_ECHO LOGGER_CALLABLE',
    'MTProto' => 'RELEASE NOT_LOGGED_IN WAITING_CODE WAITING_SIGNUP WAITING_PASSWORD LOGGED_IN LOGGED_OUT INFO_TYPE_ALL SECRET_EMPTY SECRET_REQUESTED SECRET_READY',
    'Magic' => 'ZERO_CHANNEL_ID ZERO_SECRET_CHAT_ID MAX_USER_ID MAX_CHAT_ID MAX_CHANNEL_ID',
];
foreach (PRESENT as $names) {
    foreach (explode(' ', $names) as $name) {
        $class = "danog\\MadelineProto\\$name";
        if (!class_exists($class) && !interface_exists($class) && !enum_exists($class)) {
            echo "$name is missing\n";
        }
    }
}
foreach (CONSTANTS as $class => $names) {
    foreach (explode(' ', $names) as $name) {
        if (!defined("danog\\MadelineProto\\$class::$name")) {
            echo "$class::$name is missing\n";
        }
    }
}
use danog\MadelineProto\{API, Magic, MTProto, ParseMode};
var_dump(MTProto::LOGGED_IN === API::LOGGED_IN, MTProto::INFO_TYPE_ALL === API::INFO_TYPE_ALL, Magic::ZERO_CHANNEL_ID, Magic::$isIpcWorker);
echo implode(' ', array_column(ParseMode::cases(), 'name')), "\n";
echo count(explode(' ', implode(' ', PRESENT))), ' of ', count(explode(' ', implode(' ', [...PRESENT, ...ABSENT]))), "\n";
?>
--EXPECT--
bool(true)
bool(true)
int(-1000000000000)
bool(false)
MARKDOWN HTML TEXT
72 of 100
