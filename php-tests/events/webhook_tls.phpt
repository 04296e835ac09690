--TEST--
A webhook over TLS: the certificate that was named is trusted, others are not
--SKIPIF--
<?php
if (!extension_loaded('openssl')) {
    die('skip the test\'s server needs openssl');
}
?>
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start(arguments: '--control 0')->configure();
$sandbox->bot('6000002:live-bot-token', 'live.madeline');

$config = $sandbox->path('openssl.cnf');
file_put_contents($config, "[req]\ndistinguished_name=dn\n[dn]\n[ext]\nbasicConstraints=CA:FALSE\nsubjectAltName=IP:127.0.0.1\n");
$options = ['config' => $config, 'x509_extensions' => 'ext', 'private_key_bits' => 2048, 'digest_alg' => 'sha256'];
foreach (['ours', 'other'] as $name) {
    $key = openssl_pkey_new($options);
    $certificate = openssl_csr_sign(openssl_csr_new(['commonName' => '127.0.0.1'], $key, $options), null, $key, 10, $options);
    openssl_x509_export_to_file($certificate, $sandbox->path("$name.pem"));
    openssl_pkey_export_to_file($key, $sandbox->path("$name.key"), null, $options);
}

$server = $sandbox->background(<<<'PHP'
    <?php
    $context = stream_context_create(['ssl' => ['local_cert' => 'ours.pem', 'local_pk' => 'ours.key']]);
    $server = stream_socket_server('tcp://127.0.0.1:0', $code, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
    echo stream_socket_get_name($server, false), "\n";
    while ($client = stream_socket_accept($server, 30)) {
        if (!@stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLS_SERVER)) {
            echo "refused\n";
            continue;
        }
        for ($length = 0; ($line = trim(fgets($client))) !== '';) {
            $length = stripos($line, 'content-length:') === 0 ? (int) substr($line, 15) : $length;
        }
        echo json_decode(stream_get_contents($client, $length), true)['message']['message'], "\n";
        fwrite($client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        fclose($client);
    }
    PHP, 'server')->printed("\n");
$address = trim($server->output());

$bot = fn (string $name, ?string $pem) => $sandbox->background('<?php
    $api = new danog\MadelineProto\API("live.madeline");
    $api->start();
    $api->setWebhook("https://' . $address . '/", ' . var_export($pem, true) . ');
    $api->setLoopCallback(function () { echo "running\n"; });
    $api->loop();
', $name)->printed('running');

foreach (['named' => 'ours.pem', 'wrong' => 'other.pem', 'none' => null] as $name => $pem) {
    $script = $bot($name, $pem);
    $sandbox->push('alice', 'live', "for $name");
    $server->printed($name === 'named' ? 'for named' : 'refused');
    usleep(200_000);
    echo "$name: ", $script->signal(SIGTERM)->wait(), "\n";
}
$lines = array_unique(array_slice(explode("\n", trim($server->output())), 1));
echo implode("\n", $lines), "\n";
?>
--EXPECT--
named: 0
wrong: 0
none: 0
for named
refused
