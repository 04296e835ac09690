--TEST--
API has the public methods of MadelineProto 8 with their parameters; what is not there yet is listed with its subject
--FILE--
<?php
use danog\MadelineProto\API;

const PRESENT = [
    'MTProtoToBotAPI(data)',
    'MTProtoToTd(params)',
    'MTProtoToTdcli(params)',
    '__construct(session, settings?)',
    'botAPIToMTProto(arguments)',
    'botLogin(token)',
    'complete2faLogin(password)',
    'completePhoneLogin(code)',
    'completeSignup(first_name, last_name?)',
    'exportAuthorization()',
    'extractMessage(updates)',
    'extractMessageId(updates)',
    'extractMessageUpdate(updates)',
    'extractUpdates(updates)',
    'fullChatLastUpdated(id)',
    'fullGetSelf()',
    'getAdminIds()',
    'getAllMethods()',
    'getAuthorization()',
    'getCachedConfig()',
    'getCdnConfig()',
    'getConfig(config?)',
    'getDialogIds()',
    'getFullDialogs()',
    'getFullInfo(id)',
    'getHint()',
    'getId(id)',
    'getInfo(id, type?)',
    'getLogger()',
    'getMethodNamespaces()',
    'getMethodsNamespaced()',
    'getPropicInfo(data)',
    'getPsrLogger()',
    'getPwrChat(id, fullfetch?)',
    'getSelf()',
    'getSessionName()',
    'getSettings()',
    'getType(id)',
    'hasAdmins()',
    'hasReportPeers()',
    'importAuthorization(authorization, mainDcID)',
    'isBot(peer)',
    'isForum(peer)',
    'isIpc()',
    'isIpcWorker()',
    'isPremium()',
    'isSelfBot()',
    'isSelfUser()',
    'isTestMode()',
    'logger(param, level?, file?)',
    'logout()',
    'peerIsset(id)',
    'phoneLogin(number, sms_type?)',
    'qrLogin()',
    'refreshFullPeerCache(id)',
    'refreshPeerCache(...ids)',
    'report(message, parseMode?)',
    'setReportPeers(userOrId)',
    'start()',
    'static arr(...params)',
    'static base64urlDecode(data)',
    'static base64urlEncode(data)',
    'static callFork(callable, ...args)',
    'static echo(string)',
    'static entitiesToHtml(message, entities, allowTelegramTags?)',
    'static fileGetContents(url)',
    'static end(what)',
    'static flock(file, operation, polling?, token?, failureCb?)',
    'static genVectorHash(longs)',
    'static htmlEscape(what)',
    'static htmlToMessageEntities(html)',
    'static inflateStripped(stripped)',
    'static isAltervista()',
    'static isArrayOrAlike(var)',
    'static markdownCodeEscape(what)',
    'static markdownCodeblockEscape(what)',
    'static markdownEscape(what)',
    'static markdownToMessageEntities(markdown)',
    'static markdownUrlEscape(what)',
    'static mbStrSplit(text, length)',
    'static mbStrlen(text)',
    'static mbSubstr(text, offset, length?)',
    'static packDouble(value)',
    'static packSignedInt(value)',
    'static packSignedLong(value)',
    'static packUnsignedInt(value)',
    'static posmod(a, b)',
    'static random(length)',
    'static randomInt(modulus?)',
    'static readLine(prompt?, cancel?)',
    'static rethrow(e)',
    'static rleDecode(string)',
    'static rleEncode(string)',
    'static sleep(time)',
    'static toCamelCase(input)',
    'static toSnakeCase(input)',
    'static unpackDouble(value)',
    'static unpackSignedInt(value)',
    'static unpackSignedLong(value)',
    'static unpackSignedLongString(value)',
    'tdToMTProto(params)',
    'tdToTdcli(params)',
    'tdcliToTd(params, key?)',
    'update2fa(params)',
    'updateSettings(settings)',
    'getEventHandler(class?)',
    'getPlugin(class)',
    'getUpdates(params?)',
    'hasEventHandler()',
    'hasPlugin(class)',
    'initSelfRestart()',
    'resetUpdateState()',
    'subscribeToUpdates(channel)',
    'restart()',
    'sendCustomEvent(payload)',
    'setNoop()',
    'setWebhook(webhookUrl)',
    'static startAndLoopMulti(instances, eventHandler)',
    'stop()',
    'unsetEventHandler()',
    'getHTTPClient()',
    'getDNSClient()',
    'getMemoryProfile()',
    'getPromCounter(namespace, name, help, labels?)',
    'getPromGauge(namespace, name, help, labels?)',
    'getPromHistogram(namespace, name, help, labels?, buckets?)',
    'getPromSummary(namespace, name, help, labels?, maxAgeSeconds?, quantiles?)',
    'getSponsoredMessages(peer)',
    'getWebAPITemplate()',
    'getWebMessage(message)',
    'renderPromStats(renderer?)',
    'setWebApiTemplate(template)',
    'static closeConnection(message)',
    'static getMaps()',
    'static getMaxMaps()',
    'static getWebWarnings()',
    'static testFibers(fiberCount?)',
    'viewSponsoredMessage(peer, message)',
    'broadcastCustom(action, filter?, delay?)',
    'broadcastForwardMessages(from_peer, message_ids, drop_author?, filter?, pin?, delay?)',
    'broadcastMessages(messages, filter?, pin?, delay?)',
    'cancelBroadcast(id)',
    'getBroadcastProgress(id)',
];

