--TEST--
Polls in messages are objects: of one answer, of several, and quizzes
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\AbstractPoll;
use danog\MadelineProto\TL\Types\Bytes;

$api = Sandbox::start()->user();
$text = fn (string $text, array ...$entities) => ['_' => 'textWithEntities', 'text' => $text, 'entities' => $entities];
$bold = ['_' => 'messageEntityBold', 'offset' => 0, 'length' => 3];
$answer = fn (string $of, string $option, array ...$entities) => ['_' => 'pollAnswer', 'text' => $text($of, ...$entities), 'option' => new Bytes($option)];
$votes = fn (string $option, array $of) => $of + ['_' => 'pollAnswerVoters', 'chosen' => false, 'correct' => false, 'option' => new Bytes($option)];
$poll = fn (array $of = [], array $results = []) => [
    '_' => 'messageMediaPoll',
    'poll' => $of + ['_' => 'poll', 'id' => 77, 'closed' => false, 'multiple_choice' => false, 'quiz' => false, 'question' => $text('Why < so?', $bold),
        'answers' => [$answer('One & all', '0', $bold), $answer('Two', "\xff")]],
    'results' => $results + ['_' => 'pollResults', 'min' => false],
];
$show = function (AbstractPoll $poll) {
    echo json_encode($poll, JSON_UNESCAPED_SLASHES), "\n", $poll->getQuestionHTML(), ' ', $poll->answers[0]->getHTML(true), ' ', $poll->answers[1]->getHTML(), "\n";
};
$message = fn (array $media) => $api->wrapMessage(['_' => 'message', 'id' => 1, 'peer_id' => 5000001, 'date' => 1, 'message' => '', 'media' => $media]);
$show($message($poll())->poll);
$show($message($poll(['multiple_choice' => true, 'close_period' => 60, 'close_date' => 1700000000], ['total_voters' => 3, 'recent_voters' => [5000002, -1000007000001],
    'results' => [$votes("\xff", ['chosen' => true, 'voters' => 3]), $votes('0', ['voters' => 0])]]))->poll);
$quiz = $message($poll(['quiz' => true, 'closed' => true], ['results' => [$votes('0', ['correct' => true, 'voters' => 1])], 'solution' => 'Because <', 'solution_entities' => [$bold]]))->poll;
$show($quiz);
echo $quiz->getSolutionHTML(), ' ', var_export(AbstractPoll::fromRawPoll($poll(['quiz' => true]))->getSolutionHTML(), true), "\n";
echo bin2hex($quiz->answers[1]->option), ' ', json_encode(unserialize(serialize($quiz)) == $quiz), "\n";
// As up to layer 178.
echo AbstractPoll::fromRawPoll($poll(['question' => 'Plain?']))->getQuestionHTML(), "\n";
var_dump($message(['_' => 'messageMediaEmpty'])->poll);

echo "Refused:\n";
thrown(fn () => AbstractPoll::fromRawPoll([]));
thrown(fn () => AbstractPoll::fromRawPoll($poll(['id' => 'x'])));
thrown(fn () => AbstractPoll::fromRawPoll($poll(['answers' => [['_' => 'pollAnswer', 'text' => $text('x')]]])));
thrown(fn () => AbstractPoll::fromRawPoll($poll(['question' => 5])));
thrown(fn () => AbstractPoll::fromRawPoll($poll(['closed' => 'yes'])));
thrown(fn () => AbstractPoll::fromRawPoll($poll([], ['results' => [$votes('0', ['chosen' => 1])]])));
thrown(fn () => AbstractPoll::fromRawPoll($poll([], ['recent_voters' => [5000002, 'me']])));
thrown(fn () => $quiz->closed = false);
$circle = $poll();
$circle['poll']['answers'][0]['again'] = &$circle;
thrown(fn () => AbstractPoll::fromRawPoll($circle));

