--TEST--
RPC::setGzipEncodeIfGt(): longer requests are compressed, shorter ones and with −1 all are not; the server reads them
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

use danog\MadelineProto\Settings\{Connection, RPC};

$sandbox = Sandbox::start()->configure();
// Counts what clients send on its way to the data centre.
$relay = $sandbox->background('<?php
    $listener = stream_socket_server("tcp://127.0.0.1:0");
    echo "at ", stream_socket_get_name($listener, false), "\n";
    $pairs = [];
    $sent = 0;
    while (true) {
        $read = [$listener, ...array_column($pairs, 0), ...array_column($pairs, 1)];
        $none = null;
        stream_select($read, $none, $none, null);
        foreach ($read as $stream) {
            if ($stream === $listener) {
                $pairs[] = [stream_socket_accept($listener), stream_socket_client("tcp://' . $sandbox->dcs[2] . '")];
                continue;
            }
            foreach ($pairs as $number => [$client, $server]) {
                if ($stream !== $client && $stream !== $server) {
                    continue;
                }
                $bytes = (string) fread($stream, 1 << 16);
                if ($bytes === "") {
                    fclose($client);
                    fclose($server);
                    unset($pairs[$number]);
                } elseif ($stream === $client) {
                    file_put_contents("sent", $sent += strlen($bytes));
                    fwrite($server, $bytes);
                } else {
                    fwrite($client, $bytes);
                }
                break;
            }
        }
    }
', 'relay')->printed("\n");
$address = trim(substr($relay->output(), 3));

$api = new \danog\MadelineProto\API($sandbox->path(), (new Connection)->setDcList([2 => $address]));
$api->phoneLogin('9996612001');
$api->completePhoneLogin('12345');
$sent = function (int $limit) use ($api, $sandbox): int {
    $api->updateSettings((new RPC)->setGzipEncodeIfGt($limit));
    $api->help->getNearestDc();
    $before = (int) file_get_contents("$sandbox->directory/sent");
    $messages = $api->messages->getMessages(id: array_fill(0, 4000, ['_' => 'inputMessageID', 'id' => 42]));
    echo count($messages['messages']), ' ';
    return (int) file_get_contents("$sandbox->directory/sent") - $before;
};
$plain = $sent(1 << 20);
$packed = $sent(1000);
$never = $sent(-1);
var_dump($plain > 30_000, $packed < 5_000, $never > 30_000);
?>
--EXPECT--
4000 4000 4000 bool(true)
bool(true)
bool(true)
