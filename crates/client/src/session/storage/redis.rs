//! Redis, over one connection. What belongs together is a script, which Redis runs by itself.
//!
//! Keys begin with `madeline:{name}:`. A table's name and a row's key make a field of the hash `rows`; the sorted set
//! `revisions` has the revision in which it was written last, also where the row went away.

use redis::aio::MultiplexedConnection;
use redis::io::tcp::TcpSettings;
use redis::{
    Client, ConnectionAddr, FromRedisValue, IntoConnectionInfo, RedisConnectionInfo, RedisError,
    RedisResult, Script, TlsCertificates,
};

use super::{Backend, Batch, Head, Lease, Row, Storage, StorageAddress, Task};
use crate::error::Cause;

/// Whether a token is that of the lease, or of one that has run out and that nobody took since.
const IS_HELD: &str = "
    local function held(token)
        local current = redis.call('HGET', KEYS[1], 'token')
        if current then return current == token end
        if redis.call('GET', KEYS[2]) ~= token then return false end
        redis.call('HSET', KEYS[1], 'token', token)
        return true
    end
";
const ACQUIRE: &str = "
    local owner = redis.call('HGET', KEYS[1], 'owner')
    if owner and owner ~= ARGV[1] then return {0, owner} end
    local token = redis.call('INCR', KEYS[2])
    redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'token', token)
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return {token, ''}
";
const RENEW: &str = "
    if not held(ARGV[1]) then return 0 end
    redis.call('HSET', KEYS[1], 'owner', ARGV[3])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return 1
";
const RELEASE: &str = "
    if redis.call('HGET', KEYS[1], 'token') == ARGV[1] then redis.call('DEL', KEYS[1]) end
    return 1
";
const WRITE: &str = "
    if not held(ARGV[1]) then return 0 end
    redis.call('HSET', KEYS[1], 'owner', ARGV[5])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    local revision = redis.call('HINCRBY', KEYS[3], 'revision', 1)
    redis.call('HSET', KEYS[3], 'epoch', ARGV[3], 'version', ARGV[4], 'writer', ARGV[5])
    for i = 6, #ARGV, 3 do
        if ARGV[i + 1] == '1' then redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 2])
        else redis.call('HDEL', KEYS[4], ARGV[i]) end
        redis.call('ZADD', KEYS[5], revision, ARGV[i])
    end
    return revision
