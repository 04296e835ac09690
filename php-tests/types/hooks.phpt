--TEST--
JSON of a typed object of the script's own class has what its properties give: by hooks, where PHP has them
--FILE--
<?php
class Thrower implements JsonSerializable
{
    public function jsonSerialize(): mixed
    {
        throw new LogicException('on purpose');
    }
}

// Hooks are of PHP 8.4; before, what they would give is the value.
[$hooked, $thrown] = PHP_VERSION_ID >= 80400
    ? ['public string $hooked { get => "of $this->plain"; }', 'public string $thrown { get => throw new LogicException("on purpose"); }']
    : ['public string $hooked = "of 1";', 'public $thrown;'];
eval("
    class Quiet extends danog\\MadelineProto\\EventHandler\\Action
    {
        public int \$plain = 1;
        $hooked
    }
    class Own extends Quiet
    {
        $thrown
    }
");

echo json_encode(new Quiet), "\n";
$own = new Own;
if (PHP_VERSION_ID < 80400) {
    $own->thrown = new Thrower;
}
try {
    json_encode($own);
} catch (LogicException $e) {
    echo $e->getMessage(), "\n";
}
?>
--EXPECT--
{"_":"Quiet","plain":1,"hooked":"of 1"}
on purpose
