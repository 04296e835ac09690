//! The beginning of a shared session: the lease, and the same content on both sides.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use madeline_mtproto::random::{OsRandom, Random};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use tokio::time::{Instant, sleep, timeout};

use super::carrier::Carrier;
use super::local::{self, LEFT, PRIVATE};
use super::{Head, Lease, Row, Storage};
use crate::Error;
use crate::error::Cause;
use crate::session::tables;

/// How often a lease that is another's is tried again.
const TRY: Duration = Duration::from_millis(200);
/// How long one question to the server may take; a whole session takes longer.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(120);
/// Why a question failed that took longer.
pub(super) const TOO_LONG: &str = "it does not answer";
/// What is known of the server's side: its epoch and revision.
const STATE: &str = "storage.state";
/// The name of a session that got none.
const NAME: &str = "storage.name";

/// What is known before the server was asked.
pub(super) struct Begin {
    pub(super) storage: Storage,
    pub(super) description: Arc<str>,
    pub(super) directory: PathBuf,
    pub(super) file: PathBuf,
    pub(super) patience: Duration,
}

impl Begin {
    /// Opens the database, takes the lease and makes both sides the same.
    pub(super) async fn run(self) -> Result<Carrier, Error> {
        let local = |source: rusqlite::Error| Error::Database {
            file: self.file.clone(),
            what: "prepare it for a server",
            source: source.into(),
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags).map_err(local)?;
        connection.busy_timeout(PATIENCE).map_err(local)?;
        let name = match &self.storage.name {
            Some(name) => name.clone(),
            None => own_name(&connection).map_err(local)?,
        };
        let owner = owner(&self.directory);
        let mut backend = self.storage.backend(name);
        self.ask("connect to it", PATIENCE, backend.prepare())
            .await?;
        let started = Instant::now();
        let token = loop {
            let lease = backend.acquire(&owner);
            match self
                .ask("take the session's lease", PATIENCE, lease)
                .await?
            {
                Lease::Held(token) => break token,
                Lease::Taken(holder) if started.elapsed() >= self.patience => {
                    // Without what only tells owners apart.
                    let holder = holder.split(" (").next().unwrap_or_default().to_owned();
                    return Err(Error::SessionLeased {
                        path: self.directory,
                        server: self.description.to_string(),
                        holder,
                        seconds: (self.patience.as_secs_f64() * 10.0).round() / 10.0,
                    });
                }
                Lease::Taken(_) => sleep(TRY).await,
            }
        };
        let mut carrier = Carrier {
            tables: Vec::new(),
            revision: 0,
            epoch: String::new(),
            version: 0,
            owner,
            token,
            connection,
            backend,
            lease: self.storage.lease,
            renewed: started,
            seen: 0,
        };
        let synchronized = match timeout(WHOLE, carrier.synchronize()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(TOO_LONG.into()),
        };
        if let Err(source) = synchronized {
            let _ = timeout(PATIENCE, carrier.backend.release(token)).await;
            return Err(self.failed("synchronize the session", source));
        }
        Ok(carrier)
    }

    async fn ask<T>(
        &self,
        what: &'static str,
        patience: Duration,
        question: impl Future<Output = Result<T, Cause>>,
    ) -> Result<T, Error> {
        let outcome = match timeout(patience, question).await {
            Ok(outcome) => outcome,
            Err(_) => Err(TOO_LONG.into()),
        };
        outcome.map_err(|source| self.failed(what, source))
    }

    pub(super) fn failed(&self, what: &'static str, source: Cause) -> Error {
        Error::Storage {
            server: self.description.to_string(),
            what,
            source,
        }
    }
}

