--TEST--
JSON of a typed object of the script's own class has what its property hooks give
--SKIPIF--
<?php
if (PHP_VERSION_ID < 80400) {
    die('skip property hooks are of PHP 8.4');
}
?>
--FILE--
<?php
class Own extends danog\MadelineProto\EventHandler\Action
{
    public int $plain = 1;
    public string $hooked { get => "of $this->plain"; }
    public string $thrown { get => throw new LogicException('on purpose'); }
}

class Quiet extends danog\MadelineProto\EventHandler\Action
{
    public int $plain = 1;
    public string $hooked { get => "of $this->plain"; }
}

echo json_encode(new Quiet), "\n";
try {
    json_encode(new Own);
} catch (LogicException $e) {
    echo $e->getMessage(), "\n";
}
?>
--EXPECT--
{"_":"Quiet","plain":1,"hooked":"of 1"}
on purpose
