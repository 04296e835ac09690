--TEST--
Sessions on Redis, PostgreSQL and MySQL: another machine goes on where one has stopped, and only one has a session at a time
--SKIPIF--
<?php
foreach (['redis-server', 'mariadbd'] as $server) {
    if (!shell_exec("command -v $server")) die("skip $server is not installed");
}
if (!glob('/usr/lib/postgresql/*/bin/postgres')) die('skip PostgreSQL is not installed');
?>
--FILE--
<?php
require __DIR__ . '/../support/servers.inc';

$sandbox = Sandbox::start();
$servers = new Servers;
$run = function (string $code, string $settings, array $ini = []) use ($sandbox): string {
    [, $said] = $sandbox->php("<?php
        use danog\\MadelineProto\\API;
        \$db = $settings;
        try { $code } catch (Throwable \$e) { echo \$e::class, ': ', \$e->getMessage(), \"\\n\"; }
    ", ini: $ini);
    return preg_replace(['~/tmp/\S*?/~', '~127.0.0.1:\d+~', '~in use by [^ ,]+~'], ['…/', '127.0.0.1:…', 'in use by HOST'], $said);
};
foreach ($servers->settings('panel') as $name => $settings) {
    echo "$name:\n";
    echo $run('
        $api = new API("' . $name . '-one.madeline", $db);
        $api->phoneLogin("9996612001");
        echo $api->completePhoneLogin("12345")["_"], "\n";
        echo $api->getInfo("bob_b")["user_id"] ?? "?", "\n";
    ', $settings);
    // Nothing is asked for anew: the key is the same, and peers are known.
    echo $run('
        $api = new API("' . $name . '-two.madeline", $db);
        echo $api->start()["first_name"], " ", $api->getInfo("bob_b")["user_id"] ?? "?", "\n";
        unset($api);
        // It is remembered, and given up.
        $api = new API("' . $name . '-two.madeline");
        echo basename(strtr(get_class($api->getSettings()->getDb()), "\\\\", "/")), "\n";
    ', $settings);
    $holder = $sandbox->background("<?php
        \$api = new danog\\MadelineProto\\API('$name-two.madeline', $settings);
        echo \$api->getSelf()['first_name'], \"\\n\";
        touch('$name.held');
        while (!file_exists('$name.free')) { usleep(20_000); }
    ", "$name-holder");
    while (!file_exists($sandbox->path("$name.held"))) {
        usleep(20_000);
    }
    echo $run('new API("' . $name . '-three.madeline", $db);', $settings, ['madelineproto.lock_timeout' => '1']);
    touch($sandbox->path("$name.free"));
    echo $run('
        $api = new API("' . $name . '-three.madeline", $db);
        echo $api->getSelf()["first_name"], "\n";
        $api->logout();
    ', $settings);
    echo $run('
        $api = new API("' . $name . '-four.madeline", $db);
        unset($api);
        $api = new API("' . $name . '-four.madeline", new danog\MadelineProto\Settings\Database\Memory);
        echo basename(strtr(get_class($api->getSettings()->getDb()), "\\\\", "/")), ", ";
        unset($api);
        $api = new API("' . $name . '-four.madeline", $db);
        echo $api->getAuthorization() === API::NOT_LOGGED_IN ? "nobody is logged in\n" : "?\n";
    ', $settings);
}
?>
--EXPECT--
redis:
auth.authorization
5000002
Alice 5000002
Redis
danog\MadelineProto\Exception: the session …/redis-three.madeline (Redis at 127.0.0.1:…) is in use by HOST, …/redis-two.madeline; waited 1 s for it
Alice
Memory, nobody is logged in
postgres:
auth.authorization
5000002
Alice 5000002
Postgres
danog\MadelineProto\Exception: the session …/postgres-three.madeline (PostgreSQL at 127.0.0.1:…) is in use by HOST, …/postgres-two.madeline; waited 1 s for it
Alice
Memory, nobody is logged in
mysql:
auth.authorization
5000002
Alice 5000002
Mysql
danog\MadelineProto\Exception: the session …/mysql-three.madeline (MySQL at 127.0.0.1:…) is in use by HOST, …/mysql-two.madeline; waited 1 s for it
Alice
Memory, nobody is logged in
