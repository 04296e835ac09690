--TEST--
Where ffmpeg is installed and the script says at which time, a frame of a film becomes its thumbnail
--SKIPIF--
<?php
if (!danog\MadelineProto\Tools::canUseFFmpeg()) {
    die('skip ffmpeg is not installed');
}
?>
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message;
use danog\MadelineProto\LocalFile;

$sandbox = Sandbox::start();
$api = $sandbox->user();
$film = __DIR__ . '/../../crates/client/src/files/media/samples/film.mp4';
copy($film, $sandbox->path('http:film.mp4'));
$show = function (Message $sent) use ($api) {
    $thumbs = raw($api, $sent)['media']['document']['thumbs'] ?? [];
    foreach ($thumbs as $thumb) {
        echo "$thumb[w]x$thumb[h]\n";
    }
    echo $thumbs === [] ? "none\n" : '';
};
$show($api->sendVideo('me', new LocalFile($film)));
$show($api->sendVideo('me', new LocalFile($film), thumbSeek: '00:00:00.500'));
$show($api->sendGif('me', new LocalFile($sandbox->path('http:film.mp4')), thumbSeek: '0'));
$show($api->sendVideo('me', fopen($film, 'r'), thumbSeek: '0'));
$show($api->sendVideo('me', new LocalFile($film), thumbSeek: '01:00:00'));
$show($api->sendVideo('me', new LocalFile($film), thumbSeek: '-nonsense'));
file_put_contents($sandbox->path('text.mp4'), 'no film');
$show($api->sendVideo('me', new LocalFile($sandbox->path('text.mp4')), thumbSeek: '0'));
putenv('PATH=/nowhere');
$show($api->sendVideo('me', new LocalFile($film), thumbSeek: '0'));
?>
--EXPECT--
none
320x180
320x180
none
none
none
none
none
