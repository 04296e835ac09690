//! Downloads to files, which go on where an earlier one ended.
//!
//! Parts are written in order, so that what is there is the beginning of the file. Whether it really is, and not that of
//! another one that stood there, the hashes tell that Telegram has of its files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use ext_php_rs::types::Zval;
use madeline_client::files::{Order, Range, Resume};
use rustix::fs::{FallocateFlags, FlockOperation, fallocate, flock};

use super::download::Running;
use super::info::RemoteFile;
use super::local;
use super::progress::Progress;
use crate::api::instance::Instance;
use crate::call::{cancellation, thrown};
use crate::exceptions::Thrown;
use crate::logger::{self, Level};

/// Bytes for which room is reserved.
const WORTH_RESERVING: u64 = 1 << 20;
/// How often a lock that somebody else holds is tried again.
const POLL: Duration = Duration::from_millis(100);

/// Saves a file; what is there of it already stays.
pub(super) fn save(
    instance: &Rc<Instance>,
    file: &RemoteFile,
    path: &str,
    callback: Option<&Zval>,
    cancellation: Option<&Zval>,
) -> Result<(), Thrown> {
    local::check_basedir(path)?;
    let _lock = Lock::of(path, cancellation)?;
    let is_new = !Path::new(path).exists();
    let mut target = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| failed("write", path, &error))?;
    let saving = Saving {
        instance,
        path,
        callback,
        cancellation,
    };
    let saved = saving.complete(file, &mut target);
    if saved.is_err() && is_new && target.metadata().is_ok_and(|metadata| metadata.len() == 0) {
        // Nothing that could be gone on with.
        drop(fs::remove_file(path));
    }
    saved
}

/// Room on the disk behind the end of a file, for what will be written: that is faster then and lies together. What of it is left
/// over is given back when this is dropped; a process that is killed leaves it to whoever goes on with the file.
struct Reserved(Option<File>);

impl Reserved {
    /// What the file has does not change, nor its length. Where the system cannot do that or has no room, writing shows.
    fn of(target: &File, from: u64, size: Option<u64>) -> Self {
        let missing = size.and_then(|size| size.checked_sub(from));
        let missing = missing.filter(|missing| *missing >= WORTH_RESERVING);
        let reserved = missing.is_some_and(|missing| {
            fallocate(target, FallocateFlags::KEEP_SIZE, from, missing).is_ok()
        });
        Self(reserved.then(|| target.try_clone().ok()).flatten())
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if let Some(file) = &self.0
            && let Ok(metadata) = file.metadata()
        {
            drop(file.set_len(metadata.len()));
        }
    }
}

fn failed(what: &str, path: &str, error: &io::Error) -> Thrown {
    Thrown::Exception(format!("cannot {what} {path}: {error}"))
}

struct Saving<'s> {
    instance: &'s Rc<Instance>,
    path: &'s str,
    callback: Option<&'s Zval>,
    cancellation: Option<&'s Zval>,
}

impl Saving<'_> {
    fn complete(&self, file: &RemoteFile, target: &mut File) -> Result<(), Thrown> {
        let failed = |what: &str, error: io::Error| failed(what, self.path, &error);
        let mut there = target
            .metadata()
            .map_err(|error| failed("write", error))?
            .len();
        // More than the file has cannot be the beginning of it.
        if file.size.is_some_and(|size| there > size) {
            target.set_len(0).map_err(|error| failed("empty", error))?;
            there = 0;
        }
        let mut file = file.clone();
        let missing = self.missing(&mut file, there)?;
        let mut progress = Progress::new(self.instance, "Download", self.callback, file.size);
        let mut done = there_of(&missing);
        let _reserved = Reserved::of(target, there, file.size);
        for range in missing {
            if range.end.is_none() && range.start < there {
                target
                    .set_len(range.start)
                    .map_err(|error| failed("shorten", error))?;
            }
            target
                .seek(SeekFrom::Start(range.start))
                .map_err(|error| failed("write", error))?;
            let mut running = Running::new(self.instance, file.clone(), range, Order::Ascending)?;
            while let Some(part) = running.next(self.cancellation)? {
                target
                    .write_all(&part.bytes)
                    .map_err(|error| failed("write", error))?;
                done += part.bytes.len() as u64;
                progress.at(done)?;
            }
        }
        progress.end(done)
    }

    /// What has to be fetched of a file whose first `there` bytes are there, compared with Telegram's hashes.
    fn missing(&self, file: &mut RemoteFile, there: u64) -> Result<Vec<Range>, Thrown> {
        // What stands there is deciphered, and the hashes are of what is not; or it is so small that it came with the message.
        let has_hashes = file.secret.is_none() && file.data.is_none();
        if there == 0 || !has_hashes {
            return Ok(vec![Range {
                start: there,
                end: None,
            }]);
        }
        let failed = |error: io::Error| failed("read", self.path, &error);
        let mut written = File::open(self.path).map_err(failed)?;
        let client = self.instance.client()?;
        let parallel = self.instance.transfers().downloads;
        let mut resume = Resume::new(&client, file.location.clone(), there, parallel);
        let mut bytes = Vec::new();
        let mut wrong = 0;
        while let Some(piece) = cancellation::wait(self.cancellation, resume.next())?
            .map_err(|error| thrown(self.instance, error))?
        {
            bytes.resize(piece.length, 0);
            written
                .seek(SeekFrom::Start(piece.offset))
                .map_err(failed)?;
            written.read_exact(&mut bytes).map_err(failed)?;
            let is_good = piece.is(&bytes);
            resume.compared(&piece, is_good);
            wrong += if is_good { 0 } else { piece.length };
        }
        let (location, missing) = resume.missing();
        file.location = location;
        if wrong > 0 {
            logger::write(Level::Notice, || {
                format!(
                    "{wrong} bytes of {} are not the file's, and are fetched again",
                    self.path
                )
            });
        }
        Ok(missing)
    }
}

/// How many bytes need not be fetched, before the last range.
fn there_of(missing: &[Range]) -> u64 {
    let last = missing.last().map_or(0, |range| range.start);
    let fetched = missing
        .iter()
        .filter_map(|range| Some(range.end? - range.start));
    last - fetched.sum::<u64>().min(last)
}

/// Keeps two downloads from writing one file.
struct Lock {
    path: String,
    _file: File,
}

impl Lock {
    fn of(path: &str, cancellation: Option<&Zval>) -> Result<Self, Thrown> {
        let path = format!("{path}.lock");
        loop {
            let failed =
                |error: std::io::Error| Thrown::Exception(format!("cannot lock {path}: {error}"));
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)
                .map_err(failed)?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                // Whoever held it may have removed the file meanwhile.
                Ok(()) if is_at(&file, &path) => return Ok(Self { path, _file: file }),
                Ok(()) => {}
                Err(rustix::io::Errno::WOULDBLOCK) => {
                    cancellation::wait(cancellation, async { tokio::time::sleep(POLL).await })?;
                }
                Err(error) => return Err(failed(error.into())),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}

fn is_at(file: &File, path: &str) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(own), Ok(there)) = (file.metadata(), fs::metadata(path)) else {
        return false;
    };
    (own.dev(), own.ino()) == (there.dev(), there.ino())
}
