<?php
/**
 * Replays recorded calls against a sandbox and compares results, normalised as the recording's README says. Usage: run with
 * the extension loaded and the directory of the recorded calls as argument. Prints each difference; exit status 1 if there
 * are more than the ones listed as expected below.
 */

declare(strict_types=1);

require __DIR__ . '/../../php-tests/support/sandbox.inc';
require __DIR__ . '/normalise.inc';
require __DIR__ . '/shape.inc';

$recorded = $argv[1] ?? exit("usage: calls.php DIRECTORY\n");

/** Calls that cannot come out as recorded, and why. */
const EXPECTED = [
    'getInfo.zero' => 'the parent of the recorded class, which belongs to another library: InvalidArgumentException',
    'call.methodCase' => 'methods are real here, and PHP finds methods whatever their case',
    'users.getUsers.blacklisted' => 'our own words, which name the method',
    'login.isSelfBot.before' => 'recorded: a PHP warning turned into an exception; here both are false before a login',
    'err.getBotCallbackAnswer.noArgs' => 'the recording server judges data first; Telegram and the sandbox judge the peer first: PEER_ID_INVALID',
];

/**
 * What is the recording server's own, by call: a key, or one under another key. It is left out on both sides; everything else
 * has to be equal.
 */
const OF_ITS_SERVER = [
    // It sends an empty last_name, which Telegram and the sandbox leave out.
    'getInfo.bob' => 'last_name',
    'getInfo.bob.int' => 'last_name',
    'sendMessage.bob' => 'last_name',
    // It forgets that a message was silent, and where in the history a slice begins.
    'messages.sendMessage.self.botApiNames' => 'message.silent',
    'messages.getHistory.self.addOffset' => 'offset_id_offset',
    'help.getNearestDc' => 'country',
    // It drops reply_to from messages in the chat with oneself; the request has it in both.
    'buttons.reply.click' => 'reply_to',
];

$replay = new class($recorded) {
    /** @var array<string, mixed> variables that the recorded expressions use */
    public array $variables = [];
    private int $equal = 0;
    private int $compared = 0;
    /** @var array<string, string> */
    private array $different = [];
    private string $statement = '';

    public function __construct(private string $directory)
    {
    }

    public function call(string $name): void
    {
        $this->compare($name, $this->evaluate($this->case($name)['call']));
    }

    /** Compares what came out with what was recorded. */
    public function compare(string $name, array $actual): void
    {
        $case = $this->case($name);
        $expected = array_intersect_key($case, ['result' => 0, 'thrown' => 0]);
        $without = OF_ITS_SERVER[$name] ?? null;
        $wanted = Normalise::without($without, Normalise::recorded($expected));
        $got = Normalise::without($without, Normalise::replayed($actual, $expected));
        ++$this->compared;
        if ($wanted === $got) {
            ++$this->equal;
        } else {
            $this->different[$name] = Normalise::difference($wanted, $got);
        }
    }

    /** Compares a class with its recorded shape: what the recorded one has has to be there; more may be. */
    public function shape(string $name): void
    {
        $case = $this->case($name);
        preg_match('/^shape of (\S+):/', $case['call'], $class);
        $missing = Shape::missing($case['result'], $class[1]);
        ++$this->compared;
        if ($missing === []) {
            ++$this->equal;
        } else {
            $this->different[$name] = implode(', ', $missing);
        }
    }

    private function case(string $name): array
    {
        return json_decode(file_get_contents("$this->directory/$name.json"), true, 512, JSON_THROW_ON_ERROR);
    }

    private function evaluate(string $expression): array
    {
        $this->statement = 'use danog\MadelineProto\RPCErrorException; use danog\MadelineProto\API; '
            . (str_starts_with($expression, 'throw ') ? "$expression;" : "return $expression;");
        try {
            return ['result' => $this->run()];
        } catch (\Throwable $e) {
            return ['thrown' => $e];
        }
    }

    /** Without locals of its own: they would hide the variables of the expression. */
    private function run(): mixed
    {
        extract($this->variables);
        return eval($this->statement);
    }

    public function report(): int
    {
        $unexpected = array_diff_key($this->different, EXPECTED);
        foreach ($this->different as $name => $difference) {
            echo "  $name: ", EXPECTED[$name] ?? $difference, "\n";
        }
        foreach (array_diff_key(EXPECTED, $this->different) as $name => $reason) {
            echo "  $name is listed as different but is equal\n";
        }
        printf("oracle calls: %d equal of %d\n", $this->equal, $this->compared);
        return $unexpected === [] ? 0 : 1;
    }
};

