//! What survives the process: one directory with one database, held by one process at a time.
//!
//! `session.madeline/` is 0700 and holds `session.sqlite` (with its `-wal` and `-shm`), `lock` and, where updates are
//! listened to, `updates.journal`, each 0600, and all of the user that the process runs as.
//! The database knows the keys, the own user and the peers; whoever can read it can act as the user.

mod database;
mod foreign;
mod journal;
mod lock;
mod login;
mod madeline;
mod note;
mod php;
mod private;
mod read_only;
mod salvage;
mod storage;
mod stored;
mod tables;
mod temporary;
mod transfer;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::watch;

use crate::{DcId, Error};
use lock::Lock;
use read_only::Reader;
use storage::Replica;

pub use database::Database;
pub use foreign::{ForeignLogin, login_in, login_of};
pub(crate) use journal::{CONTENT, Journal};
pub(crate) use login::Former;
pub use login::{LoginProgress, OwnUser};
pub use madeline::{MadelineLogin, madeline_login};
pub use note::Note;
#[cfg(test)]
pub(crate) use storage::servers;
pub use storage::{Storage, StorageAddress, StorageKind};
pub(crate) use temporary::TemporaryKey;
pub use transfer::copy;

/// The database's file name in the session's directory.
const DATABASE_FILE: &str = "session.sqlite";
/// What SQLite keeps beside it.
const WAL_FILE: &str = "session.sqlite-wal";
const SHM_FILE: &str = "session.sqlite-shm";
/// How far updates were handled since the database was told.
const JOURNAL_FILE: &str = "updates.journal";

/// The setting with the application's id and hash, as `id:hash`: what the layer above keeps, and other sessions bring along.
pub const APP_SETTING: &str = "app";
/// The setting of sessions whose login comes from MadelineProto.
const IMPORTED: &str = "imported";
/// The name that MadelineProto's file gets when that login ended.
const FORMER_FILE: &str = "safe.old.php";
/// The longest file of MadelineProto that is read.
const LONGEST_IMPORT: u64 = 1 << 30;

/// An open session. Cheap to clone; the last clone gives up the lock.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
}

/// A session as connections know it, which end after it: it keeps neither the lock nor the database.
#[derive(Clone)]
pub(crate) struct WeakSession {
    shared: Weak<Shared>,
}

impl WeakSession {
    /// The session, for a moment; an error when it was closed.
    pub(crate) fn get(&self) -> Result<Session, Error> {
        let shared = self.shared.upgrade().ok_or(Error::SessionClosed {
            what: "it was closed",
        })?;
        Ok(Session { shared })
    }
}

struct Shared {
    directory: PathBuf,
    database: Database,
    login: Mutex<login::State>,
    notes: Vec<Note>,
    // Last: the database must be closed before another process may open it.
    lock: Mutex<Option<Lock>>,
    _reader: Option<Reader>,
}

impl Session {
    /// Opens a session directory, creating it when it does not exist; its parent must exist. What other users may
    /// do with it is taken back; one that belongs to another user is refused ([`Error::SessionOwner`]).
    ///
    /// While another process holds it, this waits up to `lock_timeout`; dropping the future ends the wait.
    /// `default_dc` is the home DC of a new session.
    pub async fn open(
        directory: &Path,
        default_dc: DcId,
        lock_timeout: Duration,
    ) -> Result<Session, Error> {
        let file = directory.join(DATABASE_FILE);
        if read_only::is_so(directory) {
            let reader = Reader::acquire(directory, lock_timeout).await?;
            let database = Database::open_read_only(&file)?;
            let note = Note::ReadOnly {
                directory: directory.to_owned(),
            };
            return Session::over(directory, database, default_dc, vec![note], Ok(reader));
        }
        let lock = Lock::acquire(directory, lock_timeout).await?;
        for name in [WAL_FILE, SHM_FILE] {
            private::existing_file(&directory.join(name), "open the database")?;
        }
        let (database, note) = salvage::open(&file)?;
        let notes = note.into_iter().collect();
        let mut session = Session::over(directory, database, default_dc, notes, Err(lock))?;
        session.import()?;
        Ok(session)
    }

    fn over(
        directory: &Path,
        database: Database,
        default_dc: DcId,
        notes: Vec<Note>,
        held: Result<Reader, Lock>,
    ) -> Result<Session, Error> {
        let login = login::State::load(&database, default_dc)?;
        let (reader, lock) = match held {
            Ok(reader) => (Some(reader), None),
            Err(lock) => (None, Some(lock)),
        };
        Ok(Session {
            shared: Arc::new(Shared {
                directory: directory.to_owned(),
                database,
                login: Mutex::new(login),
                notes,
                lock: Mutex::new(lock),
                _reader: reader,
            }),
        })
    }