impl Carrier {
    /// Makes the session's database and the server's the same.
    async fn synchronize(&mut self) -> Result<(), Cause> {
        let connection = &self.connection;
        self.version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        self.tables = local::tables(connection)?;
        let known = setting(connection, STATE)?.and_then(|state| parse(&state));
        let mut head = self.backend.head().await?;
        if let Some(head) = &head
            && head.version > self.version
        {
            return Err(format!(
                "it has version {} of the session's tables, written by a newer release; this one understands {}",
                head.version, self.version
            )
            .into());
        }
        let known_of = |head: &Head| known.as_ref().filter(|(epoch, _)| *epoch == head.epoch);
        let is_ours = |head: &Head| {
            known_of(head).is_some_and(|(_, revision)| {
                *revision == head.revision || head.writer == self.owner
            })
        };
        if setting(connection, LEFT)?.is_some() {
            // What the server has is older.
            if head.as_ref().is_some_and(is_ours) {
                self.backend.forget(self.token).await?;
                head = None;
            }
            self.connection
                .execute("DELETE FROM setting WHERE name = ?", [LEFT])?;
        }
        match &head {
            None => {
                self.epoch = random_name();
                local::install(&self.connection, &self.tables)?;
                let rows = local::everything(&self.connection, &self.tables)?;
                let last = local::last(&self.connection)?;
                self.write(&rows, last, true).await?;
            }
            // Nobody else has written since we did.
            Some(head) if is_ours(head) => {
                self.epoch.clone_from(&head.epoch);
                self.revision = head.revision;
                local::install(&self.connection, &self.tables)?;
                self.push(true).await?;
            }
            Some(head) => {
                let since = known_of(head).map(|(_, revision)| *revision);
                if since.is_none() {
                    self.check_login().await?;
                }
                self.epoch.clone_from(&head.epoch);
                self.revision = head.revision;
                local::install(&self.connection, &self.tables)?;
                let is_behind = local::changes(&self.connection, &self.tables)?.is_none();
                let since = since.filter(|since| is_behind && *since >= head.floor);
                let rows = self.backend.rows(since.unwrap_or(0)).await?;
                let transaction = self.connection.unchecked_transaction()?;
                local::apply(&transaction, &self.tables, &rows, since.is_none())?;
                note(&transaction, &self.epoch, self.revision)?;
                transaction.commit()?;
            }
        }
        self.seen = self.data_version()?;
        Ok(())
    }

    /// Refuses to lose a login of the directory's own to another that the server has.
    async fn check_login(&mut self) -> Result<(), Cause> {
        let own: Option<i64> = self
            .connection
            .query_row("SELECT user_id FROM login WHERE state = 3", (), |row| {
                row.get(0)
            })
            .optional()?;
        let Some(own) = own else { return Ok(()) };
        let rows = self.backend.rows(0).await?;
        let mut other = Connection::open_in_memory()?;
        tables::migrate(&mut other, Path::new(":memory:"))?;
        let tables = local::tables(&other)?;
        local::install(&other, &tables)?;
        let logins: Vec<Row> = rows
            .into_iter()
            .filter(|row| row.table == "login")
            .collect();
        local::apply(&other, &tables, &logins, false)?;
        let theirs: Option<i64> = other
            .query_row("SELECT user_id FROM login WHERE state = 3", (), |row| {
                row.get(0)
            })
            .optional()?;
        if theirs == Some(own) {
            return Ok(());
        }
        let who = theirs.map_or("nobody".to_owned(), |id| format!("user {id}"));
        Err(format!(
            "it has the session of another login ({who}) under this name, and the directory one of user {own}: use another name \
             (setEphemeralFilesystemPrefix) or another directory"
        )
        .into())
    }
}

fn own_name(connection: &Connection) -> rusqlite::Result<String> {
    debug_assert!(NAME.starts_with(PRIVATE) && STATE.starts_with(PRIVATE));
    if let Some(name) = setting(connection, NAME)? {
        return Ok(name);
    }
    let name = random_name();
    store_setting(connection, NAME, &name)?;
    Ok(name)
}

/// Notes how far the server's side is.
pub(super) fn note(connection: &Connection, epoch: &str, revision: u64) -> rusqlite::Result<()> {
    store_setting(connection, STATE, &format!("{epoch} {revision}"))
}

fn setting(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let value: Option<Vec<u8>> = connection
        .query_row("SELECT value FROM setting WHERE name = ?", [name], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(value.and_then(|value| String::from_utf8(value).ok()))
}

fn store_setting(connection: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)")?
        .execute((name, value.as_bytes()))
        .map(drop)
}

fn parse(state: &str) -> Option<(String, u64)> {
    let (epoch, revision) = state.split_once(' ')?;
    Some((epoch.to_owned(), revision.parse().ok()?))
}

pub(super) fn random_name() -> String {
    let mut bytes = [0; 16];
    OsRandom.fill(&mut bytes);
    format!("{:032x}", u128::from_le_bytes(bytes))
}

/// This directory of this machine since it was started, in words that tell people which machine it is. Whoever comes
/// after us in the directory is the same, and need not wait for the lease's end.
pub(super) fn owner(directory: &Path) -> String {
    let system = rustix::system::uname();
    let machine = system.nodename().to_string_lossy().into_owned();
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let boot = boot.trim();
    let place = fs::metadata(directory).map_or((0, 0), |it| (it.dev(), it.ino()));
    let path = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    format!(
        "{machine}, {} ({boot} {:x}:{:x})",
        path.display(),
        place.0,
        place.1
    )
}