// What was recorded is release 8.
ini_set('madelineproto.dialect', 'v8');
$world = json_decode(file_get_contents(__DIR__ . '/world.json'), true, 512, JSON_THROW_ON_ERROR);
$sandbox = Sandbox::start(function (array &$shared) use ($world) {
    $shared = $world;
})->configure();
$m = $sandbox->api('alice.madeline');
$replay->variables = ['m' => $m, 'code' => '12345'];

// Before and during the login.
foreach (['login.state.new', 'login.getSelf.before', 'login.isSelfBot.before', 'login.exportAuthorization.before',
    'login.getHint.wrongState', 'login.complete2faLogin.wrongState', 'login.completePhoneLogin.wrongState',
    'login.completeSignup.wrongState', 'login.unauthorized.call', 'login.phoneLogin', 'login.state.code',
    'login.completePhoneLogin.wrongCode', 'login.state.afterWrongCode', 'login.phoneLogin.again',
    'login.completePhoneLogin.needSignup', 'login.state.signup', 'login.completeSignup', 'login.state.loggedIn',
    'login.getSelf', 'login.fullGetSelf', 'login.start.loggedIn', 'login.botLogin.loggedIn', 'login.phoneLogin.loggedIn',
    'login.completePhoneLogin.loggedIn', 'login.completeSignup.loggedIn', 'login.exportAuthorization.keyLength',
    'login.exportAuthorization.types', 'getSelf.flags'] as $name) {
    $replay->call($name);
}
$m->account->updateProfile(first_name: 'Alicia');
$replay->call('getSelf.afterProfile');
$m->account->updateProfile(first_name: 'Alice');

// Peers. The recorded user had a name and a family name.
$m->account->updateProfile(last_name: 'Ångström');
$replay->call('account.updateUsername');
$replay->variables['bob'] = 777007;
foreach (['getInfo.bob.beforeResolve', 'getInfo.bob', 'getInfo.bob.int', 'getInfo.bob.string', 'getInfo.bob.case', 'getInfo.bob.constructor',
    'getInfo.bob.peer', 'getInfo.bob.tg', 'getInfo.bob.tme', 'getInfo.bob.types', 'getInfo.bot', 'getInfo.me', 'getInfo.atMe',
    'getInfo.array.badConstructor', 'getInfo.array.noConstructor', 'getInfo.array.peerUser', 'getInfo.array.update',
    'getInfo.emptyString', 'getInfo.unknownInt', 'getInfo.unknownUsername', 'getInfo.zero', 'getId', 'getId.array.channel',
    'getId.array.chat', 'getId.array.known', 'getId.array.unknown', 'getId.knownString', 'getId.string', 'getId.unknown', 'getType',
    'isBot', 'err.apiMethod.missing', 'err.namespace.missing', 'err.method.missing', 'call.methodCase', 'users.getUsers.blacklisted',
    'err.peer.badConstructor', 'err.peer.emptyString', 'err.peer.missing', 'err.peer.unknownChannel', 'err.peer.unknownChat',
    'err.peer.unknownId', 'err.peer.unknownUsername', 'err.peer.zero', 'err.intRange', 'err.wrongType.limit',
    'account.updateStatus'] as $name) {
    $replay->call($name);
}

