--TEST--
Settings\Connection: addresses and proxies
--FILE--
<?php
use danog\MadelineProto\Settings\Connection;

$connection = new Connection;
$list = [1 => '127.0.0.1:443', '2' => '[::1]:80', 4 => ['ip_address' => '127.0.0.1', 'port' => 443], 5 => ['ip_address' => '::1']];
var_dump($connection->setDcList($list)->getDcList() === $list);

$connection->addProxy('SocksProxy', ['address' => 'a', 'port' => 1])
    ->addProxy('SocksProxy', ['address' => 'b', 'port' => 2])
    ->addProxy('HttpProxy');
echo json_encode($connection->getProxies()), "\n";
echo json_encode($connection->removeProxy('SocksProxy', ['address' => 'a', 'port' => 1])->getProxies()), "\n";
echo json_encode($connection->removeProxy('SocksProxy', ['address' => 'a'])->getProxies()), "\n";
echo json_encode($connection->removeProxy('HttpProxy', [])->getProxies()), "\n";
echo json_encode($connection->clearProxies()->getProxies()), "\n";
?>
--EXPECT--
bool(true)
{"SocksProxy":[{"address":"a","port":1},{"address":"b","port":2}],"HttpProxy":[[]]}
{"SocksProxy":[{"address":"b","port":2}],"HttpProxy":[[]]}
{"SocksProxy":[{"address":"b","port":2}],"HttpProxy":[[]]}
{"SocksProxy":[{"address":"b","port":2}]}
[]
