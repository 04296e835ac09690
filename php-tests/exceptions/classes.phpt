--TEST--
Exception classes: parents, and which cannot be extended
--FILE--
<?php
namespace danog\MadelineProto;

foreach ([
    Exception::class, PeerNotInDbException::class, SecretPeerNotInDbException::class, TransportError::class,
    TL\Exception::class, TL\Conversion\Exception::class, PTSException::class, SecurityException::class,
    ResponseException::class, RPCErrorException::class, RPCError\RateLimitError::class, RPCError\FloodWaitError::class,
    RPCError\FloodPremiumWaitError::class, RPCError\TimeoutError::class, RPCError\ChannelPrivateError::class, FileRedirect::class, StreamEof::class, NothingInTheSocketException::class,
    Broadcast\BroadcastCancelledException::class,
] as $class) {
    $reflection = new \ReflectionClass($class);
    $public = array_diff(
        array_map(fn ($property) => ($property->isReadOnly() ? 'readonly ' : '') . $property->getName(), $reflection->getProperties(\ReflectionProperty::IS_PUBLIC)),
        [],
    );
    sort($public);
    echo $reflection->isFinal() ? 'final ' : '', substr($class, strlen(__NAMESPACE__) + 1),
        ' < ', implode(' < ', class_parents($class)), ': ', implode(', ', $public), "\n";
}
$errors = array_filter(get_declared_classes(), fn ($class) => is_subclass_of($class, RPCErrorException::class));
echo count($errors), " classes of RPC errors\n";
?>
--EXPECT--
Exception < Exception: tlTrace
final PeerNotInDbException < danog\MadelineProto\Exception < Exception: tlTrace
final SecretPeerNotInDbException < danog\MadelineProto\Exception < Exception: tlTrace
final TransportError < danog\MadelineProto\Exception < Exception: readonly error, tlTrace
final TL\Exception < Exception: tlTrace
final TL\Conversion\Exception < Exception: tlTrace
final PTSException < Exception: tlTrace
SecurityException < Exception: 
ResponseException < Exception: 
RPCErrorException < Exception: readonly description, readonly rpc, tlTrace
RPCError\RateLimitError < danog\MadelineProto\RPCErrorException < Exception: readonly description, readonly rpc, readonly waitTime, tlTrace
final RPCError\FloodWaitError < danog\MadelineProto\RPCError\RateLimitError < danog\MadelineProto\RPCErrorException < Exception: readonly description, readonly rpc, readonly waitTime, tlTrace
final RPCError\FloodPremiumWaitError < danog\MadelineProto\RPCError\RateLimitError < danog\MadelineProto\RPCErrorException < Exception: readonly description, readonly rpc, readonly waitTime, tlTrace
final RPCError\TimeoutError < danog\MadelineProto\RPCErrorException < Exception: readonly description, readonly rpc, tlTrace
final RPCError\ChannelPrivateError < danog\MadelineProto\RPCErrorException < Exception: readonly description, readonly rpc, tlTrace
FileRedirect < Exception: 
StreamEof < Exception: 
NothingInTheSocketException < Exception: 
Broadcast\BroadcastCancelledException < Exception: 
66 classes of RPC errors
