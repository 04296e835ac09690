--TEST--
Each filter lets the messages pass that it is called after, and no others
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\CommandType;
use danog\MadelineProto\EventHandler\Filter as F;

$api = Sandbox::start()->user();
const ALICE = 5000001;
$document = fn (string $mime, array ...$attributes) => ['_' => 'messageMediaDocument', 'document' => [
    '_' => 'document', 'id' => 77, 'access_hash' => -5, 'file_reference' => 'reference', 'date' => 1_700_000_000, 'mime_type' => $mime,
    'size' => 4321, 'dc_id' => 2, 'attributes' => [...$attributes],
]];
$attribute = fn (string $name, mixed ...$fields) => ['_' => "documentAttribute$name"] + $fields;
$poll = fn (mixed ...$fields) => ['_' => 'messageMediaPoll', 'poll' => $fields + [
    '_' => 'poll', 'id' => 5, 'question' => ['_' => 'textWithEntities', 'text' => 'Why?', 'entities' => []],
    'answers' => [['_' => 'pollAnswer', 'text' => ['_' => 'textWithEntities', 'text' => 'So.', 'entities' => []], 'option' => '0']],
], 'results' => ['_' => 'pollResults']];
$video = $attribute('Video', duration: 2.5, w: 640, h: 480);
$size = $attribute('ImageSize', w: 5, h: 6);
$photo = ['_' => 'messageMediaPhoto', 'photo' => [
    '_' => 'photo', 'id' => 99, 'access_hash' => 6, 'file_reference' => 'reference', 'date' => 1_600_000_000, 'dc_id' => 4,
    'sizes' => [['_' => 'photoSize', 'type' => 'm', 'w' => 30, 'h' => 20, 'size' => 100]],
]];
$sticker = $attribute('Sticker', alt: ':)', stickerset: ['_' => 'inputStickerSetEmpty']);
$messages = [
    'text' => [],
    'out' => ['out' => true],
    'channel' => ['peer_id' => -1_000_000_000_005, 'post' => true],
    'group' => ['peer_id' => -7, 'from_id' => ALICE],
    'service' => ['_' => 'messageService', 'action' => ['_' => 'messageActionScreenshotTaken']],
    'edited' => ['edit_date' => 5],
    'forward' => ['fwd_from' => ['_' => 'messageFwdHeader', 'date' => 4, 'from_id' => 5000002]],
    'reply' => ['reply_to' => ['_' => 'messageReplyHeader', 'reply_to_msg_id' => 1]],
    'topic' => ['reply_to' => ['_' => 'messageReplyHeader', 'forum_topic' => true, 'reply_to_msg_id' => 8, 'reply_to_top_id' => 3]],
    'photo' => ['media' => $photo],
    'image' => ['media' => $document('image/png', $size)],
    'document' => ['media' => $document('application/pdf')],
    'audio' => ['media' => $document('audio/mpeg', $attribute('Audio', duration: 61))],
    'voice' => ['media' => $document('audio/ogg', $attribute('Audio', duration: 61, voice: true))],
    'video' => ['media' => $document('video/mp4', $video)],
    'round' => ['media' => $document('video/mp4', ['round_message' => true] + $video)],
    'gif' => ['media' => $document('video/mp4', $video, $attribute('Animated'))],
    'sticker' => ['media' => $document('image/webp', $sticker, $size)],
    'single' => ['media' => $poll()],
    'multiple' => ['media' => $poll(multiple_choice: true)],
    'quiz' => ['media' => $poll(quiz: true)],
];
foreach ($messages as &$message) {
    $message = $api->wrapMessage($message + ['_' => 'message', 'id' => 2, 'peer_id' => ALICE, 'date' => 3, 'message' => 'text']);
}
unset($message);

