--TEST--
The names and results of earlier releases: snake_case, true as the result, percentages alone
--INI--
madelineproto.dialect=v4
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
ob_start();
$api = $sandbox->user();
ob_end_clean();
file_put_contents($sandbox->path('small.txt'), 'hello');
$file = $api->upload($sandbox->path('small.txt'), 'name.txt', function (...$told) {
    echo json_encode($told), "\n";
});
$updates = $api->messages->sendMedia(['peer' => 'me', 'message' => '', 'media' => ['_' => 'inputMediaUploadedDocument', 'file' => $file]]);
foreach ($updates['updates'] as $update) {
    if ($update['_'] === 'updateNewMessage') {
        $message = $update['message'];
    }
}
var_dump($api->download_to_stream($message, $stream = fopen('php://memory', 'w+'), function ($percent) {
    echo $percent, "\n";
}));
rewind($stream);
echo stream_get_contents($stream), "\n";
echo basename($api->download_to_file($message['media'], $sandbox->path('a'))), ' ', basename($api->download_to_dir($message, $sandbox->directory)) !== '', "\n";
echo $api->get_download_info($message)['mime'], ' ', implode(' ', array_keys($api->get_file_info($message))), "\n";
var_dump($api->download_to_callable($message, fn (string $bytes, int $offset) => strlen($bytes)));
echo count($api->unpack_file_id('BQACAgIAAxkDAAMaZZk66eGouWpSt-5uhU-RHp6zTKAAAkU7AAJVFclIHgAB8tPqM0BjNAQ')), "\n";
echo $api->send_document('me', $sandbox->path('small.txt'))->media->size, "\n";
$encrypted = $api->upload_encrypted($sandbox->path('small.txt'));
echo $encrypted['_'], ' ', strlen($encrypted['key']), ' ', strlen($encrypted['iv']), ' ', $encrypted['size'], "\n";
?>
--EXPECT--
[100]
100
bool(true)
hello
MadelineProto:  	Download status: 100%
a MadelineProto:  	Download status: 100%
1
text/plain MessageMedia Document InputDocument InputMedia
MadelineProto:  	Download status: 100%
bool(true)
1
MadelineProto:  	Upload status: 100%
5
MadelineProto:  	Upload status: 100%
inputEncryptedFileUploaded 32 32 5
