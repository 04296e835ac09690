--TEST--
Types of files: from extensions, from types, from bytes
--FILE--
<?php
use danog\MadelineProto\API;
use danog\MadelineProto\Tools;

foreach (['jpg', '.JPEG', 'mp4', 'mp3', 'ogg', 'webp', 'tgs', 'txt', 'pdf', 'zip', 'nothing'] as $extension) {
    echo "$extension: ", Tools::getMimeFromExtension($extension, 'x/default'), "\n";
}
foreach (['image/jpeg', 'image/png', 'video/mp4', 'audio/mpeg', 'text/plain; charset=utf-8', 'application/x-tgsticker', 'no/such'] as $mime) {
    echo "$mime: ", json_encode(API::getExtensionFromMime($mime)), "\n";
}
foreach (["\x89PNG\r\n\x1a\n", "\xff\xd8\xff\xe0", 'GIF89a', "RIFF\0\0\0\0WEBPVP8 ", '%PDF-1.5', "PK\x03\x04", 'hello', "\0\1\2", ''] as $bytes) {
    echo json_encode(substr(bin2hex($bytes), 0, 8)), ': ', Tools::getMimeFromBuffer($bytes), "\n";
}
$file = tempnam(sys_get_temp_dir(), 'mime');
file_put_contents($file, 'GIF89a');
echo Tools::getMimeFromFile($file), "\n";
unlink($file);
try {
    Tools::getMimeFromFile($file);
} catch (danog\MadelineProto\Exception $e) {
    echo str_replace($file, 'FILE', $e->getMessage()), "\n";
}
echo Tools::getExtensionFromLocation(['_' => 'inputPhotoFileLocation'], '.bin'), ' ', Tools::getExtensionFromLocation(['_' => 'inputDocumentFileLocation'], '.bin'), "\n";
?>
--EXPECT--
jpg: image/jpeg
.JPEG: image/jpeg
mp4: video/mp4
mp3: audio/mpeg
ogg: audio/ogg
webp: image/webp
tgs: application/x-tgsticker
txt: text/plain
pdf: application/pdf
zip: application/zip
nothing: x/default
image/jpeg: ".jpg"
image/png: ".png"
video/mp4: ".mp4"
audio/mpeg: ".mp3"
text/plain; charset=utf-8: ".txt"
application/x-tgsticker: ".tgs"
no/such: ""
"89504e47": image/png
"ffd8ffe0": image/jpeg
"47494638": image/gif
"52494646": image/webp
"25504446": application/pdf
"504b0304": application/zip
"68656c6c": text/plain
"000102": application/octet-stream
"": application/octet-stream
image/gif
cannot read FILE: No such file or directory (os error 2)
.jpg .bin
