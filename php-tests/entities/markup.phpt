--TEST--
Markup becomes texts with entities and back: on Tools, StrTools and API objects, and in the classes of danog\TelegramEntities
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\EventHandler\Message\Entities\Bold;
use danog\MadelineProto\StrTools;
use danog\MadelineProto\TextEntities;
use danog\MadelineProto\Tools;
use danog\TelegramEntities\Entities;
use danog\TelegramEntities\EntityTools;

$short = fn (array $entities) => str_replace(addslashes('danog\MadelineProto\EventHandler\Message\Entities\\'), '', json_encode($entities, JSON_UNESCAPED_SLASHES));

$html = '<b>a <i>b</i></b> <a href="https://e.com/?x&amp;y">c</a><br><a href="mention:5">d</a> <pre language="php">e</pre> '
    . '<tg-emoji emoji-id="7">😀</tg-emoji> <tg-spoiler>f</tg-spoiler> <blockquote>g</blockquote>';
$text = StrTools::htmlToMessageEntities($html);
echo $text::class, ': ', json_encode($text->message, JSON_UNESCAPED_UNICODE), "\n", $short($text->entities), "\n";
echo Tools::entitiesToHtml($text->message, $text->entities, true), "\n";
echo API::entitiesToHtml($text->message, $text->entities, allowTelegramTags: false), "\n";

$text = Tools::markdownToMessageEntities("*a* __b__ ~c~ ||d|| `e` [f](u) ![g](tg://emoji?id=7) [h]\r\n");
echo $text->message, "\n", $short($text->entities), "\n";
var_dump($text == TextEntities::fromMarkdown('*a* __b__ ~c~ ||d|| `e` [f](u) ![g](tg://emoji?id=7) [h]'));
var_dump(TextEntities::fromHtml('<b>a</b>') == new TextEntities('a', [new Bold(0, 1)]));

echo "as Telegram gives them: ";
echo StrTools::entitiesToHtml('@name a@e.com e.com +1', [
    ['_' => 'messageEntityMention', 'offset' => 0, 'length' => 5],
    ['_' => 'messageEntityEmail', 'offset' => 6, 'length' => 7],
    ['_' => 'messageEntityUrl', 'offset' => 14, 'length' => 5],
    ['_' => 'messageEntityPhone', 'offset' => 20, 'length' => 2],
]), "\n";
echo "mixed: ", StrTools::entitiesToHtml('ab', [['type' => 'bold', 'offset' => 0, 'length' => 1], new Bold(1, 1)]), "\n";

echo "the library:\n";
$text = Entities::fromHtml('<b>a</b> <a href="tg://user?id=5">b</a>');
echo json_encode($text), "\n", $text->toHTML(true), "\n", Entities::fromMarkdown('`a`')->toHTML(), "\n";
$text->entities = [['type' => 'italic', 'offset' => 2, 'length' => 1], ['type' => 'unheard of', 'offset' => 0, 'length' => 1]];
echo $text->toHTML(), ' ', (new Entities('x', []))->toHTML(), "\n";
echo EntityTools::mbSubstrReplace('a😀b', 'x', 1, 2), ' ', EntityTools::mbSubstrReplace('abc', 'x', -1), ' ', EntityTools::mbStrlen('😀'), ' ',
    EntityTools::htmlEscape('<'), "\n";

$api = Sandbox::start()->api();
echo $api->htmlToMessageEntities('<b>a</b>')->message, $api->entities_to_html('b', []), "\n";
?>
--EXPECT--
danog\MadelineProto\TextEntities: "a b c\nd e 😀 f g"
[{"_":"Italic","offset":2,"length":1},{"_":"Bold","offset":0,"length":3},{"_":"TextUrl","offset":4,"length":1,"url":"https://e.com/?x&y"},{"_":"MentionName","offset":6,"length":1,"userId":5},{"_":"Pre","offset":8,"length":1,"language":"php"},{"_":"CustomEmoji","offset":10,"length":2,"documentId":7},{"_":"Spoiler","offset":13,"length":1},{"_":"Blockquote","offset":15,"length":1}]
<b>a <i>b</i></b> <a href="https://e.com/?x&amp;y">c</a><br><a href="tg://user?id=5">d</a> <pre language="php">e</pre> <tg-emoji emoji-id="7">😀</tg-emoji> <tg-spoiler>f</tg-spoiler> <blockquote>g</blockquote>
<b>a <i>b</i></b> <a href="https://e.com/?x&amp;y">c</a><br>d <pre language="php">e</pre> 😀 <span class="tg-spoiler">f</span> <blockquote>g</blockquote>
a b c d e f g [h]
[{"_":"Bold","offset":0,"length":1},{"_":"Underline","offset":2,"length":1},{"_":"Strike","offset":4,"length":1},{"_":"Spoiler","offset":6,"length":1},{"_":"Code","offset":8,"length":1},{"_":"TextUrl","offset":10,"length":1,"url":"u"},{"_":"CustomEmoji","offset":12,"length":1,"documentId":7}]
bool(true)
bool(true)
as Telegram gives them: <a href="https://t.me/name">@name</a> <a href="mailto:a@e.com">a@e.com</a> <a href="e.com">e.com</a> +1
mixed: <b>a</b><b>b</b>
the library:
{"message":"a b","entities":[{"type":"bold","offset":0,"length":1},{"type":"text_mention","offset":2,"length":1,"user":{"id":5}}]}
<b>a</b> <a href="tg://user?id=5">b</a>
<code>a</code>
a <i>b</i> x
axb abx 2 &lt;
ab