    /// Takes over the login that MadelineProto has left in the directory of a new session.
    fn import(&mut self) -> Result<(), Error> {
        let file = self.directory().join(madeline::FILE);
        if !login::State::is_missing(self.database())? {
            return Ok(());
        }
        let Some(content) = private::foreign_file(&file, LONGEST_IMPORT)? else {
            return Ok(());
        };
        let login = madeline_login(&content).map_err(|why| Error::SessionImport {
            source: file.display().to_string(),
            why,
        })?;
        let Some(login) = login else { return Ok(()) };
        let user = login.user.id;
        self.take_over(login)?;
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.notes.push(Note::Imported { file, user });
        }
        Ok(())
    }

    /// What was out of the ordinary when it was opened.
    pub fn notes(&self) -> &[Note] {
        &self.shared.notes
    }

    /// Shares the session with other machines: waits up to `patience` until no other uses it, and takes over what the server
    /// has. It must be open for the first time.
    pub async fn share(&self, storage: &Storage, patience: Duration) -> Result<(), Error> {
        self.database().check_writable()?;
        let file = self.directory().join(DATABASE_FILE);
        let replica = Replica::start(storage, self.directory(), &file, patience).await?;
        self.database().carry(replica);
        let home = self.home_dc();
        let login = login::State::load(self.database(), home)?;
        *self
            .shared
            .login
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = login;
        Ok(())
    }

    /// Keeps the session for this machine alone, where it was shared before and is not now.
    pub fn unshare(&self) -> Result<(), Error> {
        if self.database().replica().is_some() {
            return Ok(());
        }
        self.database()
            .with("stop sharing the session", |connection| {
                storage::uninstall(connection)
            })
    }

    /// As if this machine had failed; with `is_over` as long ago as its lease lasts.
    #[cfg(test)]
    pub(crate) fn crash(&self, is_over: bool) {
        if let Some(replica) = self.database().replica() {
            replica.crash(is_over);
        }
    }

    /// Tells when another machine may have the session; `None` where it is not shared.
    pub(crate) fn loss(&self) -> Option<watch::Receiver<bool>> {
        self.database().replica().map(|replica| replica.loss())
    }

    /// The session without holding it.
    pub(crate) fn downgrade(&self) -> WeakSession {
        WeakSession {
            shared: Arc::downgrade(&self.shared),
        }
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.shared.directory
    }

    /// The database, for tables that live beside the session's own.
    pub fn database(&self) -> &Database {
        &self.shared.database
    }

    /// Opens the journal of updates and reads the records of a generation.
    pub(crate) fn journal(&self, generation: u64) -> Result<(Journal, Vec<[u8; CONTENT]>), Error> {
        if self.database().replica().is_some() {
            return Journal::open_shared(self.database(), generation);
        }
        Journal::open(&self.directory().join(JOURNAL_FILE), generation)
    }

    /// Removes the session's files, and its directory when nothing else is in it. Later uses fail.
    ///
    /// Without the lock the files are somebody else's, perhaps of a later login: then nothing is touched. That is
    /// so after the first removal, and in a fork. Where a file cannot be removed the lock stays for another try.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        let mut held = self
            .shared
            .lock
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.database().check_writable()?;
        let Some(lock) = held.as_ref().filter(|lock| lock.is_own()) else {
            return Ok(());
        };
        if let Some(replica) = self.database().replica() {
            replica.forget()?;
        }
        let is_imported = matches!(self.setting(IMPORTED), Ok(Some(_)));
        self.set_logged_out();
        self.shared.database.close();
        if is_imported {
            // Else the login that has ended would be taken over again.
            let file = self.directory().join(madeline::FILE);
            let former = self.directory().join(FORMER_FILE);
            match fs::rename(&file, &former) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::SessionAccess {
                        path: file,
                        what: "rename",
                        source,
                    });
                }
                _ => {}
            }
        }
        // The lock goes last: whoever waits for it must find an empty place, not half a session.
        let files = [WAL_FILE, SHM_FILE, JOURNAL_FILE, DATABASE_FILE]
            .map(|name| self.directory().join(name));
        for path in files.into_iter().chain([lock.path().to_owned()]) {
            match fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::SessionAccess {
                        path,
                        what: "remove",
                        source,
                    });
                }
                _ => {}
            }
        }
        // Fails when the user keeps other files there, and that is right.
        let _ = fs::remove_dir(self.directory());
        *held = None;
        Ok(())
    }

    /// Gives up a session that was inherited by a fork, without touching anything that the parent uses.
    ///
    /// Dropping does the same; this is for callers that must leak the rest of a client.
    pub fn forget_after_fork(&self) {
        // In a fork the mutex may be held by a thread that does not exist here.
        if let Ok(mut lock) = self.shared.lock.try_lock()
            && lock.as_ref().is_some_and(|lock| !lock.is_own())
        {
            drop(lock.take());
        }
    }

    /// Gives up the lock although the session is not dropped.
    pub(crate) fn give_up_lock(&self) {
        let mut lock = self
            .shared
            .lock
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        drop(lock.take());
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // While the lock is still held: who takes it then has the server's lease at once.
        self.database.end_carrying();
    }
}

#[cfg(test)]
mod tests;
