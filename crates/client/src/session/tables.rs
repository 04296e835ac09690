//! The database's tables and how older versions of them are brought up to date.

use std::path::Path;

use rusqlite::Connection;

use super::database::failure;
use super::{journal, temporary};
use crate::{Error, info, peers, updates};

/// Marks the file as ours (`MdlP` in ASCII), so that another program's database is not taken for a session.
const APPLICATION_ID: i64 = 0x4d64_6c50;

/// Statements that lead from version n to n + 1. Never change an entry that was released: append one.
const MIGRATIONS: &[&[&str]] = &[
    &[TABLES, peers::SCHEMA],
    &[temporary::SCHEMA],
    &[info::SCHEMA],
    &[updates::SCHEMA],
    &[updates::AHEAD],
    &[journal::SCHEMA],
];

/// The session's own tables.
const TABLES: &str = "
    CREATE TABLE auth_key (
        dc INTEGER NOT NULL,
        test INTEGER NOT NULL,
        key BLOB NOT NULL CHECK (length(key) = 256),
        PRIMARY KEY (dc, test)
    ) WITHOUT ROWID;
    CREATE TABLE dc_address (
        dc INTEGER NOT NULL,
        test INTEGER NOT NULL,
        position INTEGER NOT NULL,
        address TEXT NOT NULL,
        PRIMARY KEY (dc, test, position)
    ) WITHOUT ROWID;
    CREATE TABLE login (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        state INTEGER NOT NULL,
        home_dc INTEGER NOT NULL,
        user_id INTEGER,
        bot INTEGER NOT NULL DEFAULT 0,
        user BLOB,
        phone_number TEXT,
        phone_code_hash TEXT,
        password BLOB
    );
    CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE update_state (
        channel INTEGER PRIMARY KEY,
        pts INTEGER NOT NULL,
        qts INTEGER NOT NULL,
        date INTEGER NOT NULL,
        seq INTEGER NOT NULL
    );
";

/// Creates missing tables and migrates old ones; each version in one transaction.
pub(super) fn migrate(connection: &mut Connection, file: &Path) -> Result<(), Error> {
    let describe = |source| failure(file, "open the tables", source);
    let supported = MIGRATIONS.len() as i64;
    let (application, found, objects) = identity(connection).map_err(describe)?;
    if application != APPLICATION_ID && (application != 0 || objects != 0) {
        return Err(Error::SessionForeign {
            file: file.to_owned(),
        });
    }
    if found > supported {
        return Err(Error::SessionVersion {
            file: file.to_owned(),
            found,
            supported,
        });
    }
    let done = usize::try_from(found).unwrap_or(0);
    for (index, scripts) in MIGRATIONS.iter().enumerate().skip(done) {
        apply(connection, scripts, index as i64 + 1).map_err(describe)?;
    }
    Ok(())
}

fn identity(connection: &Connection) -> rusqlite::Result<(i64, i64, i64)> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    let objects =
        connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    Ok((pragma("application_id")?, pragma("user_version")?, objects))
}

fn apply(connection: &mut Connection, scripts: &[&str], version: i64) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for script in scripts {
        transaction.execute_batch(script)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}
