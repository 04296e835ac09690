--TEST--
Login pages: forms of other sites, odd forms, broken templates, and where nobody may be asked
--FILE--
<?php
require __DIR__ . '/../support/web.inc';

$sandbox = Sandbox::start();
$web = new Web($sandbox, '<?php
    use danog\MadelineProto\{API, Settings, Settings\AppInfo, Settings\Templates};
    $settings = new Settings;
    if (isset($_GET["template"])) {
        $settings->setTemplates((new Templates)->setHtmlTemplate($_GET["template"]));
    }
    if (isset($_GET["unknown"])) {
        ini_set("madelineproto.api_id", "");
        $settings->setAppInfo((new AppInfo)->setShowPrompt($_GET["unknown"] === "asks"));
    }
    try {
        $api = new API($_GET["session"] ?? "session.madeline", $settings);
        $self = $api->start();
        echo "Hello, ", $self["first_name"];
    } catch (Throwable $e) {
        echo $e::class, ": ", $e->getMessage();
    }
');
$host = $web->host();
$form = ['phone_number' => '9996612001'];

echo "another site's form:\n";
foreach ([
    ['Origin: https://example.com'], ['Origin: null'], ["Origin: http://$host", 'Sec-Fetch-Site: cross-site'], ['Sec-Fetch-Site: same-site'],
] as $headers) {
    echo Web::show($web->ask($form, '', $headers)), ' ', $web->status, "\n";
}
echo "its own:\n";
foreach ([[], ["Origin: http://$host"], ['Origin: https://example.com', 'Sec-Fetch-Site: same-origin'], ['Sec-Fetch-Site: none'], ['Origin: https://shop.example', 'X-Forwarded-Host: shop.example']] as $number => $headers) {
    echo Web::show($web->ask($form, "?session=own$number", $headers)), ' ', $web->status, "\n";
}
echo "from elsewhere, without a form:\n";
echo Web::show($web->ask(null, '', ['Origin: https://example.com', 'Sec-Fetch-Site: cross-site'])), ' ', $web->status, "\n";

echo "odd forms:\n";
echo Web::show($web->ask(['phone_number' => ['9996612001']])), "\n";
echo Web::show($web->ask(['phone_code' => '12345'])), "\n";
echo Web::show($web->ask(['type' => 'neither'])), "\n";
echo Web::show($web->ask(['token' => "\xff<script>"])), "\n";

echo "what was typed, if it is no secret:\n";
foreach ([['phone_number' => ' 12"<b>'], ['token' => '1:secret']] as $typed) {
    preg_match('~<input [^>]*>~', $web->ask($typed, '?session=typed'), $field);
    echo $field[0], "\n";
}

echo "templates:\n";
echo $web->ask(null, '?template=' . urlencode('100%% own: %1$s, %3$s')), "\n";
echo $web->ask(null, '?template=' . urlencode('%s %s %s %s %s')), "\n";

echo "the application:\n";
echo Web::show($web->ask(null, '?unknown=asks&session=app')), "\n";
echo Web::show($web->ask(['api_id' => 'one', 'api_hash' => 'x'], '?unknown=asks&session=app')), "\n";
echo Web::show($web->ask(['api_id' => '1', 'api_hash' => ''], '?unknown=asks&session=app')), "\n";
echo Web::show($web->ask(['api_id' => '1', 'api_hash' => 'x'], '?unknown=asks&session=app', ['Origin: https://example.com'])), "\n";
echo Web::show($web->ask(['api_id' => '1', 'api_hash' => '0123456789abcdef0123456789abcdef'], '?unknown=asks&session=app')), "\n";
echo Web::show($web->ask(null, '?unknown=asks&session=app')), "\n";
echo $web->ask(null, '?unknown=does+not&session=none'), "\n";

echo "nobody answers:\n";
$sandbox->kill();
echo preg_replace('/127\S+/', 'host', Web::show($web->ask($form, '?session=gone'))), "\n";
?>
--EXPECT--
another site's form:
With a phone number, as a user [phone_number again] !ERROR: The form came from another site. Try again. 403
With a phone number, as a user [phone_number again] !ERROR: The form came from another site. Try again. 403
With a phone number, as a user [phone_number again] !ERROR: The form came from another site. Try again. 403
With a phone number, as a user [phone_number again] !ERROR: The form came from another site. Try again. 403
its own:
Telegram has sent you a code [phone_code again] 200
Telegram has sent you a code [phone_code again] 200
Telegram has sent you a code [phone_code again] 200
Telegram has sent you a code [phone_code again] 200
Telegram has sent you a code [phone_code again] 200
from elsewhere, without a form:
How do you want to log in? [type] 200
odd forms:
How do you want to log in? [type]
How do you want to log in? [type]
How do you want to log in? [type]
With a token, as a bot [token again] !ERROR: This bot token does not exist. Try again.
what was typed, if it is no secret:
<input type="tel" name="phone_number" value="12&quot;&lt;b&gt;" autocomplete="tel" required autofocus>
<input type="text" name="token" autocomplete="off" required autofocus>
templates:
100% own: How do you want to log in?, Continue
ArgumentCountError: 6 arguments are required, 5 given
the application:
An API id and an API hash are needed once: log in at https://my.telegram.org and open "API development tools". [api_id api_hash]
An API id and an API hash are needed once: log in at https://my.telegram.org and open "API development tools". [api_id api_hash] !ERROR: The API id is a number, the API hash a text of 32 letters and digits. Try again.
An API id and an API hash are needed once: log in at https://my.telegram.org and open "API development tools". [api_id api_hash] !ERROR: The API id is a number, the API hash a text of 32 letters and digits. Try again.
An API id and an API hash are needed once: log in at https://my.telegram.org and open "API development tools". [api_id api_hash] !ERROR: The form came from another site. Try again.
How do you want to log in? [type]
How do you want to log in? [type]
danog\MadelineProto\Exception: No API ID or API hash was provided, please specify them in the settings!
nobody answers:
With a phone number, as a user [phone_number again] !ERROR: cannot connect to DC 2 at host Connection refused (os error 111). Try again.
