--TEST--
Entities are objects of a class for each kind: made, read from both forms, written in both forms, sent
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\EventHandler\Message\Entities\Blockquote;
use danog\MadelineProto\EventHandler\Message\Entities\Bold;
use danog\MadelineProto\EventHandler\Message\Entities\CustomEmoji;
use danog\MadelineProto\EventHandler\Message\Entities\InputMentionName;
use danog\MadelineProto\EventHandler\Message\Entities\MentionName;
use danog\MadelineProto\EventHandler\Message\Entities\MessageEntity;
use danog\MadelineProto\EventHandler\Message\Entities\Pre;
use danog\MadelineProto\EventHandler\Message\Entities\TextUrl;

foreach (['Mention', 'Hashtag', 'BotCommand', 'Email', 'Bold', 'Italic', 'Url', 'Code', 'Phone', 'Cashtag', 'Underline', 'Strike', 'BankCard', 'Spoiler'] as $name) {
    $class = "danog\\MadelineProto\\EventHandler\\Message\\Entities\\$name";
    $entity = new $class(1, 2);
    $bot = MessageEntity::fromRawEntity($entity->toBotAPI());
    $tl = MessageEntity::fromRawEntity($entity->toMTProto());
    echo $entity->toBotAPI()['type'], ' ', $entity->toMTProto()['_'], $bot == $entity && $tl == $entity ? '' : ' differs', "\n";
}
foreach ([
    new Pre(1, 2, 'php'), new Pre(1, 2, ''), new TextUrl(1, 2, 'u'), new MentionName(1, 2, 5), new InputMentionName(1, 2, '@name'),
    new CustomEmoji(1, 2, 7), new Blockquote(1, 2), new Blockquote(1, 2, true),
] as $entity) {
    echo json_encode($entity->toBotAPI()), ' ', json_encode($entity->toMTProto());
    echo MessageEntity::fromRawEntity($entity->toMTProto()) == $entity ? '' : ' differs', "\n";
}
echo "\n";
$bold = MessageEntity::fromRawEntity(['_' => 'messageEntityBold', 'offset' => '1', 'length' => 2]);
var_dump($bold instanceof Bold && $bold instanceof MessageEntity, $bold === MessageEntity::fromRawEntity($bold), $bold == unserialize(serialize($bold)), $bold == clone $bold);
var_dump($bold->offset, $bold->length);
echo json_encode($bold), ' ', json_encode(MessageEntity::fromRawEntities([$bold, ['type' => 'url', 'offset' => 0, 'length' => 1]])), "\n";
$abstract = new ReflectionClass(MessageEntity::class);
var_dump($abstract->isAbstract(), (new ReflectionClass(Pre::class))->isFinal(), (new Pre(0, 1, language: 'c'))->language);

echo "\nsent:\n";
$alice = Sandbox::start()->user();
$sent = $alice->extractMessage($alice->messages->sendMessage(peer: 'me', message: 'a b c', entities: [
    new Bold(0, 1), ['_' => 'messageEntityItalic', 'offset' => 2, 'length' => 1], new MentionName(4, 1, $alice->getSelf()['id']),
]));
foreach ($sent['entities'] as $entity) {
    echo json_encode(array_diff_key($entity, ['user_id' => 0])), "\n";
}
var_dump(end($sent['entities'])['user_id'] === $alice->getSelf()['id']);
$sent = $alice->extractMessage($alice->messages->sendMessage(peer: 'me', message: '*a* b', parse_mode: 'markdown', entities: [new Bold(2, 1)]));
echo json_encode($sent['entities']), "\n";
?>
--EXPECT--
mention messageEntityMention
hashtag messageEntityHashtag
bot_command messageEntityBotCommand
email messageEntityEmail
bold messageEntityBold
italic messageEntityItalic
url messageEntityUrl
code messageEntityCode
phone_number messageEntityPhone
cashtag messageEntityCashtag
underline messageEntityUnderline
strikethrough messageEntityStrike
bank_card messageEntityBankCard
spoiler messageEntitySpoiler
{"type":"pre","offset":1,"length":2,"language":"php"} {"_":"messageEntityPre","offset":1,"length":2,"language":"php"}
{"type":"pre","offset":1,"length":2} {"_":"messageEntityPre","offset":1,"length":2,"language":""}
{"type":"text_link","offset":1,"length":2,"url":"u"} {"_":"messageEntityTextUrl","offset":1,"length":2,"url":"u"}
{"type":"text_mention","offset":1,"length":2,"user":{"id":5}} {"_":"messageEntityMentionName","offset":1,"length":2,"user_id":5}
{"type":"text_mention","offset":1,"length":2,"user":{"id":"@name"}} {"_":"inputMessageEntityMentionName","offset":1,"length":2,"user_id":"@name"}
{"type":"custom_emoji","offset":1,"length":2,"custom_emoji_id":7} {"_":"messageEntityCustomEmoji","offset":1,"length":2,"document_id":7}
{"type":"block_quote","offset":1,"length":2} {"_":"messageEntityBlockquote","offset":1,"length":2}
{"type":"expandable_blockquote","offset":1,"length":2} {"_":"messageEntityBlockquote","offset":1,"length":2,"collapsed":true}

bool(true)
bool(true)
bool(true)
bool(true)
int(1)
int(2)
{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":1,"length":2} [{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold","offset":1,"length":2},{"_":"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Url","offset":0,"length":1}]
bool(true)
bool(true)
string(1) "c"

sent:
{"_":"messageEntityBold","offset":0,"length":1}
{"_":"messageEntityItalic","offset":2,"length":1}
{"_":"messageEntityMentionName","offset":4,"length":1}
bool(true)
[{"_":"messageEntityBold","offset":2,"length":1},{"_":"messageEntityBold","offset":0,"length":1}]
