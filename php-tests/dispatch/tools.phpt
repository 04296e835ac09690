--TEST--
The static helpers exist on Tools and its parents as on API; what is not there yet is listed with its subject
--FILE--
<?php
use danog\MadelineProto\{API, AsyncTools, StrTools, Tools};

const PRESENT = [
    StrTools::class => 'mbStrlen mbSubstr mbStrSplit htmlEscape markdownEscape markdownCodeEscape markdownCodeblockEscape markdownUrlEscape toCamelCase '
        . 'toSnakeCase',
    AsyncTools::class => 'sleep readLine echo flock callFork rethrow',
    Tools::class => 'packSignedInt unpackSignedInt packUnsignedInt packSignedLong unpackSignedLong unpackSignedLongString packDouble unpackDouble '
        . 'base64urlEncode base64urlDecode rleEncode rleDecode random randomInt posmod genVectorHash arr end isArrayOrAlike closeConnection isAltervista '
        . 'getMaps getMaxMaps testFibers getWebWarnings validateEventHandlerClass',
];
/** Of releases before 8. */
const REMOVED = 'after all any first some timeout timeoutWithDefault call callForkDefer wait toSupergroup fromSupergroup isSupergroup';
/** By subject; a name stays here until its subject is done. */
const ABSENT = [
    'texts with entities' => 'htmlToMessageEntities markdownToMessageEntities entitiesToHtml',
    'files and media' => 'inflateStripped getExtensionFromMime getExtensionFromLocation getMimeFromExtension getMimeFromBuffer getMimeFromFile openBuffered '
        . 'openFileAppendOnly stringToStream getStreamPipe canUseFFmpeg canConvertOgg extractBotAPIFile unpackFileId',
    'properties of objects that are no public ones' => 'getVar setVar hasVar',
];
$parents = [StrTools::class, AsyncTools::class, Tools::class];
foreach (PRESENT as $class => $names) {
    foreach (explode(' ', $names) as $name) {
        foreach ([$class, Tools::class, API::class] as $where) {
            if (!method_exists($where, $name) || !(new ReflectionMethod($where, $name))->isStatic()) {
                echo "$where::$name() is missing\n";
            }
        }
    }
}
foreach (explode(' ', REMOVED) as $name) {
    if (!method_exists(Tools::class, $name)) {
        echo "Tools::$name() is missing\n";
    }
}
echo implode(' < ', [Tools::class, ...class_parents(Tools::class)]), "\n";
$count = fn (string ...$lists) => count(explode(' ', implode(' ', $lists)));
echo $count(REMOVED, ...array_values(PRESENT)), ' of ', $count(REMOVED, ...array_values(PRESENT), ...array_values(ABSENT)), "\n";
?>
--EXPECT--
danog\MadelineProto\Tools < danog\MadelineProto\AsyncTools < danog\MadelineProto\StrTools
55 of 75