$show = function (F\Filter $filter) use ($messages): void {
    $passed = array_keys(array_filter($messages, $filter->apply(...)));
    $all = array_keys($messages);
    $without = array_diff($all, $passed);
    $name = (new ReflectionClass($filter))->getShortName();
    echo "$name: ", count($passed) > 8 ? 'all' . ($without === [] ? '' : ' but ' . implode(' ', $without)) : (implode(' ', $passed) ?: 'none'), "\n";
};
foreach ([
    'AllowAll', 'Incoming', 'Outgoing', 'Message', 'Private', 'Group', 'Channel', 'Secret', 'Service', 'CommentReply', 'Edited', 'NotEdited',
    'Forwarded', 'Reply', 'Topic', 'Media', 'NoMedia', 'Poll', 'Ended', 'Running',
] as $name) {
    $show(new ("danog\\MadelineProto\\EventHandler\\Filter\\Filter$name"));
}
foreach (['Audio', 'Document', 'DocumentPhoto', 'Gif', 'Photo', 'RoundVideo', 'Sticker', 'Video', 'Voice'] as $name) {
    $show(new ("danog\\MadelineProto\\EventHandler\\Filter\\Media\\Filter$name"));
}
foreach (['Single', 'Multiple', 'Quiz'] as $name) {
    $show(new ("danog\\MadelineProto\\EventHandler\\Filter\\Poll\\Filter{$name}Poll"));
}
$show(new F\FilterTopicId(3));
$show(new F\FilterTopicId(4));

echo "Texts:\n";
foreach (['', 'Text' => 'Text', 'Contains' => 'Contains', 'Starts' => 'Starts', 'Ends' => 'Ends'] as $kind => $how) {
    $how = $kind === 'Text' ? '' : $how;
    if ($kind === 0) {
        continue;
    }
    foreach (['', 'CaseInsensitive'] as $case) {
        $filter = new ("danog\\MadelineProto\\EventHandler\\Filter\\FilterText$how$case")('Straße Ä');
        $passed = [];
        foreach (['Straße Ä', 'STRASSE ä', 'straße ä', 'so Straße Ä is', 'SO STRAßE Ä', 'straßE ä so'] as $text) {
            $message = $api->wrapMessage(['_' => 'message', 'id' => 2, 'peer_id' => ALICE, 'date' => 3, 'message' => $text]);
            $passed[] = $filter->apply($message) ? $text : '-';
        }
        echo "$how$case: ", implode(' | ', $passed), "\n";
    }
}

echo "Commands:\n";
foreach ([new F\FilterCommand('Go'), new F\FilterCommandCaseInsensitive('Go'), new F\FilterCommand('Go', [CommandType::BANG, CommandType::DOT])] as $filter) {
    $passed = [];
    foreach (['/Go', '!Go now', '.go', 'Go', '/Gone', '/Go@bot', '! Go'] as $text) {
        $message = $api->wrapMessage(['_' => 'message', 'id' => 2, 'peer_id' => ALICE, 'date' => 3, 'message' => $text]);
        $passed[] = $filter->apply($message) ? $text : '-';
    }
    echo implode(' | ', $passed), '; ', json_encode($filter->commandTypes), "\n";
}

echo "Expressions:\n";
$message = $api->wrapMessage(['_' => 'message', 'id' => 2, 'peer_id' => ALICE, 'date' => 3, 'message' => 'one 1 two 22']);
var_dump((new F\FilterRegex('/three/'))->apply($message), $message->matches);
var_dump((new F\FilterRegex('/(\w+) (\d+)$/', PREG_OFFSET_CAPTURE, 4))->apply($message));
echo json_encode($message->matches), "\n";
var_dump((new F\FilterRegexMatchAll('/\d+/'))->apply($message));
echo json_encode([$message->matches, $message->matchesAll]), "\n";
var_dump((new F\FilterRegex('/text/'))->apply($messages['service']));
var_dump((new F\FilterRegex('/text/', 0, 4))->apply($messages['text']), (new F\FilterRegex('/x/', 0, 50))->apply($messages['text']));

// PCRE gives up on it: as for preg_match(), that is no match.
ini_set('pcre.backtrack_limit', '1');
var_dump((new F\FilterRegex('/(t+)+x/'))->apply($messages['text']));
ini_restore('pcre.backtrack_limit');

