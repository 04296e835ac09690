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
    'restart()',
    'sendCustomEvent(payload)',
    'setNoop()',
    'setWebhook(webhookUrl)',
    'static startAndLoopMulti(instances, eventHandler)',
    'stop()',
    'unsetEventHandler()',
    'upload(file, fileName?, cb?, encrypted?, cancellation?)',
    'uploadEncrypted(file, fileName?, cb?, cancellation?)',
    'uploadFromCallable(callable, size?, mime?, fileName?, cb?, seekable?, encrypted?, cancellation?)',
    'uploadFromStream(stream, size?, mime?, fileName?, cb?, encrypted?, cancellation?)',
    'uploadFromTgfile(media, cb?, encrypted?, cancellation?)',
    'uploadFromUrl(url, size?, fileName?, cb?, encrypted?, cancellation?)',
    'downloadToBrowser(messageMedia, cb?, size?, name?, mime?, cancellation?)',
    'downloadToCallable(messageMedia, callable, cb?, seekable?, offset?, end?, part_size?, cancellation?)',
    'downloadToDir(messageMedia, dir, cb?, cancellation?)',
    'downloadToFile(messageMedia, file, cb?, cancellation?)',
    'downloadToReturnedStream(messageMedia, cb?, offset?, end?, cancellation?)',
    'downloadToStream(messageMedia, stream, cb?, offset?, end?, cancellation?)',
    'getDownloadInfo(messageMedia)',
    'getDownloadLink(media, scriptUrl?, size?, name?, mime?)',
    'getFileInfo(constructor)',
    'static downloadServer(session)',
    'static extractBotAPIFile(info)',
    'static unpackFileId(fileId)',
    'static getExtensionFromLocation(location, default)',
    'static getExtensionFromMime(mime)',
    'static getMimeFromBuffer(buffer)',
    'static getMimeFromExtension(extension, default)',
    'static getMimeFromFile(file)',
    'sendAudio(peer, file, thumb?, caption?, parseMode?, callback?, fileName?, mimeType?, duration?, title?, performer?, ttl?, replyToMsgId?, topMsgId?, replyMarkup?, sendAs?, scheduleDate?, silent?, noForwards?, background?, clearDraft?, forceResend?, cancellation?)',
    'sendDocument(peer, file, thumb?, caption?, parseMode?, callback?, fileName?, mimeType?, ttl?, spoiler?, replyToMsgId?, topMsgId?, replyMarkup?, sendAs?, scheduleDate?, silent?, noForwards?, background?, clearDraft?, updateStickersetsOrder?, forceResend?, cancellation?)',
    'sendDocumentPhoto(peer, file, caption?, parseMode?, callback?, fileName?, ttl?, spoiler?, replyToMsgId?, topMsgId?, replyMarkup?, sendAs?, scheduleDate?, silent?, noForwards?, background?, clearDraft?, updateStickersetsOrder?, forceResend?, cancellation?)',
    'sendGif(peer, file, thumb?, caption?, parseMode?, callback?, fileName?, ttl?, spoiler?, duration?, width?, height?, thumbSeek?, replyToMsgId?, topMsgId?, replyMarkup?, sendAs?, scheduleDate?, silent?, noForwards?, background?, clearDraft?, forceResend?, cancellation?)',
    'sendPhoto(peer, file, caption?, parseMode?, callback?, fileName?, ttl?, spoiler?, replyToMsgId?, topMsgId?, replyMarkup?, sendAs?, scheduleDate?, silent?, noForwards?, background?, clearDraft?, updateStickersetsOrder?, forceResend?, cancellation?)',
    'sendSticker(peer, file, mimeType, emoji?, stickerSet?, callback?, fileName?, ttl?, replyToMsgId?, topMsgId?, replyMarkup?, sendAs?, scheduleDate?, silent?, noForwards?, background?, clearDraft?, updateStickersetsOrder?, forceResend?, cancellation?)',
    'sendVideo(peer, file, thumb?, caption?, parseMode?, callback?, fileName?, mimeType?, ttl?, spoiler?, roundMessage?, supportsStreaming?, noSound?, duration?, width?, height?, thumbSeek?, replyToMsgId?, topMsgId?, replyMarkup?, sendAs?, scheduleDate?, silent?, noForwards?, background?, clearDraft?, forceResend?, updateStickersetsOrder?, cancellation?)',
    'sendVoice(peer, file, caption?, parseMode?, callback?, fileName?, ttl?, duration?, waveform?, replyToMsgId?, topMsgId?, replyMarkup?, sendAs?, scheduleDate?, silent?, noForwards?, background?, clearDraft?, forceResend?, cancellation?)',
];

/** By subject; a name stays here until its subject is done. */
const ABSENT = [
    'streams of Amp, ffmpeg' => 'downloadToResponse getStream getStreamPipe openBuffered openFileAppendOnly stringToStream '
        . 'processDownloadServerPing canConvertOgg canUseFFmpeg wrapMedia',
    'typed objects and senders' => 'sendMessage sendMessageToAdmins wrapMessage wrapPin wrapUpdate',
    'updates and event handlers' => 'subscribeToUpdates resetUpdateState initSelfRestart validateEventHandlerClass',
    'secret chats' => 'requestSecretChat acceptSecretChat discardSecretChat getSecretChat hasSecretChat getSecretMessage '
        . 'getDhConfig',
    'calls' => 'requestCall acceptCall discardCall getCall getCallByPeer getAllCalls getCallState callPlay '
        . 'callPlayOnHold callSetOutput callGetCurrent skipPlay stopPlay pausePlay resumePlay isPlayPaused',
    'broadcasts and advertisements' => 'broadcastMessages broadcastForwardMessages broadcastCustom getBroadcastProgress cancelBroadcast '
        . 'getSponsoredMessages viewSponsoredMessage',
    'login pages' => 'getWebMessage getWebAPITemplate setWebApiTemplate getWebWarnings closeConnection',
    'Amp, other processes and metrics' => 'testFibers getHTTPClient getDNSClient getTL '
        . 'getMaps getMaxMaps getMemoryProfile reportMemoryProfile getPromCounter getPromGauge getPromHistogram '
        . 'getPromSummary renderPromStats',
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
148 of 215
