--TEST--
What the headers of pictures, films and music tell becomes their attributes, unless the script says otherwise
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\LocalFile;
use danog\MadelineProto\Tools;

$sandbox = Sandbox::start();
$api = $sandbox->user();
$sample = fn (string $name) => new LocalFile(__DIR__ . "/../../crates/client/src/files/media/samples/$name");
$show = function (Message $sent) use ($api) {
    $document = raw($api, $sent)['media']['document'];
    echo $document['mime_type'];
    foreach ($document['attributes'] as $attribute) {
        $name = substr($attribute['_'], strlen('documentAttribute'));
        unset($attribute['_'], $attribute['stickerset']);
        echo " $name", json_encode(array_filter($attribute, fn ($value) => $value !== false));
    }
    foreach ($document['thumbs'] ?? [] as $thumb) {
        echo " thumb $thumb[w]x$thumb[h]";
    }
    echo "\n";
};
$png = $sandbox->path('wide.png');
file_put_contents($png, base64_decode('iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAADklEQVR42mNgYPj/nwEABgIB/9nMsZcAAAAASUVORK5CYII='));

$show($api->sendVideo('me', $sample('film.mp4')));
$show($api->sendVideo('me', $sample('turned.mp4'), duration: 7, width: 1));
$show($api->sendVideo('me', fopen($sample('turned.mp4')->file, 'r')));
$show($api->sendGif('me', $sample('turned.mp4'), thumb: new LocalFile($png)));
$show($api->sendAudio('me', $sample('song.mp3')));
$show($api->sendAudio('me', $sample('song.m4a'), title: 'Another', duration: 77));
$show($api->sendVoice('me', $sample('voice.ogg')));
$show($api->sendDocumentPhoto('me', new LocalFile($png)));
$show($api->sendDocument('me', new LocalFile($png)));
$show($api->sendDocument('me', $sample('film.mp4')));
$show($api->sendSticker('me', new LocalFile($png), 'image/png', 'x'));
file_put_contents($sandbox->path('broken.mp4'), substr(file_get_contents($sample('film.mp4')->file), 0, 2000));
$show($api->sendVideo('me', new LocalFile($sandbox->path('broken.mp4'))));
var_dump(is_bool(Tools::canUseFFmpeg()), Tools::canConvertOgg());
?>
--EXPECT--
video/mp4 Filename{"file_name":"film.mp4"} Video{"supports_streaming":true,"duration":1,"w":320,"h":180}
video/mp4 Filename{"file_name":"turned.mp4"} Video{"supports_streaming":true,"duration":7,"w":1,"h":320}
video/mp4 Video{"supports_streaming":true,"duration":1,"w":180,"h":320}
video/mp4 Filename{"file_name":"turned.mp4"} Video{"nosound":true,"duration":1,"w":180,"h":320} Animated[] thumb 3x2
audio/mpeg Filename{"file_name":"song.mp3"} Audio{"duration":2,"title":"A Song","performer":"Somebody"}
audio/m4a Filename{"file_name":"song.m4a"} Audio{"duration":77,"title":"Another"}
audio/ogg Filename{"file_name":"voice.ogg"} Audio{"voice":true,"duration":1}
image/png Filename{"file_name":"wide.png"} ImageSize{"w":3,"h":2}
image/png Filename{"file_name":"wide.png"} ImageSize{"w":3,"h":2}
video/mp4 Filename{"file_name":"film.mp4"}
image/png Filename{"file_name":"wide.png"} ImageSize{"w":3,"h":2} Sticker{"alt":"x"}
video/mp4 Filename{"file_name":"broken.mp4"} Video{"supports_streaming":true,"duration":0,"w":0,"h":0}
bool(true)
bool(false)
