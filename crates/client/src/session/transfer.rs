//! Giving a session another place, as scripts do that name their session at the end.

use std::fs;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use super::lock::Lock;
use super::{DATABASE_FILE, JOURNAL_FILE, SHM_FILE, WAL_FILE, private, salvage};
use crate::Error;

/// The name of the new database until it is whole.
const UNFINISHED_FILE: &str = "session.sqlite-copy";

/// Copies a session to another directory, in place of a session that is there. The error says which of them another process
/// leads ([`Error::SessionLocked`]); whoever has the former one at `to` open otherwise finds out at the next use.
///
/// Two copies have the same keys: Telegram takes the use of both at once for theft.
pub(crate) async fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let source = Lock::acquire(from, Duration::ZERO).await?;
    let target = Lock::acquire(to, Duration::ZERO).await?;
    let (database, unfinished) = (from.join(DATABASE_FILE), to.join(UNFINISHED_FILE));
    let is_there = present(fs::metadata(&database))
        .map_err(|source| failed(&database, "read", source))?
        .is_some();
    // The journal first: records that the database knows of already do no harm.
    let journal = present(fs::read(from.join(JOURNAL_FILE)))
        .map_err(|source| failed(&from.join(JOURNAL_FILE), "read", source))?;
    if is_there {
        write_database(&database, &unfinished)?;
    }
    for name in [WAL_FILE, SHM_FILE, JOURNAL_FILE, DATABASE_FILE] {
        let path = to.join(name);
        present(fs::remove_file(&path)).map_err(|source| failed(&path, "replace", source))?;
    }
    if let Some(journal) = journal {
        let path = to.join(JOURNAL_FILE);
        let mut file = private::file(&path, "write the journal")?;
        file.write_all(&journal)
            .and_then(|()| file.sync_all())
            .map_err(|source| failed(&path, "write", source))?;
    }
    if is_there {
        let path = to.join(DATABASE_FILE);
        fs::rename(&unfinished, &path).map_err(|source| failed(&path, "replace", source))?;
    }
    drop((source, target));
    Ok(())
}

/// Writes what a database has at one moment: other processes may have it open, and write to it meanwhile.
fn write_database(database: &Path, to: &Path) -> Result<(), Error> {
    present(fs::remove_file(to)).map_err(|source| failed(to, "replace", source))?;
    let file = private::file(to, "write the database")?;
    let (database, _) = salvage::open(database)?;
    let name = to.as_os_str().as_bytes().to_vec();
    database.with("copy the session", |connection| {
        // As text: paths need not be UTF-8.
        connection.execute("VACUUM INTO CAST(?1 AS TEXT)", [name])
    })?;
    file.sync_all()
        .map_err(|source| failed(to, "write", source))
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

    use std::fs;
    use std::os::unix::fs::MetadataExt;
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
        copy(&from, &to).await.unwrap();
        for directory in [&from, &to] {
            let kept = open(directory).await.setting("test").unwrap();
            assert_eq!(kept.as_deref(), Some(&b"new"[..]));
        }
    }

    #[tokio::test]
    async fn what_another_process_has_not_closed_is_copied_as_it_is_at_the_moment() {
        let place = TempDir::new().unwrap();
        let (from, to) = (place.path().join("from"), place.path().join("to"));
        let owner = open(&from).await;
        let other = Session::join(&from, DcId(2)).unwrap().unwrap();
        drop(owner);
        for number in 0..200_u8 {
            other.set_setting("test", Some(&[number])).unwrap();
        }
        copy(&from, &to).await.unwrap();
        other.set_setting("test", Some(&[200])).unwrap();
        let kept = open(&to).await.setting("test").unwrap();
        assert_eq!(kept, Some(vec![199]));
        let mode = |name| fs::metadata(to.join(name)).unwrap().mode() & 0o777;
        assert_eq!(mode(super::DATABASE_FILE), 0o600);
    }

    #[tokio::test]
    async fn whoever_has_the_replaced_session_open_does_not_lead_it_any_more() {
        let place = TempDir::new().unwrap();
        let (from, to) = (place.path().join("from"), place.path().join("to"));
        drop(open(&from).await);
        let owner = open(&to).await;
        let other = Session::join(&to, DcId(2)).unwrap().unwrap();
        drop(owner);
        copy(&from, &to).await.unwrap();
        let error = other.take_lock().unwrap_err();
        assert!(error.to_string().contains("replaced"), "{error}");
        assert!(open(&to).await.has_lock());
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
        copy(&from, &to).await.unwrap();
        let (_, records) = open(&to).await.journal(7).unwrap();
        assert_eq!(records, [[1; CONTENT]]);
    }

    #[tokio::test]
    async fn a_session_that_is_open_is_not_replaced() {
        let place = TempDir::new().unwrap();
        let (from, to) = (place.path().join("from"), place.path().join("to"));
        drop(open(&from).await);
        let session = open(&to).await;
        let error = copy(&from, &to).await.unwrap_err();
        assert!(matches!(error, Error::SessionLocked { .. }), "{error}");
        drop(session);
        copy(&from, &to).await.unwrap();
    }
}
