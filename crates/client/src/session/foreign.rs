//! Logins in the sessions of other clients. The files of Telethon and Pyrogram are SQLite databases with one table alike; both
//! also write a session as one string (<https://docs.telethon.dev/en/stable/concepts/sessions.html>,
//! <https://docs.pyrogram.org/topics/storage-engines>).

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::convert::base64;
use crate::{DcId, Error};

/// Bytes of an authorization key.
const KEY: usize = 256;

/// A login as another client has stored it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignLogin {
    /// The DC that the account lives on.
    pub home: DcId,
    /// The keys by DC. Whoever has them is the user.
    pub keys: Vec<(DcId, Vec<u8>)>,
    /// Whether it is a login of the test servers; `None` where the session does not say.
    pub test: Option<bool>,
}

/// The login in a session file of Telethon or Pyrogram, which stays as it is.
///
/// Telegram takes the use of one key by two clients at once for theft: the other one must not run any more.
pub fn login_of(file: &Path) -> Result<ForeignLogin, Error> {
    let failed = |source: rusqlite::Error| Error::Database {
        file: file.to_owned(),
        what: "read the login",
        source: source.into(),
    };
    let foreign = || Error::SessionForeign {
        file: file.to_owned(),
    };
    if let Err(source) = std::fs::metadata(file) {
        return Err(Error::SessionAccess {
            path: file.to_owned(),
            what: "read",
            source,
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = Connection::open_with_flags(file, flags).map_err(failed)?;
    let keys = database
        .prepare("SELECT dc_id, auth_key FROM sessions")
        .and_then(|mut rows| {
            rows.query_map((), |row| {
                let key = row.get::<_, Option<Vec<u8>>>(1)?.unwrap_or_default();
                Ok((DcId(row.get(0)?), key))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()
        })
        .map_err(|source| match source.to_string() {
            // Table or column.
            text if text.contains("no such") => foreign(),
            _ => failed(source),
        })?;
    // Only Pyrogram has the column.
    let test = database
        .query_row("SELECT test_mode FROM sessions", (), |row| row.get(0))
        .unwrap_or(None);
    let &(home, _) = keys.last().ok_or_else(foreign)?;
    Ok(ForeignLogin { home, keys, test })
}

/// The login in a session string of Telethon or Pyrogram; `None` where the text is neither.
pub fn login_in(text: &str) -> Option<ForeignLogin> {
    let telethon = text.strip_prefix('1').and_then(decode);
    telethon
        .and_then(|bytes| login_of_telethon(&bytes))
        .or_else(|| login_of_pyrogram(&decode(text)?))
}

/// The DC, its address, its port and the key.
fn login_of_telethon(bytes: &[u8]) -> Option<ForeignLogin> {
    const IPV4: usize = 1 + 4 + 2 + KEY;
    const IPV6: usize = 1 + 16 + 2 + KEY;
    if !matches!(bytes.len(), IPV4 | IPV6) {
        return None;
    }
    let key = bytes.last_chunk::<KEY>()?;
    login(*bytes.first()?, key, None)
}

/// The DC, in newer ones the application's id, whether it is a test server, the key, the user's id and whether it is a bot.
fn login_of_pyrogram(bytes: &[u8]) -> Option<ForeignLogin> {
    const SHORT_IDS: usize = 1 + 1 + KEY + 4 + 1;
    const LONG_IDS: usize = 1 + 1 + KEY + 8 + 1;
    const WITH_APP: usize = 1 + 4 + 1 + KEY + 8 + 1;
    let behind_app = match bytes.len() {
        SHORT_IDS | LONG_IDS => bytes.get(1..)?,
        WITH_APP => bytes.get(5..)?,
        _ => return None,
    };
    let (&test, behind) = behind_app.split_first()?;
    login(
        *bytes.first()?,
        behind.first_chunk::<KEY>()?,
        Some(test != 0),
    )
}

fn login(dc: u8, key: &[u8; KEY], test: Option<bool>) -> Option<ForeignLogin> {
    let home = DcId(dc.into());
    // There are five; a text of the right length that is something else mostly names another.
    (1..10).contains(&dc).then(|| ForeignLogin {
        home,
        keys: vec![(home, key.to_vec())],
        test,
    })
}

/// Base64 for links, with or without padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_+/".contains(letter);
    if !text.chars().all(fits) {
        return None;
    }
    Some(base64::decode(
        text.replace('-', "+").replace('_', "/").as_bytes(),
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::io;

    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::{ForeignLogin, login_in, login_of};
    use crate::convert::base64;
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
        for (statements, test) in [(telethon, None), (pyrogram, Some(false))] {
            let directory = TempDir::new().unwrap();
            let login = login_of(&database(&directory, statements)).unwrap();
            let keys = vec![(DcId(4), vec![1, 2])];
            let home = DcId(4);
            assert_eq!(login, ForeignLogin { home, keys, test });
        }
    }

    /// A string as Python's `struct.pack` and `urlsafe_b64encode` make it.
    fn string(parts: &[&[u8]]) -> String {
        base64::encode_url(&parts.concat())
    }

    #[test]
    fn a_login_is_found_in_the_strings_of_telethon_and_pyrogram() {
        let key = [0xfb; 256];
        let telethon = |address: &[u8]| {
            let padded = string(&[&[4], address, &443_u16.to_be_bytes(), &key]) + "==";
            login_in(&format!("1{padded}")).unwrap()
        };
        let pyrogram = |parts: &[&[u8]]| login_in(&string(parts)).unwrap();
        let found = |test| ForeignLogin {
            home: DcId(4),
            keys: vec![(DcId(4), key.to_vec())],
            test,
        };
        assert_eq!(telethon(&[149, 154, 167, 91]), found(None));
        assert_eq!(telethon(&[1; 16]), found(None));
        let ends: [&[u8]; 2] = [&[0, 0, 0, 7, 1], &[0, 0, 0, 0, 0, 0, 0, 7, 1]];
        for end in ends {
            assert_eq!(pyrogram(&[&[4, 1], &key, end]), found(Some(true)));
        }
        let app = [0, 0, 0, 9];
        assert_eq!(
            pyrogram(&[&[4], &app, &[0], &key, ends[1]]),
            found(Some(false))
        );
    }

    #[test]
    fn other_strings_are_refused() {
        let of_no_dc = string(&[&[0, 0], &[1; 256], &[0; 5]]);
        let short = string(&[&[4, 0], &[1; 256], &[0; 4]]);
        for text in [
            "",
            "1",
            "a.session",
            "ü",
            &of_no_dc,
            &short,
            &format!("1{short}"),
        ] {
            assert_eq!(login_in(text), None, "{text}");
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
