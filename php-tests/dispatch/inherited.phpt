--TEST--
Methods that our classes inherit from each other are those of the class that declares them, also for classes of scripts
--FILE--
<?php
use danog\MadelineProto\Settings\Database\Mysql;
use danog\MadelineProto\Settings\Database\SqlAbstract;

$inherited = 0;
foreach (get_declared_classes() as $name) {
    if (!str_starts_with($name, 'danog\\')) {
        continue;
    }
    foreach ((new ReflectionClass($name))->getMethods() as $method) {
        if ($method->class === $name) {
            continue;
        }
        $inherited++;
        $own = new ReflectionMethod($method->class, $method->name);
        if (!is_a($name, $method->class, true) || (string) $own->getReturnType() !== (string) $method->getReturnType()
            || array_map('strval', $own->getParameters()) !== array_map('strval', $method->getParameters())) {
            echo "$name::$method->name is not {$method->class}'s\n";
        }
    }
}
var_dump($inherited > 1000);

class Mine extends SqlAbstract
{
    public function setPassword(string $password): static
    {
        return parent::setPassword("my $password");
    }
}
class Further extends Mine
{
    public function getPassword(): string
    {
        return 'further ' . parent::getPassword();
    }
}

$further = (new Further)->setPassword('secret')->setCacheTtl(60);
echo $further->getPassword(), ', ', $further->getCacheTtl(), '; ', (new Mysql)->setPassword('other')->getPassword(), "\n";
$get = $further->getPassword(...);
$bound = Closure::fromCallable([new Mine, 'getCacheTtl'])->bindTo($further);
echo $get(), ', ', $bound(), "\n";
echo (new ReflectionMethod(Mine::class, 'setPassword'))->getPrototype()->class, "\n";
try {
    $further->setCacheTtl();
} catch (ArgumentCountError $e) {
    echo $e->getMessage(), "\n";
}
?>
--EXPECT--
bool(true)
further my secret, 60; other
further my secret, 60
danog\MadelineProto\Settings\Database\DriverDatabaseAbstract
danog\MadelineProto\Settings\Database\DriverDatabaseAbstract::setCacheTtl() expects exactly 1 argument, 0 given
