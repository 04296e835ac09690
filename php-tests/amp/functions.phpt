--TEST--
Small forms of Amp's functions are there for scripts of MadelineProto's, and only for those
--FILE--
<?php
require __DIR__ . '/../coroutine/coroutine.inc';

use Amp\File;
use Amp\Future;
use function Amp\async;
use function Amp\ByteStream\buffer;
use function Amp\delay;

var_dump(function_exists('Amp\delay'), class_exists('Amp\Future'));
$api = user();
var_dump(function_exists('Amp\delay'), class_exists('Amp\Future'), class_exists('Amp\Loop'));

$press = fn (string $data) => $api->messages->getBotCallbackAnswer(button($data))['message'];
$log = [];
$futures = [];
foreach (['a' => 'slow', 'b' => 'yes'] as $key => $data) {
    $futures[$key] = async(function () use ($data, $press, &$log) { return $log[] = $press($data); });
}
$log[] = 'begun later';
echo json_encode(Future\await($futures)), "\n", implode(' ', $log), "\n";
var_dump($futures['a'] instanceof Future, Future::complete(1)->map(fn (int $n) => $n + 1)->await());

[$errors, $values] = Future\awaitAll([async(fn () => throw new DomainException('failed')), async(fn () => 'value')]);
echo $errors[0]->getMessage(), ' ', json_encode($values), "\n";
echo Future\awaitFirst([async(fn () => $press('slow')), async(fn () => $press('no'))]), "\n";
echo Future\awaitAny(new ArrayIterator([async(fn () => throw new DomainException()), async(fn () => $press('yes'))])), "\n";
delay(0.01);

// Their exceptions and types are known by Amp's names, also where nothing loads classes.
try {
    Future\awaitAny([async(fn () => throw new DomainException('not this'))]);
} catch (Amp\CompositeException $e) {
    echo $e::class, "\n";
}
echo (fn (Future $future) => $future->await())(async(fn () => 'typed')), "\n";

// Amp 2's.
echo Amp\Promise\wait(Amp\call(function () { return yield Amp\Promise\all([1, Amp\call(fn () => 2)]); }))[1], "\n";
Amp\asyncCall(function (string $text) { echo "$text\n"; yield; }, 'async call');

echo buffer('text'), ' ', buffer(fopen('data:,resource', 'r')), ' ';
echo buffer(new class { private array $chunks = ['in ', 'chunks']; public function read(): ?string { return array_shift($this->chunks); } }), "\n";
$file = tempnam(sys_get_temp_dir(), 'amp');
File\write($file, 'contents');
var_dump(File\read($file), File\exists($file), File\isFile($file), File\isDirectory($file));
File\deleteFile($file);
var_dump(File\exists($file));

// The loader makes them appear as well.
[, $output] = Sandbox::start()->php('<?php
    echo json_encode(function_exists("Amp\delay"));
    include "madeline.php";
    echo json_encode(function_exists("Amp\delay")), "\n";
');
echo $output;
?>
--EXPECT--
bool(false)
bool(false)
bool(true)
bool(true)
bool(false)
{"a":"You pressed slow.","b":"You pressed yes."}
begun later You pressed yes. You pressed slow.
bool(true)
int(2)
failed {"1":"value"}
You pressed no.
You pressed yes.
danog\MadelineProto\CompositeException
typed
2
async call
text resource in chunks
string(8) "contents"
bool(true)
bool(true)
bool(false)
bool(false)
falsetrue
