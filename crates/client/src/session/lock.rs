//! One process at a time: an exclusive `flock` on a file of a session's directory.
//!
//! The kernel drops the lock with its owner, however that ends. The owner's pid, and when that process began, stand in
//! the file so that those who wait can say whom they wait for: they decide nothing.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use rustix::fs::FlockOperation;
use rustix::io::Errno;
use tokio::time::Instant;

use super::{LOCK_FILE, private};
use crate::Error;
use crate::fork::OwnDescriptor;

/// How often a held lock is tried again.
const POLL: Duration = Duration::from_millis(25);

/// How often in a row the directory may vanish under us: its owner logs out. A link that leads nowhere looks alike.
const VANISHED: u32 = 16;

/// The longest text of a lock file that is ours: two numbers and a line end, generously.
const RECORD: u64 = 40;

/// A held lock. Dropping it in the process that took it gives it up; dropping it in a fork only closes the
/// inherited descriptor.
#[derive(Debug)]
pub(crate) struct Lock {
    // Before the file: the descriptor is another's when it is closed.
    _own: OwnDescriptor,
    file: File,
    owner: u32,
}

/// The process that has a lock, as far as its file tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) pid: Option<u32>,
    pub(crate) command: Option<String>,
}

impl Holder {
    /// A process that is known by its number.
    pub(crate) fn of(pid: u32) -> Holder {
        Holder {
            pid: Some(pid),
            command: command_name(pid),
        }
    }

    /// What the file says; nothing, where the process it names has ended and its number is another's.
    fn recorded(mut file: File) -> Holder {
        let mut text = String::new();
        let _ = file.read_to_string(&mut text);
        let mut numbers = text.split_whitespace();
        let pid: Option<u32> = numbers.next().and_then(|pid| pid.parse().ok());
        let Some(pid) = pid else {
            return Holder::default();
        };
        let began: Option<u64> = numbers.next().and_then(|ticks| ticks.parse().ok());
        if began.is_some() && began_at(pid).is_some_and(|ticks| Some(ticks) != began) {
            return Holder::default();
        }
        Holder::of(pid)
    }
}

impl Lock {
    /// Takes the lock of a session directory, waiting up to `timeout` for another process.
    pub(super) async fn acquire(directory: &Path, timeout: Duration) -> Result<Lock, Error> {
        let path = directory.join(LOCK_FILE);
        let started = Instant::now();
        let mut vanished = 0;
        loop {
            // In every turn: the owner may log out and remove the directory meanwhile.
            let file = match open(directory, &path) {
                Err(error) if vanished < VANISHED && has_vanished(&error, directory) => {
                    vanished += 1;
                    continue;
                }
                outcome => outcome?,
            };
            vanished = 0;
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) if is_current(&file, &path) => return Lock::own(file, &path),
                // This file was removed: the next turn makes a new one.
                Ok(()) => {}
                Err(Errno::WOULDBLOCK | Errno::INTR) => {
                    if started.elapsed() >= timeout {
                        let Holder { pid, command } = Holder::recorded(file);
                        return Err(Error::SessionLocked {
                            path: directory.to_owned(),
                            pid,
                            command,
                            seconds: timeout.as_secs_f64(),
                        });
                    }
                    tokio::time::sleep(POLL.min(timeout.saturating_sub(started.elapsed()))).await;
                }
                Err(error) => return Err(refused(&path, error)),
            }
        }
    }

    /// Takes the lock of a session that is open, where nobody has it.
    pub(super) fn again(directory: &Path) -> Result<Option<Lock>, Error> {
        let path = directory.join(LOCK_FILE);
        let file = private::file(&path, "open the lock file")?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) if is_current(&file, &path) => Lock::own(file, &path).map(Some),
            Ok(()) | Err(Errno::WOULDBLOCK | Errno::INTR) => Ok(None),
            Err(error) => Err(refused(&path, error)),
        }
    }

    /// Who has a session's lock.
    pub(super) fn holder(directory: &Path) -> Holder {
        let file = File::open(directory.join(LOCK_FILE));
        file.map(Holder::recorded).unwrap_or_default()
    }

    /// Takes another lock of a session that is open; or says who has it.
    pub(super) fn of(directory: &Path, name: &str) -> Result<Result<Lock, Holder>, Error> {
        let path = directory.join(name);
        let file = private::file(&path, "open the lock file")?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Lock::own(file, &path).map(Ok),
            Err(Errno::WOULDBLOCK | Errno::INTR) => Ok(Err(Holder::recorded(file))),
            Err(error) => Err(refused(&path, error)),
        }
    }

    fn own(mut file: File, path: &Path) -> Result<Lock, Error> {
        let own = OwnDescriptor::new(&file);
        let owner = crate::process::id();
        match record(&mut file, owner) {
            Ok(()) => Ok(Lock {
                _own: own,
                file,
                owner,
            }),
            Err(source) => Err(Error::SessionAccess {
                path: path.to_owned(),
                what: "record the owner in the lock file",
                source,
            }),
        }
    }

    /// Whether this process took the lock; not so in a fork of it.
    pub(super) fn is_own(&self) -> bool {
        self.owner == crate::process::id()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.is_own() {
            // Explicitly, because a forked child that is still running shares the lock through its descriptor.
            let _ = rustix::fs::flock(&self.file, FlockOperation::Unlock);
        }
    }
}

fn open(directory: &Path, path: &Path) -> Result<File, Error> {
    private::directory(directory)?;
    private::file(path, "open the lock file")
}

/// Whether the directory was removed between two steps of opening it; its parent is there.
fn has_vanished(error: &Error, directory: &Path) -> bool {
    matches!(error, Error::SessionAccess { source, .. } if source.kind() == io::ErrorKind::NotFound)
        && directory
            .parent()
            .is_none_or(|parent| parent.as_os_str().is_empty() || parent.exists())
}

/// Writes the owner into the file, unless it holds what no lock of ours does.
fn record(file: &mut File, owner: u32) -> io::Result<()> {
    let mut former = Vec::new();
    file.take(RECORD).read_to_end(&mut former)?;
    let ours = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_whitespace();
    if !former.iter().all(ours) || former.len() as u64 == RECORD {
        return Err(io::Error::other(
            "it holds something else than a process id, so it is not this session's",
        ));
    }
    file.set_len(0)?;
    file.rewind()?;
    match began_at(owner) {
        Some(ticks) => writeln!(file, "{owner} {ticks}"),
        None => writeln!(file, "{owner}"),
    }
}

/// Whether the path still leads to this file.
fn is_current(file: &File, path: &Path) -> bool {
    let identity = |metadata: io::Result<fs::Metadata>| metadata.map(|m| (m.dev(), m.ino())).ok();
    identity(file.metadata()).is_some_and(|own| identity(fs::metadata(path)) == Some(own))
}

fn refused(path: &Path, error: Errno) -> Error {
    Error::SessionAccess {
        path: path.to_owned(),
        what: "lock the session by",
        source: error.into(),
    }
}

/// When a process began, in ticks since the machine did: two processes of the same number differ in it.
fn began_at(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Behind the name, which may contain anything, it is the twentieth.
    let (_, behind) = text.rsplit_once(')')?;
    behind.split_whitespace().nth(19)?.parse().ok()
}

/// The name of a process, where /proc tells.
fn command_name(pid: u32) -> Option<String> {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(name.trim_end().to_owned()).filter(|name| !name.is_empty())
}
