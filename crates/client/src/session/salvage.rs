//! Recovery of a damaged database: what can be read of it goes into a new one, and it is kept beside that.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, params_from_iter, types::Value};

use super::{Database, Note, login, private};
use crate::{DcId, Error};

/// Behind the database's name: it turned out to be damaged while it was in use.
const SUSPECT: &str = "suspect";
/// Behind the database's name: the one that is being put together.
const UNFINISHED: &str = "recovering";

/// Opens the database, or a new one with what the damaged one still has. Where that is not even a login, the error
/// says so and nothing was changed.
pub(super) fn open(file: &Path) -> Result<(Database, Option<Note>), Error> {
    let suspect = beside(file, SUSPECT);
    let opened = Database::open(file).and_then(|database| {
        // Also reads the pages that a session cannot do without.
        login::State::load(&database, DcId(0), 0)?;
        if suspect.exists() {
            database.check()?;
        }
        Ok(database)
    });
    let outcome = match opened {
        Ok(database) => (database, None),
        Err(Error::SessionCorrupt { file, source, .. }) => match recover(&file)? {
            Some(note) => (Database::open(&file)?, Some(note)),
            None => {
                return Err(Error::SessionCorrupt {
                    file,
                    in_use: false,
                    source,
                });
            }
        },
        Err(error) => return Err(error),
    };
    missing(fs::remove_file(&suspect)).map_err(|source| failed(&suspect, "remove", source))?;
    Ok(outcome)
}

/// Notes that the database has turned out to be damaged, so that it is looked at when it is opened the next time.
pub(super) fn suspect(file: &Path) {
    // Who cannot write there has the error that brought them here.
    drop(private::file(&beside(file, SUSPECT), "note the damage"));
}

/// Puts a new database in the place of a damaged one; `None` where there is nothing to put into it.
fn recover(file: &Path) -> Result<Option<Note>, Error> {
    let unfinished = beside(file, UNFINISHED);
    remove_database(&unfinished)?;
    let Some(peers) = rescue(file, &unfinished)? else {
        remove_database(&unfinished)?;
        return Ok(None);
    };
    fs::File::open(&unfinished)
        .and_then(|file| file.sync_all())
        .map_err(|source| failed(&unfinished, "write", source))?;
    let kept = keep(file)?;
    fs::rename(&unfinished, file).map_err(|source| failed(&unfinished, "rename", source))?;
    Ok(Some(Note::Recovered { kept, peers }))
}

/// Copies what can be read. The number of peers; `None` without a login and its key.
fn rescue(from: &Path, to: &Path) -> Result<Option<u64>, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(damaged) = Connection::open_with_flags(from, flags) else {
        return Ok(None);
    };
    let database = Database::open(to)?;
    let counts = database.with("recover a damaged database", |connection| {
        let transaction = connection.transaction()?;
        let tables = transaction
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            )?
            .query_map((), |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()?;
        for table in tables {
            copy(&damaged, &transaction, &table)?;
        }
        let count = |table: &str| {
            let query = format!("SELECT count(*) FROM {table}");
            transaction.query_row(&query, (), |row| row.get::<_, u64>(0))
        };
        let counts = (count("auth_key")?, count("login")?, count("peer")?);
        transaction.commit()?;
        Ok(counts)
    })?;
    database.close();
    Ok(match counts {
        (0, _, _) | (_, 0, _) => None,
        (_, _, peers) => Some(peers),
    })
}

/// Copies a table from both its ends up to what cannot be read. Only errors of the new one count.
fn copy(damaged: &Connection, new: &Connection, table: &str) -> rusqlite::Result<()> {
    let Ok(columns) = damaged
        .prepare(&format!("SELECT * FROM {table} LIMIT 0"))
        .map(|statement| statement.column_names().join(", "))
    else {
        return Ok(());
    };
    let keys = new
        .prepare("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk")?
        .query_map([table], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    let marks = vec!["?"; columns.split(", ").count()].join(", ");
    let insert = format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})");
    let Ok(mut insert) = new.prepare(&insert) else {
        return Ok(());
    };
    for direction in ["ASC", "DESC"] {
        let order: Vec<_> = keys
            .iter()
            .map(|key| format!("{key} {direction}"))
            .collect();
        let order = order.join(", ");
        // An index may be what is damaged.
        let query = format!("SELECT {columns} FROM {table} NOT INDEXED ORDER BY {order}");
        let Ok(mut statement) = damaged.prepare(&query) else {
            return Ok(());
        };
        let width = statement.column_count();
        let Ok(mut rows) = statement.query(()) else {
            continue;
        };
        let mut is_whole = false;
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    let row: rusqlite::Result<Vec<Value>> =
                        (0..width).map(|index| row.get(index)).collect();
                    if let Ok(row) = row {
                        // What a constraint refuses is damaged as well.
                        insert_row(&mut insert, row)?;
                    }
                }
                Ok(None) => {
                    is_whole = true;
                    break;
                }
                Err(_) => break,
            }
        }
        if is_whole {
            break;
        }
    }
    Ok(())
}

fn insert_row(insert: &mut rusqlite::Statement<'_>, row: Vec<Value>) -> rusqlite::Result<()> {
    match insert.execute(params_from_iter(row)) {
        Err(error)
            if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) =>
        {
            Ok(())
        }
        outcome => outcome.map(drop),
    }
}

/// Gives the damaged database another name beside its own, and frees the place for the new one.
fn keep(file: &Path) -> Result<PathBuf, Error> {
    let kept = (1..1000)
        .map(|number: u32| beside(file, &format!("damaged-{number}")))
        .find(|path| fs::symlink_metadata(path).is_err())
        .unwrap_or_else(|| beside(file, "damaged"));
    fs::hard_link(file, &kept).map_err(|source| failed(&kept, "keep the database as", source))?;
    let log = log_of(file, "wal");
    let kept_log = log_of(&kept, "wal");
    missing(fs::rename(&log, &kept_log))
        .map_err(|source| failed(&kept_log, "keep the log as", source))?;
    let index = log_of(file, "shm");
    missing(fs::remove_file(&index)).map_err(|source| failed(&index, "remove", source))?;
    Ok(kept)
}

fn remove_database(file: &Path) -> Result<(), Error> {
    for path in [log_of(file, "wal"), log_of(file, "shm"), file.to_owned()] {
        missing(fs::remove_file(&path)).map_err(|source| failed(&path, "remove", source))?;
    }
    Ok(())
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// The files that `SQLite` keeps beside a database.
fn log_of(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-");
    name.push(suffix);
    name.into()
}

/// That a file is not there is no failure.
fn missing(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

fn failed(path: &Path, what: &'static str, source: io::Error) -> Error {
    Error::SessionAccess {
        path: path.to_owned(),
        what,
        source,
    }
}
