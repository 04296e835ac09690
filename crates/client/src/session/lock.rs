//! One process at a time: an exclusive `flock` on the file `lock` of a session's directory.
//!
//! The kernel drops the lock with its owner, however that ends. The owner's pid stands in the file so that
//! those who wait can say whom they wait for.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::FlockOperation;
use rustix::io::Errno;
use tokio::time::Instant;

use crate::Error;

/// How often a held lock is tried again.
const POLL: Duration = Duration::from_millis(25);

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
        loop {
            // In every turn: the owner may log out and remove the directory meanwhile.
            super::create_directory(directory)?;
            let file = open(&path)?;
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
        let recorded = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{owner}"));
        match recorded {
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

fn open(path: &Path) -> Result<File, Error> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|source| Error::SessionAccess {
            path: path.to_owned(),
            what: "open the lock file",
            source,
        })
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
