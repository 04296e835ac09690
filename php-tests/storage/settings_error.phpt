--TEST--
Servers that cannot be used, and settings that name none, are exceptions without the password
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Settings\Database\{Memory, Mysql, Postgres, Redis};

$sandbox = Sandbox::start()->configure();
$free = free_address();
$said = function ($settings) use ($sandbox, $free): void {
    ob_start();
    thrown(fn () => new API($sandbox->path(), $settings));
    echo str_replace([$free, $sandbox->directory, __FILE__], ['HOST:PORT', '…', 'FILE'], ob_get_clean());
};
foreach ([new Redis, new Mysql, new Postgres] as $settings) {
    $said($settings->setUri("tcp://$free")->setPassword('secret'));
}
$said((new Redis)->setUri("rediss://:secret@$free?cacert=" . __FILE__ . '.missing'));
$said((new Redis)->setUri('redis://:secret@127.0.0.1?cacert=/ca.pem'));
$said((new Mysql)->setUri('tcp://127.0.0.1?ssl-mode=PREFERRED'));
$said((new Postgres)->setUri('tcp://127.0.0.1?sslmode=verify-full&unknown=1'));
$said((new Mysql)->setUri('tcp://root:secret@'));
$said((new Postgres)->setUri('tcp://127.0.0.1:70000'));
$said((new Postgres)->setDatabase(''));
$said((new Mysql)->setUri('unix://'));
echo "none:\n";
var_dump((new API($sandbox->path(), new Memory))->getAuthorization() === API::NOT_LOGGED_IN);
?>
--EXPECT--
danog\MadelineProto\Exception: Redis at HOST:PORT, which keeps the session: cannot connect to it: Connection refused (os error 111)
danog\MadelineProto\Exception: MySQL at HOST:PORT, which keeps the session: cannot connect to it: error communicating with database: Connection refused (os error 111)
danog\MadelineProto\Exception: PostgreSQL at HOST:PORT, which keeps the session: cannot connect to it: error communicating with database: Connection refused (os error 111)
danog\MadelineProto\Exception: Redis at HOST:PORT, which keeps the session: cannot connect to it: FILE.missing: No such file or directory (os error 2)
danog\MadelineProto\Exception: Invalid setting Database\Redis::setUri(): expected an address such as tcp://127.0.0.1:6379, unix:///path/of/the.sock or, with TLS, rediss://127.0.0.1?cacert=/path/of/the.pem, got "…@127.0.0.1?cacert=/ca.pem"
danog\MadelineProto\Exception: Invalid setting Database\Mysql::setUri(): expected an address such as tcp://127.0.0.1:3306, unix:///path/of/the.sock or, with TLS, tcp://127.0.0.1?ssl-mode=VERIFY_IDENTITY&ssl-ca=/path/of/the.pem, got "tcp://127.0.0.1?ssl-mode=PREFERRED"
danog\MadelineProto\Exception: Invalid setting Database\Postgres::setUri(): expected an address such as tcp://127.0.0.1:5432, unix:///path/of/the.sock or, with TLS, tcp://127.0.0.1?sslmode=verify-full&sslrootcert=/path/of/the.pem, got "tcp://127.0.0.1?sslmode=verify-full&unknown=1"
danog\MadelineProto\Exception: Invalid setting Database\Mysql::setUri(): expected an address such as tcp://127.0.0.1:3306, unix:///path/of/the.sock or, with TLS, tcp://127.0.0.1?ssl-mode=VERIFY_IDENTITY&ssl-ca=/path/of/the.pem, got "…@"
danog\MadelineProto\Exception: Invalid setting Database\Postgres::setUri(): expected an address such as tcp://127.0.0.1:5432, unix:///path/of/the.sock or, with TLS, tcp://127.0.0.1?sslmode=verify-full&sslrootcert=/path/of/the.pem, got "tcp://127.0.0.1:70000"
danog\MadelineProto\Exception: Invalid setting Database\Postgres::setDatabase(): expected the name of a database, got ""
danog\MadelineProto\Exception: Invalid setting Database\Mysql::setUri(): expected an address such as tcp://127.0.0.1:3306, unix:///path/of/the.sock or, with TLS, tcp://127.0.0.1?ssl-mode=VERIFY_IDENTITY&ssl-ca=/path/of/the.pem, got "unix://"
none:
bool(true)
