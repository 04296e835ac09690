--TEST--
Profile photos: set, shown, downloaded, taken back
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\LocalFile;

$sandbox = Sandbox::start();
$api = $sandbox->user();
$erin = $sandbox->user('9996612005', name: 'erin.madeline');
$png = fn (string $base64) => base64_decode($base64);
file_put_contents($one = $sandbox->path('one.png'), $png('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='));
file_put_contents($two = $sandbox->path('two.png'), $png('iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAADklEQVR42mNgYPj/nwEABgIB/9nMsZcAAAAASUVORK5CYII='));
$shown = function ($api, $peer) use ($sandbox, $one, $two): string {
    $api->refreshPeerCache($peer);
    $user = $api->getInfo($peer)["User"];
    try {
        $path = $api->downloadToFile($user, $sandbox->path(bin2hex(random_bytes(4))));
    } catch (Throwable $e) {
        return $e->getMessage();
    }
    return match (file_get_contents($path)) {
        file_get_contents($one) => 'one',
        file_get_contents($two) => 'two',
        default => 'something else',
    };
};
echo $shown($erin, '@alice'), "\n";
$first = $api->photos->uploadProfilePhoto(file: $one)['photo'];
echo $shown($api, 'me'), ' ', $shown($erin, '@alice'), "\n";
$api->photos->updateProfilePhoto(['file' => new LocalFile($two)]);
echo $shown($erin, '@alice'), "\n";
$photos = $api->photos->getUserPhotos(user_id: 'me', offset: 0, max_id: 0, limit: 10)['photos'];
echo count($photos), ' ', basename($api->downloadToDir($photos[1], $sandbox->directory)) === "$first[id]_x_$first[dc_id].jpg" ? 'named' : 'misnamed', "\n";
$api->refreshFullPeerCache('me');
$full = $api->getFullInfo('me')['full'];
$photo = $full['profile_photo'];
echo $photo::class, ' ', $photo->location['id'] === $photos[0]['id'] ? 'the full info has it' : 'another', "\n";
echo file_get_contents($photo->downloadToFile($sandbox->path('object'))) === file_get_contents($two) ? 'two' : 'another', "\n";
var_dump($api->getPropicInfo('me') == $photo, $api->getPwrChat('me')['photo'] == $photo, isset($full['fallback_photo']), $api->getPropicInfo('@bot'));
$old = $sandbox->php(<<<'PHP'
    <?php
    $api = new danog\MadelineProto\API('user.madeline', ['logger' => ['logger' => 0]]);
    echo $api->getFullInfo('me')['full']['profile_photo']['_'], ' ', $api->getPropicInfo('me')['_'], ' ', $api->getPwrChat('me')['photo']['_'], "\n";
    PHP, ini: ['madelineproto.dialect' => 'v7']);
echo $old[1];
$api->photos->updateProfilePhoto(id: $first);
echo $shown($erin, '@alice'), "\n";
$api->photos->uploadProfilePhoto(['id' => ['_' => 'inputPhotoEmpty']]);
echo $shown($erin, '@alice'), "\n";
echo count($api->photos->deletePhotos(id: $photos)), ' ', $shown($erin, '@alice'), "\n";
thrown(fn () => $erin->photos->updateProfilePhoto(id: $first));
thrown(fn () => $api->photos->uploadProfilePhoto(file: $sandbox->path('missing')));
thrown(fn () => $api->photos->uploadProfilePhoto(file: __FILE__));
?>
--EXPECT--
expected somebody with a photo, found one without
one one
two
2 named
danog\MadelineProto\EventHandler\Media\Photo the full info has it
two
bool(true)
bool(true)
bool(false)
NULL
photo photo photo
one
two
1 expected somebody with a photo, found one without
danog\MadelineProto\RPCErrorException: PHOTO_ID_INVALID (code 400, rpc PHOTO_ID_INVALID)
danog\MadelineProto\Exception: File does not exist
danog\MadelineProto\RPCError\ImageProcessFailedError: IMAGE_PROCESS_FAILED (code 400, rpc IMAGE_PROCESS_FAILED)