echo "Types:\n";
$types = new class {
    public function a(danog\MadelineProto\EventHandler\Message&danog\MadelineProto\EventHandler\SimpleFilter\HasPhoto $a) {}
    public function b(danog\MadelineProto\EventHandler\Message\GroupMessage|danog\MadelineProto\EventHandler\Message\ServiceMessage $b) {}
    public function c(danog\MadelineProto\EventHandler\Message\Service\DialogScreenshotTaken $c) {}
    public function d(danog\MadelineProto\EventHandler\Update $d) {}
    public function e(danog\MadelineProto\EventHandler\SimpleFilter\FromAdminOrOutgoing $e) {}
};
foreach (['a', 'b', 'c', 'd'] as $method) {
    $show(F\Filter::fromReflectionType((new ReflectionParameter([$types, $method], 0))->getType()));
}
$interfaces = (new ReflectionClass(danog\MadelineProto\EventHandler\SimpleFilters::class))->getInterfaceNames();
echo count($interfaces), ' interfaces, ', is_a(danog\MadelineProto\EventHandler\Message::class, danog\MadelineProto\EventHandler\SimpleFilters::class, true) ? 'of all messages' : 'of none', "\n";
foreach ($interfaces as $interface) {
    $type = (new ReflectionFunction(eval("return fn (\\$interface \$update) => 0;")))->getParameters()[0]->getType();
    $filter = F\Filter::fromReflectionType($type);
    echo substr($interface, strrpos($interface, '\\') + 1), ': ', substr($filter::class, strlen(F\Filter::class) - strlen('Filter')), "\n";
}
?>
--EXPECT--
FilterAllowAll: all
FilterIncoming: all but out
FilterOutgoing: out
FilterMessage: all but service
FilterPrivate: all but channel group service
FilterGroup: group
FilterChannel: channel
FilterSecret: none
FilterService: service
FilterCommentReply: none
FilterEdited: edited
FilterNotEdited: all but service edited
FilterForwarded: forward
FilterReply: reply topic
FilterTopic: topic
FilterMedia: all but text out channel group service edited forward reply topic single multiple quiz
FilterNoMedia: all but service photo image document audio voice video round gif sticker
FilterPoll: single multiple quiz
FilterEnded: none
FilterRunning: none
FilterAudio: audio
FilterDocument: document
FilterDocumentPhoto: image
FilterGif: gif
FilterPhoto: photo
FilterRoundVideo: round
FilterSticker: sticker
FilterVideo: video
FilterVoice: voice
FilterSinglePoll: single
FilterMultiplePoll: multiple
FilterQuizPoll: quiz
FilterTopicId: topic
FilterTopicId: none
Texts:
: Straße Ä | - | - | - | - | -
CaseInsensitive: Straße Ä | - | straße ä | - | - | -
Contains: Straße Ä | - | - | so Straße Ä is | - | -
ContainsCaseInsensitive: Straße Ä | - | straße ä | so Straße Ä is | SO STRAßE Ä | straßE ä so
Starts: Straße Ä | - | - | - | - | -
StartsCaseInsensitive: Straße Ä | - | straße ä | - | - | straßE ä so
Ends: Straße Ä | - | - | - | - | -
EndsCaseInsensitive: Straße Ä | - | straße ä | - | SO STRAßE Ä | -
Commands:
/Go | !Go now | - | - | - | - | -; ["!",".","\/"]
/Go | !Go now | .go | - | - | - | -; ["!",".","\/"]
- | !Go now | - | - | - | - | -; ["!","."]
Expressions:
bool(false)
NULL
bool(true)
[["two 22",6],["two",6],["22",10]]
bool(true)
[[["two 22",6],["two",6],["22",10]],[["1","22"]]]
bool(false)
bool(false)
bool(false)
bool(false)
Types:
FiltersAnd: photo
FiltersOr: group service
FilterClass: service
FilterAllowAll: all
27 interfaces, of all messages
Ended: FilterEnded
FromAdmin: FilterFromAdmin
FromAdminOrOutgoing: Combinator\FiltersOr
HasAudio: Media\FilterAudio
HasDocument: Media\FilterDocument
HasDocumentPhoto: Media\FilterDocumentPhoto
HasGif: Media\FilterGif
HasMedia: FilterMedia
HasMultiplePoll: Poll\FilterMultiplePoll
HasNoMedia: FilterNoMedia
HasPhoto: Media\FilterPhoto
HasPoll: FilterPoll
HasQuizPoll: Poll\FilterQuizPoll
HasRoundVideo: Media\FilterRoundVideo
HasSinglePoll: Poll\FilterSinglePoll
HasSticker: Media\FilterSticker
HasTopic: FilterTopic
HasVideo: Media\FilterVideo
HasVoice: Media\FilterVoice
Incoming: FilterIncoming
IsEdited: FilterEdited
IsForwarded: FilterForwarded
IsNotEdited: FilterNotEdited
IsReply: FilterReply
IsReplyToSelf: FilterReplyToSelf
Outgoing: FilterOutgoing
Running: FilterRunning
