//! Logins in the session files of other clients: Telethon's and Pyrogram's are SQLite databases with one table alike.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::{DcId, Error};

/// The main DC and the authorization key in a session file of Telethon or Pyrogram, which stays as it is.
///
/// Telegram takes the use of one key by two clients at once for theft: the other one must not run any more.
pub fn login_of(file: &Path) -> Result<(DcId, Vec<u8>), Error> {
    let failed = |source: rusqlite::Error| Error::Database {
        file: file.to_owned(),
        what: "read the login",
        source: source.into(),
    };
    if let Err(source) = std::fs::metadata(file) {
        return Err(Error::SessionAccess {
            path: file.to_owned(),
            what: "read",
            source,
        });
    }
    let database =
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    let login = database
        .prepare("SELECT dc_id, auth_key FROM sessions")
        .and_then(|mut rows| {
            rows.query_row((), |row| {
                Ok((row.get(0)?, row.get::<_, Option<Vec<u8>>>(1)?))
            })
            .optional()
        });
    match login {
        Ok(Some((dc, key))) => Ok((DcId(dc), key.unwrap_or_default())),
        Ok(None) => Err(Error::SessionForeign {
            file: file.to_owned(),
        }),
        // Table or column.
        Err(source) if source.to_string().contains("no such") => Err(Error::SessionForeign {
            file: file.to_owned(),
        }),
        Err(source) => Err(failed(source)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::io;

    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::login_of;
    use crate::{DcId, Error};

    fn database(directory: &TempDir, statements: &str) -> std::path::PathBuf {
        let file = directory.path().join("other.session");
        Connection::open(&file)
            .unwrap()
            .execute_batch(statements)
            .unwrap();
        file
    }

    #[test]
    fn a_login_of_telethon_or_pyrogram_is_found() {
        let telethon = "CREATE TABLE sessions (dc_id integer primary key, server_address text, port integer, auth_key blob,
            takeout_id integer); INSERT INTO sessions VALUES (4, '149.154.167.91', 443, x'0102', NULL)";
        let pyrogram = "CREATE TABLE sessions (dc_id INTEGER PRIMARY KEY, api_id INTEGER, test_mode INTEGER, auth_key BLOB,
            date INTEGER, user_id INTEGER, is_bot INTEGER); INSERT INTO sessions VALUES (4, 1, 0, x'0102', 0, 7, 0)";
        for statements in [telethon, pyrogram] {
            let directory = TempDir::new().unwrap();
            let login = login_of(&database(&directory, statements)).unwrap();
            assert_eq!(login, (DcId(4), vec![1, 2]));
        }
    }

    #[test]
    fn other_files_are_refused() {
        for statements in [
            "CREATE TABLE other (x)",
            "CREATE TABLE sessions (x)",
            "CREATE TABLE sessions (dc_id, auth_key)",
        ] {
            let directory = TempDir::new().unwrap();
            let error = login_of(&database(&directory, statements)).unwrap_err();
            assert!(matches!(error, Error::SessionForeign { .. }), "{error}");
        }
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("text");
        std::fs::write(
            &file,
            "not a database, but long enough to be looked at".repeat(50),
        )
        .unwrap();
        let error = login_of(&file).unwrap_err();
        assert!(matches!(error, Error::Database { .. }), "{error}");
        let error = login_of(&directory.path().join("missing")).unwrap_err();
        assert!(
            matches!(&error, Error::SessionAccess { source, .. } if source.kind() == io::ErrorKind::NotFound),
            "{error}"
        );
    }
}
