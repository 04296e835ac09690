--TEST--
The connection to a database server has TLS where its address says so, and a server that the given authority does not vouch for is refused
--SKIPIF--
<?php
foreach (['redis-server', 'mariadbd', 'openssl'] as $program) {
    if (!shell_exec("command -v $program")) die("skip $program is not installed");
}
if (!glob('/usr/lib/postgresql/*/bin/postgres')) die('skip PostgreSQL is not installed');
?>
--FILE--
<?php
require __DIR__ . '/../support/servers.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Settings\Database\{Mysql, Postgres, Redis};

$sandbox = Sandbox::start()->configure();
$servers = new Servers;
foreach (['ca.pem', 'other.pem'] as $authority) {
    $file = "$servers->tls/$authority";
    $all = [
        (new Redis)->setUri("rediss://127.0.0.1:$servers->redisWithTls?cacert=$file"),
        (new Postgres)->setUri("tcp://127.0.0.1:{$servers->ports['postgres']}?sslmode=verify-full&sslrootcert=$file")->setUsername('madeline'),
        (new Mysql)->setUri("tcp://127.0.0.1:{$servers->ports['mysql']}?ssl-mode=VERIFY_IDENTITY&ssl-ca=$file")->setUsername('madeline'),
    ];
    foreach ($all as $settings) {
        $kind = basename(strtr($settings::class, '\\', '/'));
        $settings->setPassword('secret')->setEphemeralFilesystemPrefix('tls');
        try {
            $api = new API($sandbox->path("$kind.madeline"), $settings);
            echo "$kind: ", $api->getAuthorization() === API::NOT_LOGGED_IN ? 'connected' : '?', "\n";
            unset($api);
        } catch (danog\MadelineProto\Exception $e) {
            echo "$kind: ", str_contains($e->getMessage(), 'certificate') ? 'refused' : $e->getMessage(), "\n";
        }
    }
}
?>
--EXPECT--
Redis: connected
Postgres: connected
Mysql: connected
Redis: refused
Postgres: refused
Mysql: refused
