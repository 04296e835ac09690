//! What survives the process: one directory with one database, which several processes may have open.
//!
//! `session.madeline/` is 0700 and holds `session.sqlite` (with its `-wal` and `-shm`), `lock`, which the process has that
//! is connected to Telegram, and its `socket`, `changes`, and, where updates are listened to, `updates.journal` and
//! `updates.lock`, and where a server keeps it, too, the socket `carrier`, each 0600, and all of the user that the process runs as.
//! The database knows the keys, the own user and the peers; whoever can read it can act as the user.

mod changes;
mod database;
mod foreign;
mod journal;
mod lock;
mod login;
mod madeline;
mod note;
mod php;
pub(crate) mod place;
mod private;
mod read_only;
mod salvage;
mod sharing;
mod storage;
mod stored;
mod tables;
mod temporary;
mod transfer;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::{Authorization, DcId, Error};
use read_only::Reader;

pub(crate) use changes::Changes;
pub use database::Database;
pub use foreign::{ForeignLogin, login_in, login_of};
pub(crate) use journal::{CONTENT, GENERATION, Journal};
pub(crate) use lock::{Holder, Lock};
pub(crate) use login::Former;
pub use login::{LoginProgress, OwnUser};
pub use madeline::{MadelineLogin, madeline_login};
pub use note::Note;
#[cfg(test)]
pub(crate) use storage::servers;
pub use storage::{Storage, StorageAddress, StorageKind, StorageTls, TlsProof};
pub(crate) use temporary::TemporaryKey;
pub(crate) use transfer::copy;

/// The database's file name in the session's directory.
const DATABASE_FILE: &str = "session.sqlite";
/// What SQLite keeps beside it.
const WAL_FILE: &str = "session.sqlite-wal";
const SHM_FILE: &str = "session.sqlite-shm";
/// Held by the process that is connected to Telegram.
const LOCK_FILE: &str = "lock";
/// How far updates were handled since the database was told.
const JOURNAL_FILE: &str = "updates.journal";
/// Held by the process that takes the updates.
const UPDATES_LOCK_FILE: &str = "updates.lock";
/// What processes tell each other at once.
const CHANGES_FILE: &str = "changes";
/// Where the process with the connections can be reached.
pub(crate) const SOCKET_FILE: &str = "socket";
/// Where the process that carries changes to a server is asked to do it at once.
const CARRIER_FILE: &str = "carrier";

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

const LOGGED_OUT: Error = Error::SessionClosed {
    what: "it was logged out",
};

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
    changes: Option<Changes>,
    login: Mutex<login::State>,
    notes: Vec<Note>,
    // Last: the database must be closed before another process may replace it.
    lock: Mutex<Option<Lock>>,
    /// It is not given up just now.
    keeps_lock: AtomicBool,
    _reader: Option<Reader>,
}

