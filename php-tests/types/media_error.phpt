--TEST--
Media objects with wrong arguments, without a session, and in damaged serialized form
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Media;

$sandbox = Sandbox::start();
$api = $sandbox->user();
$media = $api->sendDocument('me', danog\MadelineProto\Tools::stringToStream('hello'), fileName: 'a.txt')->media;

thrown(fn () => $media->downloadToFile());
thrown(fn () => $media->downloadToFile(''));
thrown(fn () => $media->downloadToFile([]));
thrown(fn () => $media->downloadToDir($sandbox->path('missing')));
thrown(fn () => $media->downloadToDir(cb: 'no function'));
thrown(fn () => $media->getStream(offset: 5, end: 2));
thrown(fn () => $media->getDownloadLink());
thrown(fn () => $media->getDownloadLink([]));
thrown(fn () => $api->getDownloadInfo(new stdClass()));
thrown(fn () => $api->sendDocument('me', new stdClass()));
thrown(fn () => $api->messages->sendMedia(peer: 'me', media: new stdClass()));

echo "Damaged:\n";
$kept = serialize($media);
$hollow = unserialize('O:' . strlen(Media\Photo::class) . ':"' . Media\Photo::class . '":0:{}');
thrown(fn () => $hollow->size);
thrown(fn () => $hollow->getDownloadInfo());
thrown(fn () => $hollow->downloadToFile($sandbox->path('never')));
thrown(fn () => $api->downloadToFile($hollow, $sandbox->path('never')));
thrown(fn () => $api->sendPhoto('me', $hollow));
thrown(fn () => $api->getFileInfo($hollow));
echo json_encode($hollow), "\n";
thrown(fn () => unserialize(str_replace('s:4:"size";i:5;', 's:4:"size";s:1:"5";', $kept)));
$misled = unserialize(str_replace('inputDocumentFileLocation', 'inputDocumentFileLocatioN', $kept));
thrown(fn () => $misled->downloadToFile($sandbox->path('never')));

echo "Nobody's:\n";
final class Own extends Media {
    public function __construct() {}
}
thrown(fn () => (new Own())->downloadToFile($sandbox->path('never')));
thrown(fn () => $api->upload(new Own()));
var_dump(file_exists($sandbox->path('never')));
$elsewhere = unserialize(str_replace('user.madeline', 'none.madeline', $kept));
thrown(fn () => $elsewhere->downloadToDir($sandbox->directory));
// The API object that is given the file has its own session.
echo file_get_contents($api->downloadToFile($elsewhere, $sandbox->path('hello'))), "\n";
?>
--EXPECTF--
ArgumentCountError: danog\MadelineProto\EventHandler\Media::downloadToFile() expects at least 1 argument, 0 given
danog\MadelineProto\Exception: expected the path of a file, found an empty string
TypeError: danog\MadelineProto\EventHandler\Media::downloadToFile(): Argument #1 ($file) must be of type string, array given%S
danog\MadelineProto\Exception: expected a directory, %s/missing is none
TypeError: danog\MadelineProto\EventHandler\Media::downloadToDir(): Argument #2 ($cb) must be of type ?callable, string given%S
danog\MadelineProto\Exception: expected 0 <= offset <= end, or end -1, found offset 5 and end 2
danog\MadelineProto\Exception: getDownloadLink(): expected the address of a script that calls API::downloadServer(), as $scriptUrl or in Settings\Files::setDownloadLink()
TypeError: danog\MadelineProto\EventHandler\Media::getDownloadLink(): Argument #1 ($scriptUrl) must be of type ?string, array given%S
danog\MadelineProto\Exception: expected a file of Telegram's, found stdClass
danog\MadelineProto\Exception: expected a stream, or an object with read(), found stdClass
danog\MadelineProto\Exception: Could not convert media object of type stdClass
Damaged:
Error: Typed property danog\MadelineProto\EventHandler\Media::$size must not be accessed before initialization
danog\MadelineProto\Exception: expected a file that wrapMedia() made, found a danog\MadelineProto\EventHandler\Media\Photo without a location
danog\MadelineProto\Exception: this danog\MadelineProto\EventHandler\Media\Photo does not say which session it belongs to
danog\MadelineProto\Exception: expected a file that wrapMedia() made, found a danog\MadelineProto\EventHandler\Media\Photo without a location
danog\MadelineProto\Exception: Could not convert media object of type danog\MadelineProto\EventHandler\Media\Photo
danog\MadelineProto\Exception: Could not convert media object of type danog\MadelineProto\EventHandler\Media\Photo
[]
TypeError: Cannot assign string to property danog\MadelineProto\EventHandler\Media::$size of type int
danog\MadelineProto\TL\Exception: Could not extract type "inputDocumentFileLocatioN", you should update MadelineProto!
Nobody's:
danog\MadelineProto\Exception: this Own does not say which session it belongs to
danog\MadelineProto\Exception: expected a file that wrapMedia() made, found a Own without a location
bool(false)
danog\MadelineProto\Exception: this danog\MadelineProto\EventHandler\Media\Document belongs to the session %s/none.madeline, which is not there
hello
