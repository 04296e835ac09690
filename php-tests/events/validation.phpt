--TEST--
The source of an event handler is checked by MadelineProto's rules; nothing stops such a handler from starting
--FILE--
<?php
use danog\MadelineProto\{API, EventHandler, EventHandlerIssue, Lang, Tools};

/** The issues of a class whose file has this code. */
function check(string $code, string $class): void
{
    $file = tempnam(sys_get_temp_dir(), 'handler');
    file_put_contents($file, $code);
    try {
        require $file;
        foreach (Tools::validateEventHandlerClass($class) as $issue) {
            printf("%s %d: %s\n", $issue->severe ? 'severe' : 'minor', $issue->line, $issue->message);
            $issue->file === $file || print("of another file: $issue->file\n");
        }
    } finally {
        unlink($file);
    }
    echo "--\n";
}

check('<?php declare(strict_types=1);
    namespace Good;
    use danog\MadelineProto\EventHandler;
    require_once __FILE__ . "";
    final class H extends EventHandler {
        public function onStart(): void {
            $this->sleep(0.1);
            $this->fopen(); H::exec(); new PDO; Other\sleep(1); namespace\usleep(1);
            fopen("php://memory", "r"); unlink("else.log"); unlink($this->x); eval("1;");
            "sleep(1)"; // sleep(1)
        }
        public function fopen() {}
        private function others() { yield 1; }
        public function onAny() { yield 1; }
    }
    class PDO {}', 'Good\H');

check('<?php
    namespace Bad;
    use PDO as Database;
    use function Amp\File\{get, write};
    use Amp\File;
    class H extends \danog\MadelineProto\EventHandler {
        public function onStart() {
            sleep(1);
            \USLEEP(1);
            fopen("php://temp", "r");
            fopen("php://memory", "r");
            new Database("x"); new \mysqli; new H;
            get("x"); File\put("x", "y"); write("a", "b");
            unlink("MadelineProto.log"); unlink("madeline-80.phar");
            include "x.php";
            $later = fn () => require "y.php";
        }
        public function onUpdateNewMessage() {
            yield 1;
            (function () { yield from []; })();
        }
        protected function onUpdateNewChannelMessage() {
            yield 1;
            exec(...);
        }
    }', 'Bad\H');
check('<?php declare(strict_types=0); declare(strict_types=1); class Loose extends danog\MadelineProto\EventHandler {}', 'Loose');
check('<?php declare(ticks=1); namespace A { class Ticks {} } namespace B { use function sleep as wait; wait(1); new class {}; }', 'A\Ticks');
check('<?php declare(strict_types=1); namespace MadelinePlugin;
    class One extends \danog\MadelineProto\PluginEventHandler { function f() { return new class {}; } }', 'MadelinePlugin\One');
check('<?php declare(strict_types=1); namespace MadelinePlugin;
    is_file("") && require "x";
    class Two extends \danog\MadelineProto\PluginEventHandler {} interface Three {}', 'MadelinePlugin\Two');

$issue = new EventHandlerIssue('a <b>', '/x/y.php', 7, true);
echo "$issue\n", $issue->getHTML(), "\n";
echo new EventHandlerIssue('c', 'd', 8, false), "\n";
try {
    $issue->throw();
} catch (\danog\MadelineProto\Exception $e) {
    echo $e->getFile(), ':', $e->getLine(), ' ', $e->getMessage(), "\n";
}
Lang::$current_lang['static_analysis_severe'] = 'In %s: %s!';
echo $issue, "\n";

// Under the API's name, too: of this file.
class Here extends EventHandler {}
echo API::validateEventHandlerClass(Here::class)[0]->file === __FILE__ ? "this file\n" : "another file\n";
?>
--EXPECT--
--
severe 0: the file has to begin with declare(strict_types=1)
severe 8: sleep() holds up all other handlers: use $this->sleep()
severe 9: usleep() holds up all other handlers: use $this->sleep()
severe 10: fopen() holds up all other handlers: use amphp/file
severe 13: amp\file\get() has another name now: Amp\File\read()
severe 13: amp\file\put() has another name now: Amp\File\write()
minor 13: amp\file\write() keeps data outside of the session: properties that __sleep() names are kept in it
severe 14: the log becomes no longer than its settings say: leave MadelineProto.log where it is
severe 14: the archives of MadelineProto are removed by who has loaded them
severe 24: exec() holds up all other handlers: use amphp/process
severe 12: pdo holds up all other handlers: use amphp/mysql
severe 12: mysqli holds up all other handlers: use amphp/mysql
severe 15: include and require belong to the beginning of the file, outside of functions
severe 16: include and require belong to the beginning of the file, outside of functions
severe 19: a handler of release 8 waits without yield
severe 20: a handler of release 8 waits without yield
--
severe 0: the file has to begin with declare(strict_types=1)
--
severe 0: the file has to begin with declare(strict_types=1)
severe 1: sleep() holds up all other handlers: use $this->sleep()
--
--
severe 0: the file of a plugin has exactly one class
severe 2: a plugin loads no files itself: its classes are found by their names
--
/x/y.php:7: not in an event handler: a <b>
<h2 style='color:red;'>/x/y.php:7: not in an event handler: a &lt;b&gt;</h2>
d:8: better not in an event handler: c
/x/y.php:7 /x/y.php:7: not in an event handler: a <b>
In /x/y.php:7: a <b>!
this file