/** By subject; a name stays here until its subject is done. */
const ABSENT = [
    'files and media' => 'upload uploadEncrypted uploadFromCallable uploadFromStream uploadFromTgfile uploadFromUrl '
        . 'downloadToBrowser downloadToCallable downloadToDir downloadToFile downloadToResponse '
        . 'downloadToReturnedStream downloadToStream getDownloadInfo getDownloadLink getFileInfo getStream '
        . 'getStreamPipe openBuffered openFileAppendOnly stringToStream downloadServer '
        . 'processDownloadServerPing extractBotAPIFile unpackFileId getExtensionFromLocation '
        . 'getExtensionFromMime getMimeFromBuffer getMimeFromExtension getMimeFromFile canConvertOgg '
        . 'canUseFFmpeg wrapMedia',
    'typed objects and senders' => 'sendAudio sendDocument sendDocumentPhoto sendGif sendMessage sendMessageToAdmins sendPhoto '
        . 'sendSticker sendVideo sendVoice wrapMessage wrapPin wrapUpdate',
    'updates and event handlers' => 'validateEventHandlerClass',
    'secret chats' => 'requestSecretChat acceptSecretChat discardSecretChat getSecretChat hasSecretChat getSecretMessage '
        . 'getDhConfig',
    'calls' => 'requestCall acceptCall discardCall getCall getCallByPeer getAllCalls getCallState callPlay '
        . 'callPlayOnHold callSetOutput callGetCurrent skipPlay stopPlay pausePlay resumePlay isPlayPaused',
    'the serializer, an object of the original\'s own machinery: Tools::tlSerialize() and its like are for scripts' => 'getTL',
    'memory profiles as files: getMemoryProfile() gives one as text' => 'reportMemoryProfile',
];

/** Release 4's importAuthorization() had one argument, the pair that exportAuthorization() returns; its setWebhook() two. */
const OTHERWISE = ['importAuthorization(authorization, mainDcID?)', 'setWebhook(webhookUrl, pem_path?)'];

$class = new ReflectionClass(API::class);
foreach (PRESENT as $signature) {
    preg_match('/^(static )?(\w+)\((.*)\)$/', $signature, $parts);
    if (!$class->hasMethod($parts[2])) {
        echo "$parts[2] is missing\n";
        continue;
    }
    $method = $class->getMethod($parts[2]);
    $parameters = array_map(
        fn (ReflectionParameter $p) => ($p->isVariadic() ? '...' : '') . $p->getName() . ($p->isOptional() && !$p->isVariadic() ? '?' : ''),
        $method->getParameters(),
    );
    $found = ($method->isStatic() ? 'static ' : '') . $parts[2] . '(' . implode(', ', $parameters) . ')';
    if ($found !== $signature && !in_array($found, OTHERWISE, true)) {
        echo "$signature is $found\n";
    }
}
echo count(PRESENT), ' of ', count(PRESENT) + array_sum(array_map(fn (string $names) => count(explode(' ', $names)), ABSENT)), "\n";
?>
--EXPECT--
143 of 215
