--TEST--
On a web page the text of an RPC error has HTML's line ends, and an exception that nobody catches is escaped, with status 500
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$sandbox = Sandbox::start();
file_put_contents("$sandbox->directory/index.php", '<?php ob_start();
    $api = new \danog\MadelineProto\API("a.madeline");
    echo \danog\MadelineProto\RPCErrorException::make("PEER_FLOOD", 400, "x.y"), "\n";
    throw new LogicException("<b>nobody catches it</b>");
');
$address = free_address();
$ini = $sandbox->ini() + ['madelineproto.error_handler' => 'on'];
$server = proc_open([...Sandbox::command($ini), '-S', $address, '-t', $sandbox->directory], [2 => ['file', '/dev/null', 'w']], $pipes, $sandbox->directory);
for ($try = 0; $try < 100 && !($connection = @stream_socket_client("tcp://$address")); $try++) {
    usleep(50_000);
}
fclose($connection);
foreach (['first', 'second'] as $request) {
    $page = file_get_contents("http://$address/", context: stream_context_create(['http' => ['ignore_errors' => true]]));
    echo "$request request: ", $http_response_header[0], "\n", str_replace($sandbox->directory, '', $page);
}
proc_terminate($server);
?>
--EXPECT--
first request: HTTP/1.1 500 Internal Server Error
Telegram returned an RPC error: Too many people were written to, the account is limited (400) (PEER_FLOOD), caused by /index.php:3<br>
<br>
TL trace:<br>
index.php(3):	x.y
LogicException: &lt;b&gt;nobody catches it&lt;/b&gt; in /index.php:4
Stack trace:
#0 {main}
second request: HTTP/1.1 500 Internal Server Error
Telegram returned an RPC error: Too many people were written to, the account is limited (400) (PEER_FLOOD), caused by /index.php:3<br>
<br>
TL trace:<br>
index.php(3):	x.y
LogicException: &lt;b&gt;nobody catches it&lt;/b&gt; in /index.php:4
Stack trace:
#0 {main}
