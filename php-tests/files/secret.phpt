--TEST--
Files for secret chats: encrypted on the way up, deciphered on the way down, and told from others by their keys
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\LocalFile;

$sandbox = Sandbox::start();
$api = $sandbox->user();
/** The message as a secret chat would have it. */
$sent = function (array $file, string $name = 'a.bin') use ($api): array {
    $stored = $api->messages->uploadEncryptedFile(peer: ['_' => 'inputEncryptedChat', 'chat_id' => 1, 'access_hash' => 1], file: $file);
    return [
        '_' => 'encryptedMessage',
        'file' => $stored,
        'decrypted_message' => ['_' => 'decryptedMessage', 'media' => [
            '_' => 'decryptedMessageMediaDocument', 'key' => $file['key'], 'iv' => $file['iv'], 'size' => $file['size'], 'mime_type' => 'text/plain',
            'attributes' => [['_' => 'documentAttributeFilename', 'file_name' => $name]],
        ]],
    ];
};
foreach ([1, 15, 16, 17, 1000, 524_287, 524_288, 524_289, 11_000_000] as $size) {
    file_put_contents($path = $sandbox->path('plain'), $bytes = random_bytes($size));
    $file = $api->uploadEncrypted($path);
    $message = $sent($file);
    $back = file_get_contents($api->downloadToFile($message, $sandbox->path("back$size")));
    $part = '';
    $api->downloadToCallable($message, function (string $bytes) use (&$part) {
        $part .= $bytes;
    }, null, false, intdiv($size, 3), intdiv($size, 2));
    echo "$size: $file[_] ", $message['file']['size'], ' ', var_export($back === $bytes, true), ' ',
        var_export($part === substr($bytes, intdiv($size, 3), intdiv($size, 2) - intdiv($size, 3)), true), "\n";
}
echo $api->upload(new LocalFile($path), encrypted: true)['_'], "\n";
$message = $sent($api->uploadEncrypted(danog\MadelineProto\Tools::stringToStream('hello')), 'hello.txt');
echo basename($api->downloadToDir($message, $sandbox->directory)), ' ', $api->getDownloadInfo($message)['mime'], "\n";
foreach (['key', 'iv'] as $key) {
    $wrong = $message;
    $wrong['decrypted_message']['media'][$key] = str_repeat('x', 32);
    thrown(function () use ($api, $wrong, $sandbox) {
        try {
            $api->downloadToFile($wrong, $sandbox->path('never'));
        } catch (Throwable $e) {
            throw new $e(preg_replace('/-?\d+/', 'N', $e->getMessage()));
        }
    });
}
$wrong = $message;
$wrong['file']['access_hash']++;
thrown(fn () => $api->downloadToFile($wrong, $sandbox->path('never')));
thrown(fn () => $api->uploadFromTgfile($message));
var_dump(file_exists($sandbox->path('never')));
?>
--EXPECT--
1: inputEncryptedFileUploaded 16 true true
15: inputEncryptedFileUploaded 16 true true
16: inputEncryptedFileUploaded 16 true true
17: inputEncryptedFileUploaded 32 true true
1000: inputEncryptedFileUploaded 1008 true true
524287: inputEncryptedFileUploaded 524288 true true
524288: inputEncryptedFileUploaded 524288 true true
524289: inputEncryptedFileUploaded 524304 true true
11000000: inputEncryptedFileBigUploaded 11000000 true true
inputEncryptedFileBigUploaded
hello.txt text/plain
danog\MadelineProto\SecurityException: a file of a secret chat: the key has the fingerprint N, the file N
danog\MadelineProto\SecurityException: a file of a secret chat: the key has the fingerprint N, the file N
danog\MadelineProto\RPCErrorException: LOCATION_INVALID (code 400, rpc LOCATION_INVALID)
danog\MadelineProto\Exception: files of secret chats cannot be uploaded again as they are: download them first
bool(false)