// Messages.
$replay->variables['id'] = $m->getSelf()['id'];
$replay->variables['r'] = $m->messages->sendMessage(peer: 'me', message: 'hello saved');
$replay->compare('messages.sendMessage.self', ['result' => $replay->variables['r']]);
foreach (['messages.sendMessage.self.array', 'messages.sendMessage.self.secondArray', 'messages.sendMessage.self.botApiNames',
    'messages.sendMessage.self.peerInt', 'messages.sendMessage.self.peerString', 'messages.sendMessage.self.username', 'messages.getHistory.self',
    'messages.getHistory.self.addOffset', 'messages.getHistory.self.array', 'messages.getHistory.self.zero', 'messages.getHistory.unknownArgIgnored',
    'sendMessage.bob', 'sendMessage.html', 'sendMessage.markdown', 'help.getNearestDc'] as $name) {
    $replay->call($name);
}

// Updates.
foreach (['extractMessage', 'extractMessageId', 'extractMessageUpdate', 'extractMessageUpdate.none', 'extractUpdates', 'extractUpdates.bad'] as $name) {
    $replay->call($name);
}

// Updates that are delivered: to somebody who asks, to an event handler, to a bot's.
$b = $replay->variables['b'] = $sandbox->user('79990000002', '12345', 'bob.madeline');
$replay->call('getUpdates.first');
$got = [];
foreach (['upd 2', 'upd 3', 'upd 4'] as $text) {
    $m->messages->sendMessage(peer: '@bob_replay', message: $text);
}
for ($replay->variables['off'] = 0; !in_array(['updateNewMessage', 'upd 4'], $got, true);) {
    foreach ($b->getUpdates(['offset' => $replay->variables['off'], 'timeout' => 10]) as ['update_id' => $id, 'update' => $update]) {
        $replay->variables['off'] = $id + 1;
        if ($update['_'] === 'updateNewMessage') {
            $got[] = [$update['_'], $update['message']['message']];
        }
    }
}
$replay->compare('getUpdates.three', ['result' => $got]);
$replay->call('getUpdates.empty');
foreach (['account.checkUsername', 'account.updateUsername.invalid', 'account.updateUsername.occupied', 'account.updateUsername.same'] as $name) {
    $replay->call($name);
}
unset($b, $replay->variables['b']);

abstract class Recorder extends \danog\MadelineProto\EventHandler
{
    public static array $got = [];
    public static Closure $cause;

    public function onStart(): void
    {
        (self::$cause)();
    }

    protected function record(array $update): void
    {
        self::$got = ['result' => $update];
        $this->stop();
    }
}
final class Messages extends Recorder
{
    public function onUpdateNewMessage(array $update): void
    {
        $this->record($update);
    }
}
final class Presses extends Recorder
{
    public function onUpdateBotCallbackQuery(array $update): void
    {
        $this->record($update);
    }
}
Recorder::$cause = fn () => $m->messages->sendMessage(peer: '@bob_replay', message: 'event one');
Messages::startAndLoop($sandbox->path('bob.madeline'));
$replay->compare('events.updateNewMessage_event_one', Recorder::$got);

$m->messages->sendMessage(peer: '@replay_events_bot', message: '/start');
$button = $m->messages->getHistory(peer: '@replay_events_bot', limit: 1)['messages'][0]['reply_markup']['rows'][0]['buttons'][0];
// In the background: nobody answers.
Recorder::$cause = fn () => $button->click();
Presses::startAndLoopBot($sandbox->path('events.madeline'), '777010:events-bot-token');
$replay->compare('botevents.updateBotCallbackQuery_63623a6f6e65', Recorder::$got);

// A bot.
$bot = $replay->variables['bot'] = $sandbox->api('bot.madeline');
$replay->variables['t'] = '777009:replay-bot-token';
foreach (['bot.botLogin.badToken', 'bot.botLogin', 'bot.botLogin.again', 'bot.flags', 'bot.getSelf', 'bot.getFullDialogs', 'bot.unknownPeer', 'bot.userMethod'] as $name) {
    $replay->call($name);
}
unset($bot, $replay->variables['bot']);

