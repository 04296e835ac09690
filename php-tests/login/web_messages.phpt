--TEST--
Pages of a script's own: messages, warnings, templates, and an end of the connection before the script's
--FILE--
<?php
require __DIR__ . '/../support/web.inc';

use danog\MadelineProto\API;
use danog\MadelineProto\Tools;

$sandbox = Sandbox::start();
$api = $sandbox->bot('6000001:sandbox-bot-token');
echo $api->getWebMessage('It <b>runs</b>'), "\n";
final class Silent extends \danog\MadelineProto\EventHandler
{
}
$api->setEventHandler(Silent::class);
echo $api->getWebMessage('It runs'), "\n";
$api->setReportPeers(5000001);
echo $api->getWebMessage('It runs'), "\n";
var_dump(API::getWebWarnings(), Tools::getWebWarnings());

echo "in a terminal there is nobody to go on without: ";
API::closeConnection('page');
echo "\n";

echo "templates:\n";
var_dump($api->getWebAPITemplate() === $api->getSettings()->getTemplates()->getHtmlTemplate());
$api->setWebApiTemplate('own %s %s %s %s');
var_dump($api->getWebAPITemplate());
$api->set_web_template('old %s %s %s %s');
var_dump($api->get_web_template(), $api->getSettings()->getTemplates()->getHtmlTemplate());

echo "the browser does not wait:\n";
$web = new Web($sandbox, '<?php
    ob_start();
    echo "before, ";
    \danog\MadelineProto\Tools::closeConnection("message");
    \danog\MadelineProto\Tools::closeConnection("a second time");
    file_put_contents("done", "the script went on");
');
echo $web->ask(), "\n", implode("\n", array_unique(preg_grep('/^(Connection|Content-type)/i', $web->headers))), "\n";
echo file_get_contents("$sandbox->directory/web/done"), "\n";
?>
--EXPECT--
<html><body><h1>It <b>runs</b></h1></body></html>
<html><body><h1>It runs</h1><h2>Errors of this bot reach nobody: name yourself in its event handler</h2><code>public function getReportPeers() { return '@yourtelegramusername'; }</code></body></html>
<html><body><h1>It runs</h1></body></html>
string(0) ""
string(0) ""
in a terminal there is nobody to go on without: 
templates:
bool(true)
string(15) "own %s %s %s %s"
string(15) "old %s %s %s %s"
string(15) "old %s %s %s %s"
the browser does not wait:
before, message
Connection: close
Content-type: text/html;charset=UTF-8
the script went on
