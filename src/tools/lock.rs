//! `flock()` that lets other code run while it waits.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::time::Duration;

use ext_php_rs::types::Zval;

use crate::call::cancellation;
use crate::class::Frame;
use crate::exceptions::Thrown;
use crate::function;

/// PHP's `LOCK_SH`, `LOCK_EX` and `LOCK_NB`.
const SHARED: i64 = 1;
const EXCLUSIVE: i64 = 2;
const AT_ONCE: i64 = 4;

/// Locks a file, which is made where it is missing; returns a closure that unlocks it. With `LOCK_NB` null where somebody else
/// has it. The callback is called once, when the file turns out to be locked.
pub(super) fn flock(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let path = frame.text(0).unwrap_or_default();
    let operation = frame.int(1).unwrap_or_default();
    let kind = match operation & !AT_ONCE {
        SHARED => libc::LOCK_SH,
        EXCLUSIVE => libc::LOCK_EX,
        _ => {
            return Err(Thrown::Exception(format!(
                "flock(): expected LOCK_SH or LOCK_EX as the operation, found {operation}"
            )));
        }
    };
    let polling = frame.arg(2).and_then(Zval::double).unwrap_or(0.1);
    let pause = Duration::try_from_secs_f64(polling).map_err(|_| {
        Thrown::Exception(format!(
            "flock(): $polling must be a number of seconds, {polling} was given"
        ))
    })?;
    let failed = |error: io::Error| Thrown::Exception(format!("flock(): {path}: {error}"));
    let file = open(Path::new(path.as_ref())).map_err(failed)?;
    let mut told = frame.present(4);
    loop {
        // SAFETY: an open descriptor.
        if unsafe { libc::flock(file.as_raw_fd(), kind | libc::LOCK_NB) } == 0 {
            break;
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::WouldBlock {
            return Err(failed(error));
        }
        if let Some(callback) = told.take() {
            function::call_value(callback, &[])?;
        }
        if operation & AT_ONCE != 0 {
            return frame.give(());
        }
        cancellation::wait(frame.present(3), async move {
            tokio::time::sleep(pause).await;
        })?;
    }
    // Closing the file unlocks it.
    let file = Cell::new(Some(file));
    frame.give_zval(function::closure(move |_| {
        drop(file.take());
        Ok(())
    }));
    Ok(())
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path)
}
