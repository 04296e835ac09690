//! Giving a session another place, as scripts do that name their session at the end.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::Duration;

use super::lock::Lock;
use super::{DATABASE_FILE, JOURNAL_FILE, SHM_FILE, WAL_FILE};
use crate::Error;

/// Copies a session to another directory, in place of a session that is there. Nobody may have either of them open;
/// each wait for another process takes up to `lock_timeout`.
///
/// Two copies have the same keys: Telegram takes the use of both at once for theft.
pub async fn copy(from: &Path, to: &Path, lock_timeout: Duration) -> Result<(), Error> {
    let source = Lock::acquire(from, lock_timeout).await?;
    let target = Lock::acquire(to, lock_timeout).await?;
    for name in [WAL_FILE, SHM_FILE, JOURNAL_FILE, DATABASE_FILE] {
        let path = to.join(name);
        present(fs::remove_file(&path)).map_err(|source| failed(&path, "replace", source))?;
    }
    // What is in the log goes first: a database without its log is an older one.
    for name in [WAL_FILE, JOURNAL_FILE, DATABASE_FILE] {
        let path = to.join(name);
        // The mode is copied as well.
        if present(fs::copy(from.join(name), &path))
            .map_err(|source| failed(&path, "write", source))?
            .is_some()
        {
            File::open(&path)
                .and_then(|file| file.sync_all())
                .map_err(|source| failed(&path, "write", source))?;
        }
    }
    drop((source, target));
    Ok(())
}

/// `None` where the file does not exist.
fn present<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn failed(path: &Path, what: &'static str, source: io::Error) -> Error {
    Error::SessionAccess {
        path: path.to_owned(),
        what,
        source,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use tempfile::TempDir;

    use super::copy;
    use crate::session::CONTENT;
    use crate::{DcId, Error, Session};

    async fn open(directory: &std::path::Path) -> Session {
        Session::open(directory, DcId(2), Duration::ZERO)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_copy_has_what_the_session_had_and_replaces_what_was_there() {
        let place = TempDir::new().unwrap();
        let (from, to) = (place.path().join("from"), place.path().join("to"));
        for (directory, value) in [(&from, &b"new"[..]), (&to, b"old")] {
            let session = open(directory).await;
            session.set_setting("test", Some(value)).unwrap();
        }
        copy(&from, &to, Duration::ZERO).await.unwrap();
        for directory in [&from, &to] {
            let kept = open(directory).await.setting("test").unwrap();
            assert_eq!(kept.as_deref(), Some(&b"new"[..]));
        }
    }

    #[tokio::test]
    async fn the_journal_of_updates_goes_along() {
        let place = TempDir::new().unwrap();
        let (from, to) = (place.path().join("from"), place.path().join("to"));
        for (directory, number) in [(&from, 1), (&to, 2)] {
            let session = open(directory).await;
            let (mut journal, _) = session.journal(7).unwrap();
            journal.append(&[number; CONTENT]).unwrap();
        }
        copy(&from, &to, Duration::ZERO).await.unwrap();
        let (_, records) = open(&to).await.journal(7).unwrap();
        assert_eq!(records, [[1; CONTENT]]);
    }

    #[tokio::test]
    async fn a_session_that_is_open_is_not_replaced() {
        let place = TempDir::new().unwrap();
        let (from, to) = (place.path().join("from"), place.path().join("to"));
        drop(open(&from).await);
        let session = open(&to).await;
        let error = copy(&from, &to, Duration::ZERO).await.unwrap_err();
        assert!(matches!(error, Error::SessionLocked { .. }), "{error}");
        drop(session);
        copy(&from, &to, Duration::ZERO).await.unwrap();
    }
}
