--TEST--
API and its namespaces are real classes: constants, properties and methods that Reflection and IDEs can see
--FILE--
<?php
use danog\MadelineProto\API;

$api = new ReflectionClass(API::class);
var_dump($api->isFinal(), $api->getParentClass()->getName(), $api->getParentClass()->getParentClass()->getName());
echo json_encode($api->getConstants()), "\n";
foreach (['__construct', 'start', 'completeSignup', 'importAuthorization', 'getInfo'] as $method) {
    $parameters = array_map(
        fn (ReflectionParameter $p) => $p->getName() . ($p->isOptional() ? ' = ' . $p->getDefaultValueConstantName() . json_encode($p->getDefaultValue()) : ''),
        $api->getMethod($method)->getParameters(),
    );
    echo $method, '(', implode(', ', $parameters), ")\n";
}

$messages = $api->getProperty('messages');
echo $messages->getType(), ' ', $messages->isReadOnly() ? 'readonly' : '', "\n";
$class = new ReflectionClass((string) $messages->getType());
var_dump($class->hasMethod('sendMessage'), $class->hasMethod('getBotCallbackAnswer'), $class->hasMethod('noSuchMethod'));
var_dump(method_exists(\danog\MadelineProto\Namespace\Help::class, 'getConfig'));
$parameter = $class->getMethod('sendMessage')->getParameters()[0];
var_dump($parameter->getName(), $parameter->isVariadic());
foreach (['auth', 'account', 'users', 'contacts', 'messages', 'updates', 'photos', 'upload', 'help', 'channels', 'bots',
    'payments', 'stickers', 'phone', 'langpack', 'folders', 'stats', 'chatlists', 'stories', 'premium', 'smsjobs',
    'fragment'] as $namespace) {
    if (!$api->hasProperty($namespace)) {
        echo "$namespace is missing\n";
    }
}
?>
--EXPECT--
bool(true)
string(31) "danog\MadelineProto\AbstractAPI"
string(31) "danog\MadelineProto\InternalDoc"
{"RELEASE":"8.3.5","PEER_TYPE_USER":"user","PEER_TYPE_BOT":"bot","PEER_TYPE_GROUP":"chat","PEER_TYPE_SUPERGROUP":"supergroup","PEER_TYPE_CHANNEL":"channel","NOT_LOGGED_IN":0,"WAITING_CODE":1,"WAITING_SIGNUP":-1,"WAITING_PASSWORD":2,"LOGGED_IN":3,"LOGGED_OUT":4,"INFO_TYPE_PEER":0,"INFO_TYPE_CONSTRUCTOR":1,"INFO_TYPE_ID":2,"INFO_TYPE_ALL":3,"INFO_TYPE_USERNAMES":4,"INFO_TYPE_TYPE":5}
__construct(session, settings = null)
start()
completeSignup(first_name, last_name = "")
importAuthorization(authorization, mainDcID = null)
getInfo(id, type = danog\MadelineProto\API::INFO_TYPE_ALL3)
danog\MadelineProto\Namespace\Messages readonly
bool(true)
bool(true)
bool(false)
bool(true)
string(9) "arguments"
bool(true)