";
const SWEEP: &str = "
    if not held(ARGV[1]) then return 0 end
    redis.call('HSET', KEYS[3], 'floor', ARGV[2])
    for _, field in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', '(' .. ARGV[2])) do
        if redis.call('HEXISTS', KEYS[4], field) == 0 then redis.call('ZREM', KEYS[5], field) end
    end
    return 1
";
const FORGET: &str = "
    if held(ARGV[1]) then redis.call('DEL', KEYS[3], KEYS[4], KEYS[5]) end
    return 1
";
/// Fields of the head that may be missing.
type Fields = (
    Option<String>,
    Option<u64>,
    Option<u64>,
    Option<i64>,
    Option<String>,
);
/// How many rows are asked for at once.
const CHUNK: usize = 1000;

pub(super) struct Redis {
    storage: Storage,
    /// The lease, the number of owners, the head, the rows and their revisions.
    keys: [String; 5],
    /// Who has asked for the lease.
    owner: String,
    connection: Option<MultiplexedConnection>,
}

impl Redis {
    pub(super) fn new(storage: Storage, session: &str) -> Self {
        // What stands in braces decides about the place in a cluster: all keys lie together.
        let key = |part| format!("madeline:{{{session}}}:{part}");
        Self {
            storage,
            keys: ["lease", "owners", "head", "rows", "revisions"].map(key),
            owner: String::new(),
            connection: None,
        }
    }

    async fn connect(&self) -> Result<MultiplexedConnection, Cause> {
        let storage = &self.storage;
        let address = match &storage.address {
            StorageAddress::Tcp(host, port) if storage.tls.is_some() => ConnectionAddr::TcpTls {
                host: host.clone(),
                port: *port,
                insecure: false,
                tls_params: None,
            },
            StorageAddress::Tcp(host, port) => ConnectionAddr::Tcp(host.clone(), *port),
            StorageAddress::Unix(path) => ConnectionAddr::Unix(path.clone()),
        };
        let authorities = storage
            .tls
            .as_ref()
            .and_then(|tls| tls.authorities.as_ref());
        let authorities = authorities.map(|file| {
            std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
        });
        let mut settings = RedisConnectionInfo::default().set_db(storage.database.parse()?);
        if !storage.username.is_empty() {
            settings = settings.set_username(&storage.username);
        }
        if !storage.password.is_empty() {
            settings = settings.set_password(&storage.password);
        }
        // Each command is waited for: none gains from others.
        let info = address
            .into_connection_info()?
            .set_tcp_settings(TcpSettings::default().set_nodelay(true))
            .set_redis_settings(settings);
        let client = match authorities.transpose()? {
            Some(certificates) => {
                let certificates = TlsCertificates {
                    client_tls: None,
                    root_cert: Some(certificates),
                };
                Client::build_with_tls(info, certificates)?
            }
            None => Client::open(info)?,
        };
        Ok(client.get_multiplexed_async_connection().await?)
    }

    /// Asks over the connection there is, and over a new one where that has ended meanwhile.
    async fn with<T>(
        &mut self,
        ask: impl AsyncFn(&mut MultiplexedConnection) -> RedisResult<T>,
    ) -> Result<T, Cause> {
        if let Some(mut connection) = self.connection.take() {
            match ask(&mut connection).await {
                Ok(answer) => {
                    self.connection = Some(connection);
                    return Ok(answer);
                }
                Err(error) if !has_ended(&error) => return Err(error.into()),
                Err(_) => {}
            }
        }
        let mut connection = self.connect().await?;
        let answer = ask(&mut connection).await?;
        self.connection = Some(connection);
        Ok(answer)
    }

    async fn run<T: FromRedisValue>(
        &mut self,
        script: &str,
        arguments: &[&[u8]],
    ) -> Result<T, Cause> {
        let script = Script::new(&format!("{IS_HELD}{script}"));
        let mut call = script.prepare_invoke();
        for key in &self.keys {
            call.key(key);
        }
        for argument in arguments {
            call.arg(*argument);
        }
        self.with(async |connection| call.invoke_async(connection).await)
            .await
    }

    fn millis(&self) -> String {
        self.storage.lease.as_millis().to_string()
    }
}

/// Whether another connection may do better.
fn has_ended(error: &RedisError) -> bool {
    error.is_io_error() || error.is_connection_dropped() || error.is_unrecoverable_error()
}

impl Backend for Redis {
    fn prepare(&mut self) -> Task<'_, Result<(), Cause>> {
        Box::pin(async move {
            self.connection = Some(self.connect().await?);
            Ok(())
        })
    }

    fn acquire<'a>(&'a mut self, owner: &'a str) -> Task<'a, Result<Lease, Cause>> {
        Box::pin(async move {
            owner.clone_into(&mut self.owner);
            let millis = self.millis();
            let (token, holder): (u64, String) = self
                .run(ACQUIRE, &[owner.as_bytes(), millis.as_bytes()])
                .await?;
            Ok(match token {
                0 => Lease::Taken(holder),
                token => Lease::Held(token),
            })
        })
    }

    fn renew(&mut self, token: u64) -> Task<'_, Result<bool, Cause>> {
        Box::pin(async move {
            let (token, millis, owner) = (token.to_string(), self.millis(), self.owner.clone());
            let arguments = [token.as_bytes(), millis.as_bytes(), owner.as_bytes()];
            self.run(RENEW, &arguments).await
        })
    }

    fn release(&mut self, token: u64) -> Task<'_, Result<(), Cause>> {
        Box::pin(async move {
            let token = token.to_string();
            self.run::<u64>(RELEASE, &[token.as_bytes()])
                .await
                .map(drop)
        })
    }

    fn head(&mut self) -> Task<'_, Result<Option<Head>, Cause>> {
        Box::pin(async move {
            let key = self.keys[2].clone();
            let (epoch, revision, floor, version, writer): Fields = self
                .with(async |connection| {
                    redis::cmd("HMGET")
                        .arg(&key)
                        .arg(&["epoch", "revision", "floor", "version", "writer"])
                        .query_async(connection)
                        .await
                })
                .await?;
            Ok(epoch.map(|epoch| Head {
                epoch,
                revision: revision.unwrap_or(0),
                floor: floor.unwrap_or(0),
                version: version.unwrap_or(0),
                writer: writer.unwrap_or_default(),
            }))
        })
    }

    fn rows(&mut self, since: u64) -> Task<'_, Result<Vec<Row>, Cause>> {
        Box::pin(async move {
            let (rows, revisions) = (self.keys[3].clone(), self.keys[4].clone());
            let fields: Vec<Vec<u8>> = self
                .with(async |connection| {
                    redis::cmd("ZRANGEBYSCORE")
                        .arg(&revisions)
                        .arg(format!("({since}"))
                        .arg("+inf")
                        .query_async(connection)
                        .await
                })
                .await?;
            let mut found = Vec::with_capacity(fields.len());
            for chunk in fields.chunks(CHUNK) {
                let values: Vec<Option<Vec<u8>>> = self
                    .with(async |connection| {
                        redis::cmd("HMGET")
                            .arg(&rows)
                            .arg(chunk)
                            .query_async(connection)
                            .await
                    })
                    .await?;
                for (field, value) in chunk.iter().zip(values) {
                    let mut parts = field.splitn(2, |byte| *byte == 0);
                    let table = parts.next().unwrap_or_default();
                    found.push(Row {
                        table: String::from_utf8_lossy(table).into_owned(),
                        key: parts.next().unwrap_or_default().to_vec(),
                        value,
                    });
                }
            }
            Ok(found)
        })
    }

    fn write<'a>(
        &'a mut self,
        token: u64,
        batch: &'a Batch<'a>,
    ) -> Task<'a, Result<Option<u64>, Cause>> {
        Box::pin(async move {
            let (token, millis) = (token.to_string(), self.millis());
            let version = batch.version.to_string();
            let fields: Vec<Vec<u8>> = batch
                .rows
                .iter()
                .map(|row| [row.table.as_bytes(), &[0], &row.key].concat())
                .collect();
            let mut arguments = vec![
                token.as_bytes(),
                millis.as_bytes(),
                batch.epoch.as_bytes(),
                version.as_bytes(),
                batch.writer.as_bytes(),
            ];
            for (field, row) in fields.iter().zip(batch.rows) {
                let is_there: &[u8] = if row.value.is_some() { b"1" } else { b"0" };
                arguments.extend([field, is_there, row.value.as_deref().unwrap_or_default()]);
            }
            let revision: u64 = self.run(WRITE, &arguments).await?;
            Ok((revision > 0).then_some(revision))
        })
    }

    fn sweep(&mut self, token: u64, below: u64) -> Task<'_, Result<(), Cause>> {
        Box::pin(async move {
            let (token, below) = (token.to_string(), below.to_string());
            let arguments = [token.as_bytes(), below.as_bytes()];
            self.run::<u64>(SWEEP, &arguments).await.map(drop)
        })
    }

    fn forget(&mut self, token: u64) -> Task<'_, Result<(), Cause>> {
        Box::pin(async move {
            let token = token.to_string();
            self.run::<u64>(FORGET, &[token.as_bytes()]).await.map(drop)
        })
    }
}