echo "Changed meanwhile:\n";
$asked = $poll()['poll'];
$media = ['poll' => &$asked] + $poll();
$asked['question']['entities'] = [['_' => 'messageEntityTextUrl', 'offset' => 0, 'length' => 3, 'url' => new class {
    public function __toString(): string
    {
        // What the array had is freed, and its memory used again.
        global $asked, $other;
        $asked = null;
        $other = array_map(fn ($number) => str_repeat('x', 320) . $number, range(1, 200));
        return 'https://example.com';
    }
}], $bold];
$made = AbstractPoll::fromRawPoll($media);
echo $made->getQuestionHTML(), ' ', count($made->answers), ' ', json_encode($asked), "\n";
?>
--EXPECT--
{"_":"danog\\MadelineProto\\EventHandler\\Poll\\SinglePoll","id":77,"closed":false,"question":"Why < so?","questionEntities":[{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":0,"length":3}],"answers":[{"_":"danog\\MadelineProto\\EventHandler\\Poll\\PollAnswer","text":"One & all","entities":[{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":0,"length":3}],"option":{"_":"bytes","bytes":"MA=="},"chosen":null,"correct":null,"voters":null},{"_":"danog\\MadelineProto\\EventHandler\\Poll\\PollAnswer","text":"Two","entities":[],"option":{"_":"bytes","bytes":"/w=="},"chosen":null,"correct":null,"voters":null}],"closePeriod":null,"closeDate":null,"recentVoters":[],"totalVoters":null}
<b>Why</b> &lt; so? <b>One</b> &amp; all Two
{"_":"danog\\MadelineProto\\EventHandler\\Poll\\MultiplePoll","id":77,"closed":false,"question":"Why < so?","questionEntities":[{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":0,"length":3}],"answers":[{"_":"danog\\MadelineProto\\EventHandler\\Poll\\PollAnswer","text":"One & all","entities":[{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":0,"length":3}],"option":{"_":"bytes","bytes":"MA=="},"chosen":false,"correct":false,"voters":0},{"_":"danog\\MadelineProto\\EventHandler\\Poll\\PollAnswer","text":"Two","entities":[],"option":{"_":"bytes","bytes":"/w=="},"chosen":true,"correct":false,"voters":3}],"closePeriod":60,"closeDate":1700000000,"recentVoters":[5000002,-1000007000001],"totalVoters":3}
<b>Why</b> &lt; so? <b>One</b> &amp; all Two
{"_":"danog\\MadelineProto\\EventHandler\\Poll\\QuizPoll","solution":"Because <","solutionEntities":[{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":0,"length":3}],"id":77,"closed":true,"question":"Why < so?","questionEntities":[{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":0,"length":3}],"answers":[{"_":"danog\\MadelineProto\\EventHandler\\Poll\\PollAnswer","text":"One & all","entities":[{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":0,"length":3}],"option":{"_":"bytes","bytes":"MA=="},"chosen":false,"correct":true,"voters":1},{"_":"danog\\MadelineProto\\EventHandler\\Poll\\PollAnswer","text":"Two","entities":[],"option":{"_":"bytes","bytes":"/w=="},"chosen":null,"correct":null,"voters":null}],"closePeriod":null,"closeDate":null,"recentVoters":[],"totalVoters":null}
<b>Why</b> &lt; so? <b>One</b> &amp; all Two
<b>Bec</b>ause &lt; NULL
ff true
Plain?
NULL
Refused:
danog\MadelineProto\Exception: poll.poll: expected an object, found nothing
danog\MadelineProto\Exception: poll.id: expected an int, found string
danog\MadelineProto\Exception: poll.answers.option: expected bytes, found nothing
danog\MadelineProto\Exception: poll.question: expected an array, found int
danog\MadelineProto\Exception: poll.closed: expected a bool, found string
danog\MadelineProto\Exception: poll.results.results.chosen: expected a bool, found int
danog\MadelineProto\Exception: poll.results.recent_voters: expected peers, found string in it
Error: Cannot modify readonly property danog\MadelineProto\EventHandler\AbstractPoll::$closed
danog\MadelineProto\Exception: fromRawPoll(): arrays are nested too deep, or contain themselves
Changed meanwhile:
<a href="https://example.com"><b>Why</b></a> &lt; so? 2 null
