--TEST--
What needs Amp's packages names them where they are missing; streams do without
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Tools;

$api = Sandbox::start()->user();
$stream = Tools::stringToStream('hello');
echo get_class($stream), ' ', $stream->read(), ' ', var_export($stream->read(), true), "\n";
$request = new class {
    public function getHeader(string $name): ?string
    {
        return null;
    }
    public function getMethod(): string
    {
        return 'GET';
    }
};
$message = $api->sendDocument('me', Tools::stringToStream('hello'), fileName: 'a.txt');
thrown(fn () => $api->downloadToResponse($message, $request));
thrown(fn () => Tools::getStreamPipe());
thrown(fn () => Tools::openFileAppendOnly('/nowhere'));
?>
--EXPECT--
danog\MadelineProto\FileStream hello NULL
danog\MadelineProto\Exception: downloadToResponse() needs the package amphp/http-server, which this script does not load: downloadToBrowser() answers without it
danog\MadelineProto\Exception: getStreamPipe() needs the package amphp/byte-stream, which this script does not load: uploadFromCallable() uploads without it
danog\MadelineProto\Exception: openFileAppendOnly() needs the package amphp/file, which this script does not load: fopen() opens files without it
