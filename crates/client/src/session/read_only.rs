//! A session in a directory that this process cannot write to: its database is copied into memory, and works there as ever.
//! What changes is lost at the end.

use std::fmt::Write;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use rustix::fs::{Access, AtFlags, CWD, FlockOperation, accessat, flock};
use rustix::io::Errno;
use tokio::time::{Instant, sleep};

use super::{DATABASE_FILE, private};
use crate::Error;
use crate::fork::OwnDescriptor;

/// How often a held lock is tried again.
const POLL: Duration = Duration::from_millis(25);
/// Pages that are copied at a time.
const STEP: i32 = 1024;

/// Keeps other readers out: one login must not be used twice at the same time. Nobody else can write a lock file either.
pub(super) struct Reader {
    // Before the file: the descriptor is another's when it is closed.
    _own: OwnDescriptor,
    _locked: File,
}

/// Whether the directory has a session that can be read and not written.
pub(super) fn is_so(directory: &Path) -> bool {
    directory.join(DATABASE_FILE).is_file()
        && matches!(
            accessat(CWD, directory, Access::WRITE_OK, AtFlags::EACCESS),
            Err(Errno::ACCESS | Errno::ROFS | Errno::PERM)
        )
}

impl Reader {
    /// Waits up to `timeout` for another process.
    pub(super) async fn acquire(directory: &Path, timeout: Duration) -> Result<Reader, Error> {
        private::check(directory)?;
        let lock = directory.join("lock");
        let path = if lock.exists() { &lock } else { directory };
        let file = File::open(path).map_err(|source| Error::SessionAccess {
            path: path.to_owned(),
            what: "open",
            source,
        })?;
        let started = Instant::now();
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {
                    return Ok(Reader {
                        _own: OwnDescriptor::new(&file),
                        _locked: file,
                    });
                }
                Err(Errno::WOULDBLOCK | Errno::INTR) if started.elapsed() < timeout => {
                    sleep(POLL).await;
                }
                Err(Errno::WOULDBLOCK | Errno::INTR) => {
                    return Err(Error::SessionLocked {
                        path: directory.to_owned(),
                        pid: None,
                        command: None,
                        seconds: timeout.as_secs_f64(),
                    });
                }
                Err(error) => {
                    return Err(Error::SessionAccess {
                        path: path.to_owned(),
                        what: "lock the session by",
                        source: error.into(),
                    });
                }
            }
        }
    }
}

/// The database's content as it stands on the disk.
pub(super) fn copy(file: &Path) -> rusqlite::Result<Connection> {
    let mut copy = Connection::open_in_memory()?;
    let source = open(file)?;
    Backup::new(&source, &mut copy)?.run_to_completion(STEP, Duration::ZERO, None)?;
    Ok(copy)
}

/// Without its index, which cannot be made here, `SQLite` reads the log of a database only under its own lock; and a lock like
/// that cannot be taken either. [`Reader`] keeps others out.
fn open(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let has_log = file
        .with_file_name(super::WAL_FILE)
        .metadata()
        .is_ok_and(|log| log.len() > 0);
    if has_log {
        let connection = Connection::open_with_flags_and_vfs(file, flags, c"unix-none")?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        return Ok(connection);
    }
    let mut address = "file:".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        let _ = write!(address, "%{byte:02x}");
    }
    address.push_str("?immutable=1");
    Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI)
}
