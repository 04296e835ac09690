//! The SQLite connection that a session's parts share.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::storage::{Elsewhere, Replica, Storage};
use super::{private, read_only, salvage, tables};
use crate::Error;

/// How long SQLite waits for another user of the same file: a process of the session, or a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A shared SQLite connection. Each use holds a lock: keep uses short.
#[derive(Clone)]
pub struct Database {
    shared: Arc<Shared>,
}

struct Shared {
    connection: Mutex<Option<Connection>>,
    file: PathBuf,
    is_read_only: bool,
    /// Where the session is shared with other machines.
    sharing: Mutex<Sharing>,
    /// Device and inode of the file.
    identity: Option<(u64, u64)>,
    owner: u32,
}

#[derive(Clone, Default)]
struct Sharing {
    /// The server that has the session as well.
    storage: Option<Arc<Storage>>,
    /// What carries changes there, in the process that has the session's lock.
    replica: Option<Arc<Replica>>,
}

impl Database {
    /// Opens or creates the database file and brings its tables up to date.
    pub(super) fn open(file: &Path) -> Result<Database, Error> {
        // SQLite would make the file readable for all; its -wal and -shm files copy the mode of this one.
        private::file(file, "open the database")?;
        let describe = |source| failure(file, "open the tables", source);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(file, flags).map_err(describe)?;
        configure(&mut connection).map_err(describe)?;
        tables::migrate(&mut connection, file)?;
        Ok(Database::over(connection, file, false))
    }

    /// Reads a database file that cannot be written into memory.
    pub(super) fn open_read_only(file: &Path) -> Result<Database, Error> {
        let describe = |source| failure(file, "read the database", source);
        let mut connection = read_only::copy(file).map_err(describe)?;
        configure(&mut connection).map_err(describe)?;
        tables::migrate(&mut connection, file)?;
        Ok(Database::over(connection, file, true))
    }

    fn over(connection: Connection, file: &Path, is_read_only: bool) -> Database {
        Database {
            shared: Arc::new(Shared {
                connection: Mutex::new(Some(connection)),
                file: file.to_owned(),
                is_read_only,
                sharing: Mutex::default(),
                identity: identity(file),
                owner: crate::process::id(),
            }),
        }
    }

    /// Whether what changes is lost with the process.
    pub(super) fn is_read_only(&self) -> bool {
        self.shared.is_read_only
    }

    /// Refuses what would be lost with the process, though nobody expects it.
    pub(super) fn check_writable(&self) -> Result<(), Error> {
        if !self.shared.is_read_only {
            return Ok(());
        }
        Err(Error::SessionAccess {
            path: self.shared.file.clone(),
            what: "write",
            source: std::io::Error::from_raw_os_error(rustix::io::Errno::ROFS.raw_os_error()),
        })
    }

    /// Looks whether all of the file is in order.
    pub(super) fn check(&self) -> Result<(), Error> {
        let found = self.with("check the database", |connection| {
            connection.query_row("PRAGMA integrity_check(1)", (), |row| {
                row.get::<_, String>(0)
            })
        })?;
        if found == "ok" {
            return Ok(());
        }
        Err(Error::SessionCorrupt {
            file: self.shared.file.clone(),
            in_use: false,
            source: found.into(),
        })
    }

    /// Runs statements; `what` names the purpose in errors, such as `read a peer`.
    pub fn with<T>(
        &self,
        what: &'static str,
        statements: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        if self.shared.owner != crate::process::id() {
            return Err(Error::SessionClosed {
                what: "this process is a fork of the one that opened it",
            });
        }
        if self.replica().is_some_and(|replica| replica.is_lost()) {
            return Err(Error::SessionClosed {
                what: "another machine may have taken it over",
            });
        }
        let mut connection = self
            .shared
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match connection.as_mut() {
            Some(connection) => statements(connection).map_err(|source| self.failed(what, source)),
            None => Err(Error::SessionClosed {
                what: "it was logged out",
            }),
        }
    }

