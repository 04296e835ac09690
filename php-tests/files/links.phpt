--TEST--
On a web server getDownloadLink() makes the page that its links name, where the server shows the session's directory
--FILE--
<?php
require __DIR__ . '/../support/web.inc';

$sandbox = Sandbox::start();
$web = new Web($sandbox, <<<'PHP'
    <?php
    try {
        $api = new danog\MadelineProto\API($_GET['session']);
        echo $api->getDownloadLink(unserialize(file_get_contents('../media')));
    } catch (Throwable $e) {
        echo $e::class, ': ', $e->getMessage();
    }
    PHP);
foreach (['web/a b.madeline', 'outside.madeline'] as $name) {
    $api = $sandbox->user(name: $name);
    $message = $api->sendDocument('me', danog\MadelineProto\Tools::stringToStream('hello'), fileName: 'a.txt');
    file_put_contents($sandbox->path('media'), serialize(raw($api, $message)['media']));
    unset($api);
    gc_collect_cycles();
    $link = $web->ask(query: '?session=' . urlencode($sandbox->path($name)));
    $at = parse_url($link);
    echo str_replace($web->host(), 'HOST', explode('?', $link)[0]), "\n";
    if (str_contains($name, 'web/')) {
        echo file_get_contents($sandbox->path("$name/dl.php"));
        $query = ltrim($at['path'], '/') . "?$at[query]";
        echo $web->ask(query: $query), ' ', $web->status, "\n";
        echo $web->ask(query: ltrim($at['path'], '/') . '?login=1'), $web->status, "\n";
        echo $web->ask(query: ltrim($at['path'], '/')), $web->status, "\n";
    }
}
file_put_contents($sandbox->path('web/new.php'), "<?php danog\\MadelineProto\\API::downloadServer('new.madeline');");
echo Web::show($web->ask(query: 'new.php?login=1')), "\n";
?>
--EXPECT--
http://HOST/a%20b.madeline/dl.php
<?php
\danog\MadelineProto\API::downloadServer(__DIR__);
hello 200
200
404
danog\MadelineProto\Exception: getDownloadLink(): expected the address of a script that calls API::downloadServer(), as $scriptUrl or in Settings\Files::setDownloadLink(): the web server does not show the session's directory, where one could be made
How do you want to log in? [type]
