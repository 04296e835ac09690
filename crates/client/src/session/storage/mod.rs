//! Sessions that several machines share: what the session's own database has is also in a database server.
//!
//! The database in the session's directory stays what everything reads and writes ([`local`] notes what changes in it). In the
//! process that has the session's lock, a thread of its own ([`replica`]) carries the changes of all processes to the server,
//! in order, and holds the session's lease there: the machine that has it is the only one that writes and connects. Other
//! processes ask that thread ([`elsewhere`]) where they have to know that something is there. A machine that takes the session
//! over first gets what it lacks. What a server has to be able to do is the trait [`Backend`].

mod begin;
mod carrier;
mod elsewhere;
mod local;
mod mysql;
mod postgres;
mod redis;
mod replica;
#[cfg(test)]
pub(crate) mod servers;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use crate::error::Cause;

pub(super) use begin::TAKEN;
pub(super) use elsewhere::Elsewhere;
pub(super) use local::uninstall;
pub(super) use replica::Replica;

/// A database server that keeps a session for several machines.
#[derive(Clone, PartialEq, Eq)]
pub struct Storage {
    /// Which kind of server it is.
    pub kind: StorageKind,
    /// Where it listens.
    pub address: StorageAddress,
    /// Whether the connection has TLS, and how the server proves who it is.
    pub tls: Option<StorageTls>,
    /// The database: a name, or Redis' number.
    pub database: String,
    /// Whom to log in as; empty where the server wants nobody.
    pub username: String,
    /// Its password; empty for none.
    pub password: String,
    /// What the session is called there, the same on each machine; `None`: a name that only this directory knows.
    pub name: Option<String>,
    /// How long the lease lasts when its owner falls silent.
    pub lease: Duration,
}

/// The kinds of servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageKind {
    /// Redis and what speaks its protocol.
    Redis,
    /// `PostgreSQL`.
    Postgres,
    /// `MySQL` and `MariaDB`.
    Mysql,
}

/// TLS of the connection to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageTls {
    /// What the server has to prove.
    pub proof: TlsProof,
    /// A file with the certificates (PEM) of authorities that may vouch for it, beside those of the system.
    pub authorities: Option<PathBuf>,
}

/// What a server has to prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsProof {
    /// Nothing: whoever is in between may be at the other end. Redis has no such mode.
    Nothing,
    /// That an authority vouches for it under the name or address that is connected to.
    Name,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageAddress {
    /// Host and port.
    Tcp(String, u16),
    /// A Unix socket.
    Unix(PathBuf),
}

/// One row of the session's database, or that it is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    /// The table.
    table: String,
    /// The primary key.
    key: Vec<u8>,
    /// The other columns.
    value: Option<Vec<u8>>,
}

/// How far what a server has of a session is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    /// Made anew when a session begins there.
    epoch: String,
    /// Counts the writes.
    revision: u64,
    /// Rows that went away before this revision are not listed any more.
    floor: u64,
    /// The version of the tables.
    version: i64,
    /// Who has written last.
    writer: String,
}

/// Who may use a session.
enum Lease {
    /// We, with this number, which counts the owners.
    Held(u64),
    /// Somebody else.
    Taken(String),
}

/// What is written at once.
struct Batch<'b> {
    epoch: &'b str,
    version: i64,
    writer: &'b str,
    rows: &'b [Row],
    /// Whether it must survive a crash of the server.
    durable: bool,
}

/// The answer to a question; it stays on its thread.
type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What a server has to be able to do. Each call connects again where the connection was lost.
trait Backend {
    /// Connects, and makes what is missing of the tables.
    fn prepare(&mut self) -> Task<'_, Result<(), Cause>>;

    /// Takes the lease if it is free, has run out, or is `owner`'s.
    fn acquire<'a>(&'a mut self, owner: &'a str) -> Task<'a, Result<Lease, Cause>>;

    /// Makes it last; false when it is another's.
    fn renew(&mut self, token: u64) -> Task<'_, Result<bool, Cause>>;

    /// Gives it up.
    fn release(&mut self, token: u64) -> Task<'_, Result<(), Cause>>;

    /// `None` where nothing was written yet.
    fn head(&mut self) -> Task<'_, Result<Option<Head>, Cause>>;

    /// What was written after a revision.
    fn rows(&mut self, since: u64) -> Task<'_, Result<Vec<Row>, Cause>>;

    /// Writes all of it or nothing, makes the lease last, and gives the revision; `None` when the lease is another's.
    fn write<'a>(
        &'a mut self,
        token: u64,
        batch: &'a Batch<'a>,
    ) -> Task<'a, Result<Option<u64>, Cause>>;

    /// Forgets which rows went away before a revision.
    fn sweep(&mut self, token: u64, below: u64) -> Task<'_, Result<(), Cause>>;

    /// Removes the session.
    fn forget(&mut self, token: u64) -> Task<'_, Result<(), Cause>>;
}

impl Storage {
    /// How long the lease lasts unless something else is wanted.
    pub const LEASE: Duration = Duration::from_secs(8);

    fn backend(&self, session: String) -> Box<dyn Backend> {
        match self.kind {
            StorageKind::Redis => Box::new(redis::Redis::new(self.clone(), &session)),
            StorageKind::Postgres => Box::new(postgres::Postgres::new(self.clone(), session)),
            StorageKind::Mysql => Box::new(mysql::Mysql::new(self.clone(), session)),
        }
    }
}

/// Without the password.
impl fmt::Display for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            StorageKind::Redis => "Redis",
            StorageKind::Postgres => "PostgreSQL",
            StorageKind::Mysql => "MySQL",
        };
        match &self.address {
            StorageAddress::Tcp(host, port) => write!(f, "{kind} at {host}:{port}"),
            StorageAddress::Unix(path) => write!(f, "{kind} at {}", path.display()),
        }
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Storage({self}, database {})", self.database)
    }
}