impl Session {
    /// Whether a session was ever opened in this directory. Changes nothing on the disk.
    #[must_use]
    pub fn exists(directory: &Path) -> bool {
        directory.join(DATABASE_FILE).is_file()
    }

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
            return Session::over(directory, database, default_dc, vec![note], Some(reader));
        }
        let lock = Lock::acquire(directory, lock_timeout).await?;
        let mut session = if let Some(session) = Session::of(directory, default_dc, true)? {
            session
        } else {
            // It was logged out by a process that did not live to remove it.
            remove_files(directory)?;
            Session::of(directory, default_dc, true)?.ok_or(LOGGED_OUT)?
        };
        *session.lock() = Some(lock);
        session.import()?;
        Ok(session)
    }

    /// Opens a session that another process has, which must be known to have opened it. `None` where it was logged out
    /// and is about to be removed.
    pub(crate) fn join(directory: &Path, default_dc: DcId) -> Result<Option<Session>, Error> {
        Session::of(directory, default_dc, false)
    }

    /// `leads`: the caller has the lock. `None` where it was logged out.
    fn of(directory: &Path, default_dc: DcId, leads: bool) -> Result<Option<Session>, Error> {
        for name in [WAL_FILE, SHM_FILE] {
            private::existing_file(&directory.join(name), "open the database")?;
        }
        let file = directory.join(DATABASE_FILE);
        let (database, note) = if leads {
            salvage::open(&file)?
        } else {
            (Database::open(&file)?, None)
        };
        let notes = note.into_iter().collect();
        let session = Session::over(directory, database, default_dc, notes, None)?;
        if session.authorization() != Authorization::LoggedOut {
            return Ok(Some(session));
        }
        if leads {
            session.retire_import()?;
        }
        Ok(None)
    }

    fn over(
        directory: &Path,
        database: Database,
        default_dc: DcId,
        notes: Vec<Note>,
        reader: Option<Reader>,
    ) -> Result<Session, Error> {
        let changes = Changes::open(directory);
        let seen = changes.as_ref().map_or(0, Changes::login);
        let login = login::State::load(&database, default_dc, seen)?;
        Ok(Session {
            shared: Arc::new(Shared {
                directory: directory.to_owned(),
                database,
                changes,
                login: Mutex::new(login),
                notes,
                lock: Mutex::new(None),
                keeps_lock: AtomicBool::new(false),
                _reader: reader,
            }),
        })
    }

    /// Takes the session's lock where nobody has it: whoever has it may connect to Telegram. False: somebody else has it.
    ///
    /// # Errors
    /// The session was logged out, or its files are not those that were opened.
    pub(crate) fn take_lock(&self) -> Result<bool, Error> {
        if self.authorization() == Authorization::LoggedOut {
            return Err(LOGGED_OUT);
        }
        let mut held = self.lock();
        if self.database().is_read_only() || held.as_ref().is_some_and(Lock::is_own) {
            return Ok(true);
        }
        let Some(lock) = Lock::again(self.directory())? else {
            return Ok(false);
        };
        if !self.database().is_current() {
            return Err(Error::SessionClosed {
                what: "another process has removed or replaced its files",
            });
        }
        *held = Some(lock);
        Ok(true)
    }

    /// Whether its files are those that were opened, as far as can be seen.
    pub(crate) fn is_current(&self) -> bool {
        self.database().is_current()
    }

    /// Gives up the lock: another process may connect to Telegram. What is stored stays open.
    pub(crate) fn give_up_lock(&self) {
        if self.shared.keeps_lock.load(Ordering::Acquire) {
            return;
        }
        let mut held = self.lock();
        if held.as_ref().is_some_and(Lock::is_own) {
            // Before, so that who takes it then has the server's lease at once.
            self.database().end_carrying();
            *held = None;
        }
    }

    /// Keeps the lock, whoever gives it up while something is done.
    pub(crate) fn keeping_lock<T>(&self, act: impl FnOnce() -> T) -> T {
        self.shared.keeps_lock.store(true, Ordering::Release);
        let value = act();
        self.shared.keeps_lock.store(false, Ordering::Release);
        value
    }

    /// Whether this process has the lock.
    pub(crate) fn has_lock(&self) -> bool {
        self.is_read_only() || self.lock().as_ref().is_some_and(Lock::is_own)
    }

    /// Whether its directory cannot be written to: then this process alone has it open.
    pub(crate) fn is_read_only(&self) -> bool {
        self.database().is_read_only()
    }

    /// The error that says who has the lock, after this long.
    pub(crate) fn locked(&self, waited: Duration) -> Error {
        let Holder { pid, command } = Lock::holder(self.directory());
        Error::SessionLocked {
            path: self.directory().to_owned(),
            pid,
            command,
            seconds: waited.as_secs_f64(),
        }
    }

    /// Takes the lock of whoever takes the updates, where there can be one; who has it, if somebody else does.
    pub(crate) fn take_updates(&self) -> Result<Result<Option<Lock>, Holder>, Error> {
        if self.is_read_only() {
            return Ok(Ok(None));
        }
        Ok(Lock::of(self.directory(), UPDATES_LOCK_FILE)?.map(Some))
    }

    /// What processes tell each other; `None` where the system has no memory for it.
    pub(crate) fn changes(&self) -> Option<&Changes> {
        self.shared.changes.as_ref()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Lock>> {
        let lock = self.shared.lock.lock();
        lock.unwrap_or_else(PoisonError::into_inner)
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
        if self.database().is_shared() {
            return Journal::open_shared(self.database(), generation);
        }
        Journal::open(&self.directory().join(JOURNAL_FILE), generation)
    }

    /// Removes the session's files, and its directory when nothing else is in it. Later uses fail, in all processes.
    ///
    /// Without the lock it is left to the process that has it: the session is only marked. In a fork, and after the first
    /// removal, the files are somebody else's, perhaps of a later login: then nothing is touched. Where a file cannot be
    /// removed the lock stays for another try.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        let mut held = self.lock();
        self.database().check_writable()?;
        if held.as_ref().is_some_and(|lock| !lock.is_own()) {
            return Ok(());
        }
        if held.is_some() {
            if let Some(replica) = self.database().replica() {
                replica.forget()?;
            }
            self.retire_import()?;
        }
        self.set_logged_out();
        self.shared.database.close();
        if held.is_none() {
            return Ok(());
        }
        remove_files(self.directory())?;
        // The lock goes last: whoever waits for it must find an empty place, not half a session.
        remove_file(&self.directory().join(LOCK_FILE))?;
        // Fails when the user keeps other files there, and that is right.
        let _ = fs::remove_dir(self.directory());
        *held = None;
        Ok(())
    }

    /// Renames the file that the login came from: else the login that has ended would be taken over again.
    fn retire_import(&self) -> Result<(), Error> {
        if !matches!(self.setting(IMPORTED), Ok(Some(_))) {
            return Ok(());
        }
        let file = self.directory().join(madeline::FILE);
        match fs::rename(&file, self.directory().join(FORMER_FILE)) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(Error::SessionAccess {
                path: file,
                what: "rename",
                source,
            }),
            _ => Ok(()),
        }
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
}

impl Drop for Shared {
    fn drop(&mut self) {
        // While the lock is still held: who takes it then has the server's lease at once.
        self.database.end_carrying();
        let held = self.lock.get_mut().unwrap_or_else(PoisonError::into_inner);
        if held.is_none() {
            let _ = self.database.carry_rest();
        }
    }
}

/// Everything but the lock.
fn remove_files(directory: &Path) -> Result<(), Error> {
    let files = [
        SOCKET_FILE,
        CARRIER_FILE,
        WAL_FILE,
        SHM_FILE,
        JOURNAL_FILE,
        UPDATES_LOCK_FILE,
        CHANGES_FILE,
        DATABASE_FILE,
    ];
    files
        .iter()
        .try_for_each(|name| remove_file(&directory.join(name)))
}

fn remove_file(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(Error::SessionAccess {
            path: path.to_owned(),
            what: "remove",
            source,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
