//! One process at a time: an exclusive `flock` on the file `lock` of a session's directory.
//!
//! The kernel drops the lock with its owner, however that ends. The owner's pid stands in the file so that
//! those who wait can say whom they wait for.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::FlockOperation;
use rustix::io::Errno;
use tokio::time::Instant;

use super::private;
use crate::Error;

/// How often a held lock is tried again.
const POLL: Duration = Duration::from_millis(25);

/// How often in a row the directory may vanish under us: its owner logs out. A link that leads nowhere looks alike.
const VANISHED: u32 = 16;

/// The longest text of a lock file that is ours: a pid and a line end, generously.
const RECORD: u64 = 32;

/// A held lock. Dropping it in the process that took it gives it up; dropping it in a fork only closes the
/// inherited descriptor.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
    owner: u32,
}

impl Lock {
    /// Takes the lock of a session directory, waiting up to `timeout` for another process.
    pub(super) async fn acquire(directory: &Path, timeout: Duration) -> Result<Lock, Error> {
        let path = directory.join("lock");
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
                Ok(()) if is_current(&file, &path) => return Lock::own(file, path),
                // This file was removed: the next turn makes a new one.
                Ok(()) => {}
                Err(Errno::WOULDBLOCK | Errno::INTR) => {
                    if started.elapsed() >= timeout {
                        let pid = recorded_pid(file);
                        return Err(Error::SessionLocked {
                            path: directory.to_owned(),
                            pid,
                            command: pid.and_then(command_name),
                            seconds: timeout.as_secs_f64(),
                        });
                    }
                    tokio::time::sleep(POLL.min(timeout.saturating_sub(started.elapsed()))).await;
                }
                Err(error) => {
                    return Err(Error::SessionAccess {
                        path,
                        what: "lock the session by",
                        source: error.into(),
                    });
                }
            }
        }
    }

    fn own(mut file: File, path: PathBuf) -> Result<Lock, Error> {
        let owner = std::process::id();
        match record(&mut file, owner) {
            Ok(()) => Ok(Lock { file, path, owner }),
            Err(source) => Err(Error::SessionAccess {
                path,
                what: "record the owner in the lock file",
                source,
            }),
        }
    }

    /// Whether this process took the lock; not so in a fork of it.
    pub(super) fn is_own(&self) -> bool {
        self.owner == std::process::id()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
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
    writeln!(file, "{owner}")
}

/// Whether the path still leads to this file.
fn is_current(file: &File, path: &Path) -> bool {
    let identity = |metadata: io::Result<fs::Metadata>| metadata.map(|m| (m.dev(), m.ino())).ok();
    identity(file.metadata()).is_some_and(|own| identity(fs::metadata(path)) == Some(own))
}

fn recorded_pid(mut file: File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// The name of a process, where /proc tells.
fn command_name(pid: u32) -> Option<String> {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(name.trim_end().to_owned()).filter(|name| !name.is_empty())
}
