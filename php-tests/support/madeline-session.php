<?php
/**
 * Writes a session directory as release 8 of MadelineProto leaves it: classes with its names and properties, serialized by PHP.
 * Runs without the extension: php madeline-session.php <directory> <options as JSON>.
 */

namespace danog\MadelineProto {
    final class APIWrapper
    {
        private ?MTProto $API;
        private string $webApiTemplate = '';
        public function __construct(MTProto $api) { $this->API = $api; }
        public function __sleep(): array { return ['API', 'webApiTemplate']; }
    }

    final class MTProto
    {
        public array $pluginInstances = [];
        public Settings $settings;
        public DataCenter $datacenter;
        public ?array $authorization = null;
        public int $authorized = 0;
        public ?int $authorized_dc = null;
        public int $v = 178;
    }

    final class DataCenter
    {
        private array $sockets;
        public int $currentDatacenter = 1;
        public function __construct(array $sockets) { $this->sockets = $sockets; }
        public function __sleep(): array { return ['sockets', 'currentDatacenter']; }
    }

    final class DataCenterConnection
    {
        private ?MTProto\TempAuthKey $tempAuthKey = null;
        private ?MTProto\PermAuthKey $permAuthKey = null;
        private ?int $linkedDc = null;
        public function __construct(MTProto\PermAuthKey $key, ?int $linked = null)
        {
            $this->tempAuthKey = new MTProto\TempAuthKey($key);
            [$this->permAuthKey, $this->linkedDc] = [$linked ? null : $key, $linked];
        }
        public function __sleep(): array { return $this->linkedDc ? ['linkedDc', 'tempAuthKey'] : ['permAuthKey', 'tempAuthKey']; }
    }

    final class Settings
    {
        protected Settings\AppInfo $appInfo;
        protected Settings\Connection $connection;
        public function __construct(?int $id, ?string $hash, bool $test)
        {
            [$this->appInfo, $this->connection] = [new Settings\AppInfo($id, $hash), new Settings\Connection($test)];
        }
    }
}

namespace danog\MadelineProto\Settings {
    final class AppInfo
    {
        protected ?int $apiId;
        protected ?string $apiHash;
        protected string $deviceModel = 'Linux';
        public function __construct(?int $id, ?string $hash) { [$this->apiId, $this->apiHash] = [$id, $hash]; }
    }

    final class Connection
    {
        protected float $timeout = 5.0;
        protected bool $testMode;
        public function __construct(bool $test) { $this->testMode = $test; }
    }
}

namespace danog\MadelineProto\MTProto {
    abstract class AuthKey
    {
        protected ?string $authKey;
        protected ?string $id;
        protected ?string $serverSalt = '12345678';
    }

    final class PermAuthKey extends AuthKey
    {
        private bool $authorized;
        public function __construct(string $key, bool $authorized)
        {
            [$this->authKey, $this->id, $this->authorized] = [$key, substr(sha1($key, true), -8), $authorized];
        }
        public function __sleep(): array { return ['authKey', 'id', 'serverSalt', 'authorized']; }
    }

    final class TempAuthKey extends AuthKey
    {
        private ?PermAuthKey $bound;
        private int $expires = 1_700_000_000;
        protected bool $inited = true;
        public function __construct(PermAuthKey $key) { [$this->authKey, $this->id, $this->bound] = [str_repeat('t', 256), 'temporal', $key]; }
        public function __sleep(): array { return ['authKey', 'id', 'serverSalt', 'bound', 'expires', 'inited']; }
    }
}

namespace {
    use danog\MadelineProto\{APIWrapper, DataCenter, DataCenterConnection, MTProto, Settings};
    use danog\MadelineProto\MTProto\PermAuthKey;

    [, $directory, $options] = $argv;
    $options = json_decode($options, true, 8, JSON_THROW_ON_ERROR) + [
        'dc' => 2, 'key' => bin2hex(str_repeat('k', 256)), 'state' => 3, 'id' => 7, 'bot' => false, 'name' => 'Alice',
        'api_id' => 17349, 'api_hash' => '344583e45741c457fe1862106095a5eb', 'test' => false, 'igbinary' => false,
    ];
    ['dc' => $dc, 'state' => $state] = $options;
    $key = new PermAuthKey(hex2bin($options['key']), true);
    $api = new MTProto;
    $api->settings = new Settings($options['api_id'], $options['api_hash'], $options['test']);
    // Connections for files come first, so that the key of the one for calls is a reference.
    $api->datacenter = new DataCenter([
        -$dc => new DataCenterConnection($key, $dc),
        $dc => new DataCenterConnection($key),
        $dc + 1 => new DataCenterConnection(new PermAuthKey(str_repeat('o', 256), false)),
    ]);
    $api->authorized = $state;
    if ($state === 3) {
        $user = ['_' => 'user', 'self' => true, 'id' => $options['id'], 'bot' => $options['bot'], 'first_name' => $options['name']];
        $api->authorization = ['_' => 'auth.authorization', 'user' => $user];
        $api->authorized_dc = $dc;
    }
    $root = $options['pointer'] ?? new APIWrapper($api);
    is_dir($directory) || mkdir($directory, 0755);
    $is_igbinary = $options['igbinary'];
    $content = $is_igbinary ? igbinary_serialize($root) : serialize($root);
    $header = '<?php __HALT_COMPILER();' . chr(3) . chr(PHP_MAJOR_VERSION) . chr(PHP_MINOR_VERSION) . chr((int) $is_igbinary);
    file_put_contents("$directory/safe.php", $header . $content);
    foreach (['lock', 'safe.php.lock', 'lightState.php', 'lightState.php.lock'] as $empty) {
        touch("$directory/$empty");
    }
}
