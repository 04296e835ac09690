//! Real servers for the tests, started by `tools/storage-servers.sh`; those that are not installed are left out.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use super::begin::random_name;
use super::{Storage, StorageAddress, StorageKind, StorageTls};

struct Servers {
    /// The script ends them when this process has ended, and its input with it.
    _script: Child,
    running: Vec<(StorageKind, u16)>,
    /// Where certificates are, and Redis' port with TLS.
    tls: Option<PathBuf>,
    redis_with_tls: u16,
}

fn servers() -> &'static Servers {
    static SERVERS: OnceLock<Servers> = OnceLock::new();
    SERVERS.get_or_init(Servers::start)
}

/// The directory with the certificates of the servers' authority, `ca.pem`, and of another one, `other.pem`.
pub(super) fn certificates() -> Option<&'static Path> {
    servers().tls.as_deref()
}

/// The same session on the same server, with TLS.
pub(super) fn with_tls(storage: &Storage, tls: StorageTls) -> Storage {
    let mut storage = storage.clone();
    if storage.kind == StorageKind::Redis {
        storage.address = StorageAddress::Tcp("127.0.0.1".to_owned(), servers().redis_with_tls);
    }
    storage.tls = Some(tls);
    storage
}

/// A new session on each server.
pub(crate) fn storages() -> Vec<Storage> {
    let servers = servers();
    let running = servers.running.iter();
    running
        .map(|&(kind, port)| Storage {
            kind,
            address: StorageAddress::Tcp("127.0.0.1".to_owned(), port),
            tls: None,
            database: match kind {
                StorageKind::Redis => "3".to_owned(),
                _ => "MadelineProto".to_owned(),
            },
            username: match kind {
                StorageKind::Redis => String::new(),
                _ => "madeline".to_owned(),
            },
            password: "secret".to_owned(),
            name: Some(format!("test-{}", random_name())),
            lease: Duration::from_secs(2),
        })
        .collect()
}

impl Servers {
    fn start() -> Servers {
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tools/storage-servers.sh"
        );
        let mut script = Command::new("bash")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(script.stdout.take().unwrap());
        let (mut running, mut tls, mut redis_with_tls) = (Vec::new(), None, 0);
        for line in output.lines() {
            let line = line.unwrap();
            let (name, port) = line.split_once(' ').unwrap_or((&line, ""));
            let kind = match name {
                "redis" => StorageKind::Redis,
                "postgres" => StorageKind::Postgres,
                "mysql" => StorageKind::Mysql,
                "redis-tls" => {
                    redis_with_tls = port.parse().unwrap();
                    continue;
                }
                "tls" => {
                    tls = Some(port.into());
                    continue;
                }
                "ready" => break,
                _ => continue,
            };
            running.push((kind, port.parse().unwrap()));
        }
        Servers {
            _script: script,
            running,
            tls,
            redis_with_tls,
        }
    }
}
