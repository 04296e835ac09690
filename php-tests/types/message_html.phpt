--TEST--
A message's entities are objects, and getHTML() gives its text with them
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\ParseMode;

$api = Sandbox::start()->user();
$show = function ($message) {
    echo implode(' ', array_map(fn ($entity) => is_array($entity) ? $entity['_'] : basename(strtr($entity::class, '\\', '/')), $message->entities)),
        "\n  ", $message->getHTML(), "\n  ", $message->getHTML(allowTelegramTags: true), "\n";
};
$show($api->sendMessage('me', 'a < b & "c"'));
$show($api->sendMessage('me', '<b>bold</b> <i>a<u>b</u></i> <a href="https://example.com/?a=1&amp;b">link</a> <tg-spoiler>secret</tg-spoiler>', ParseMode::HTML));
$show($api->sendMessage('me', "```php\n<?php\n```", ParseMode::MARKDOWN));
$message = fn (array ...$entities) => $api->wrapMessage(
    ['_' => 'message', 'id' => 1, 'peer_id' => 5000001, 'date' => 1, 'message' => "one two\nthree", 'entities' => $entities],
);
$at = fn (string $name, array $more = []) => ['_' => "messageEntity$name", 'offset' => 4, 'length' => 3] + $more;
$show($message($at('CustomEmoji', ['document_id' => 5]), $at('MentionName', ['user_id' => 5000002])));
$show($message($at('Blockquote', ['collapsed' => true]), $at('Blockquote')));
// A kind that release 8 has no class for.
$show($message($at('FormattedDate', ['date' => 5]), $at('Bold')));
thrown(fn () => $message(['_' => 'somethingElse', 'offset' => 1, 'length' => 1]));
thrown(fn () => $message(['_' => 'messageEntityBold', 'offset' => 1]));
thrown(fn () => $message(['_' => 'messageEntityBold', 'offset' => 1, 'length' => 'x']));
?>
--EXPECT--
a &lt; b &amp; &quot;c&quot;
  a &lt; b &amp; &quot;c&quot;
Bold Underline Italic TextUrl Spoiler
  <b>bold</b> <i>a<u>b</u></i> <a href="https://example.com/?a=1&amp;b">link</a> <span class="tg-spoiler">secret</span>
  <b>bold</b> <i>a<u>b</u></i> <a href="https://example.com/?a=1&amp;b">link</a> <tg-spoiler>secret</tg-spoiler>
Pre
  <pre language="php">&lt;?php</pre>
  <pre language="php">&lt;?php</pre>
CustomEmoji MentionName
  one two<br>three
  one <tg-emoji emoji-id="5"><a href="tg://user?id=5000002">two</a></tg-emoji><br>three
Blockquote Blockquote
  one <blockquote expandable=""><blockquote>two</blockquote></blockquote><br>three
  one <blockquote expandable=""><blockquote>two</blockquote></blockquote><br>three
messageEntityFormattedDate Bold
  one <b>two</b><br>three
  one <b>two</b><br>three
AssertionError: Unknown entity type: somethingElse
danog\MadelineProto\Exception: Undefined array key "length" in an entity of type messageEntityBold (code 2)
TypeError: danog\MadelineProto\EventHandler\Message\Entities\MessageEntity::__construct(): Argument #2 ($length) must be of type int, string given