// What needs no server.
foreach (['new.bytes', 'new.bytes.json', 'new.bytes.ops', 'new.bytes.serialize', 'rpcerror.FLOOD_WAIT_31', 'err.positional',
    'err.positional.list', 'err.positional.one', 'const.api', 'settings.AppInfo.apiHash.unset', 'settings.AppInfo.apiId.null',
    'settings.AppInfo.apiId.string', 'settings.AppInfo.apiId.unset', 'settings.AppInfo.getAppVersion', 'settings.AppInfo.getLangPack',
    'settings.AppInfo.getShowPrompt', 'settings.AppInfo.getSystemLangCode', 'settings.AppInfo.roundtrip'] as $name) {
    $replay->call($name);
}
foreach (['BOT_RESPONSE_TIMEOUT', 'CHANNEL_PRIVATE', 'DATA_INVALID', 'MESSAGE_ID_INVALID', 'PEER_ID_INVALID', 'SOMETHING_NEW'] as $e) {
    $replay->variables['e'] = $e;
    $replay->variables['c'] = 400;
    $replay->call("rpcerror.make.$e");
}

// Classes. That of API is php-tests/dispatch/members.phpt's.
foreach (['Exception', 'PeerNotInDbException', 'RPCErrorException', 'Settings', 'Settings.AppInfo', 'Settings.Connection', 'Settings.Logger',
    'Settings.RPC', 'TL.Exception', 'TL.Types.Button', 'TL.Types.Bytes'] as $name) {
    $replay->shape("class.$name");
}

// The keyboard of a bot.
$latest = fn () => $m->messages->getHistory(peer: '@replay_cb_bot', limit: 1)['messages'][0];
$press = function () use ($replay, $m, $latest) {
    $msg = $latest();
    $replay->variables['msg'] = $msg;
    $replay->variables['b'] = $msg['reply_markup']['rows'][0]['buttons'];
    $replay->variables['id'] = $m->getInfo('@replay_cb_bot')['bot_api_id'];
};
$replay->call('buttons.sendStart');
$press();
foreach (['buttons.message', 'buttons.facts', 'buttons.bytes.facts', 'buttons.bytes.write', 'buttons.markup.json',
    'buttons.getInfo.bot', 'button.click.url', 'button.click.wait', 'button.click.bin', 'button.click.default',
    'getBotCallbackAnswer', 'getBotCallbackAnswer.array', 'getBotCallbackAnswer.base64', 'getBotCallbackAnswer.bin',
    'getBotCallbackAnswer.emptyAnswer', 'getBotCallbackAnswer.peerId', 'getBotCallbackAnswer.peerMessage',
    'getBotCallbackAnswer.err.badData', 'getBotCallbackAnswer.err.badMsg', 'getBotCallbackAnswer.err.msgIdString',
    'getBotCallbackAnswer.err.noData', 'getBotCallbackAnswer.err.unknownPeer', 'getBotCallbackAnswer.err.timeout',
    'getBotCallbackAnswer.url', 'buttons.message.edited', 'getBotCallbackAnswer.err.silent',
    'err.getBotCallbackAnswer.invalid', 'err.getBotCallbackAnswer.noArgs'] as $name) {
    $replay->call($name);
}
foreach (['/botapi' => 'buttons.botapi.message', '/hide' => 'buttons.hide.message', '/force' => 'buttons.force.message',
    '/reply' => 'buttons.reply.message'] as $command => $name) {
    $m->messages->sendMessage(peer: '@replay_cb_bot', message: $command);
    $replay->variables['x'] = $latest();
    $replay->call($name);
}
$replay->call('buttons.reply.click');

// The session, opened again.
$replay->variables = [];
unset($m, $button);
gc_collect_cycles();
$replay->variables['m'] = $sandbox->api('alice.madeline');
$replay->call('reload.state');
$replay->call('reload.getSelf');

exit($replay->report());