    /// As [`Database::with`], in one transaction that is on the disk when this returns: for what cannot be
    /// fetched again, such as keys.
    pub(crate) fn durably<T>(
        &self,
        what: &'static str,
        statements: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let outcome = self.with(what, |connection| {
            connection.pragma_update(None, "synchronous", "FULL")?;
            let outcome = connection.transaction().and_then(|transaction| {
                let value = statements(&transaction)?;
                transaction.commit()?;
                Ok(value)
            });
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            outcome
        })?;
        self.flush(true)?;
        Ok(outcome)
    }

    /// Has changes carried to other machines from now on.
    pub(super) fn carry(&self, storage: &Storage, replica: Replica) {
        *self.sharing() = Sharing {
            storage: Some(Arc::new(storage.clone())),
            replica: Some(Arc::new(replica)),
        };
    }

    /// Has changes carried by the process that has the session's lock.
    pub(super) fn follow(&self, storage: Option<&Storage>) {
        *self.sharing() = Sharing {
            storage: storage.cloned().map(Arc::new),
            replica: None,
        };
    }

    /// Carries the rest and ends that. What is another machine's now stays lost.
    pub(super) fn end_carrying(&self) {
        let ending = self.sharing().replica.take_if(|own| !own.is_lost());
        drop(ending);
    }

    /// Carries the rest, where nobody has the session's lock.
    pub(super) fn carry_rest(&self) -> Result<(), Error> {
        let Sharing { storage, replica } = self.sharing().clone();
        match (storage, replica) {
            (Some(storage), None) => self.elsewhere(&storage).carry_rest(),
            _ => Ok(()),
        }
    }

    /// What carries changes to other machines, in this process.
    pub(super) fn replica(&self) -> Option<Arc<Replica>> {
        self.sharing().replica.clone()
    }

    /// Whether other machines have the session, too.
    pub(super) fn is_shared(&self) -> bool {
        self.sharing().storage.is_some()
    }

    /// Waits until other machines can see what was stored; with `durable` also after a crash of the server. There is nothing
    /// to wait for where the session is not shared.
    pub(crate) fn flush(&self, durable: bool) -> Result<(), Error> {
        let Sharing { storage, replica } = self.sharing().clone();
        match (replica, storage) {
            (Some(replica), _) => replica.flush(durable),
            (None, Some(storage)) => self.elsewhere(&storage).flush(durable),
            (None, None) => Ok(()),
        }
    }

    fn elsewhere<'d>(&'d self, storage: &'d Storage) -> Elsewhere<'d> {
        let directory = self.shared.file.parent().unwrap_or(Path::new("."));
        Elsewhere::new(self, storage, directory)
    }

    fn sharing(&self) -> MutexGuard<'_, Sharing> {
        self.shared
            .sharing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, what: &'static str, source: rusqlite::Error) -> Error {
        match failure(&self.shared.file, what, source) {
            Error::SessionCorrupt { file, source, .. } => {
                salvage::suspect(&file);
                Error::SessionCorrupt {
                    file,
                    in_use: true,
                    source,
                }
            }
            error => error,
        }
    }

    /// Whether the path still leads to the file that was opened.
    pub(super) fn is_current(&self) -> bool {
        let now = identity(&self.shared.file);
        now.is_some() && now == self.shared.identity
    }

    /// Closes the file; later uses fail.
    pub(super) fn close(&self) {
        let connection = self
            .shared
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(connection);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if self.owner != crate::process::id() {
            // SQLite forbids using, even closing, a connection in a fork: its file locks are the parent's.
            let connection = self
                .connection
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            std::mem::forget(connection);
        }
    }
}

fn identity(file: &Path) -> Option<(u64, u64)> {
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

fn configure(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A commit survives a crash of the process at once; `durably` makes it survive a power cut, too.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // Negative: KiB. Sessions are small and many may be open.
    connection.pragma_update(None, "cache_size", -256)?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.set_prepared_statement_cache_capacity(16);
    // Other processes write, too: who begins a transaction waits for its turn, and does not find out halfway.
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    Ok(())
}

/// Tells a damaged file from a failed statement.
pub(super) fn failure(file: &Path, what: &'static str, source: rusqlite::Error) -> Error {
    let file = file.to_owned();
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::SessionCorrupt {
            file,
            in_use: false,
            source: source.into(),
        },
        _ => Error::Database {
            file,
            what,
            source: source.into(),
        },
    }
}
