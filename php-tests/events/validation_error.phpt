--TEST--
Classes without a source that can be read have no issues, but exceptions
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\{EventHandler, EventHandlerIssue, Tools};

thrown(fn () => Tools::validateEventHandlerClass('Nobody'));
thrown(fn () => Tools::validateEventHandlerClass(EventHandler::class));
thrown(fn () => Tools::validateEventHandlerClass([]));
$file = tempnam(sys_get_temp_dir(), 'handler');
file_put_contents($file, '<?php class Changed {}');
require $file;
file_put_contents($file, '<?php class Changed {');
thrown(fn () => Tools::validateEventHandlerClass('Changed'));
unlink($file);
thrown(fn () => @Tools::validateEventHandlerClass('Changed'));
eval('class Evaluated {}');
thrown(fn () => @Tools::validateEventHandlerClass('Evaluated'));
// The parser's state is as it was.
eval('echo "goes on\n";');
$issue = new EventHandlerIssue("a", "b", 1, true);
thrown(fn () => $issue->line = 2);
thrown(fn () => new EventHandlerIssue('a', 'b', 'c', true));
?>
--EXPECTF--
ReflectionException: Class "Nobody" does not exist (code -1)
danog\MadelineProto\Exception: validateEventHandlerClass(): danog\MadelineProto\EventHandler: it is no class of a script
TypeError: danog\MadelineProto\Tools::validateEventHandlerClass(): Argument #1 ($class) must be of type string, array given%A
ParseError: Unclosed '{'
danog\MadelineProto\Exception: validateEventHandlerClass(): Changed: %shandler%s cannot be read
danog\MadelineProto\Exception: validateEventHandlerClass(): Evaluated: %s : eval()'d code cannot be read
goes on
Error: Cannot modify readonly property danog\MadelineProto\EventHandlerIssue::$line
TypeError: danog\MadelineProto\EventHandlerIssue::__construct(): Argument #3 ($line) must be of type int, string given%A
