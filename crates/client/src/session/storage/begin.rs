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
use crate::Authorization;
use crate::Error;
use crate::error::Cause;
use crate::session::{DATABASE_FILE, tables};

/// How often a lease that is another's is tried again.
const TRY: Duration = Duration::from_millis(200);
/// How long one question to the server may take; a whole session takes longer.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(120);
/// Why a question failed that took longer.
pub(super) const TOO_LONG: &str = "it does not answer";
/// What is known of the server's side: its epoch and revision.
const STATE: &str = "storage.state";
/// Which state of the server's side, written by another machine, was taken over last.
pub(in crate::session) const TAKEN: &str = "storage.taken";
/// The name of a session that got none.
const NAME: &str = "storage.name";

/// What is known before the server was asked.
pub(super) struct Begin {
    pub(super) storage: Storage,
    pub(super) description: Arc<str>,
    pub(super) directory: PathBuf,
    pub(super) patience: Duration,
}

impl Begin {
    /// Opens the database, takes the lease and makes both sides the same.
    pub(super) async fn run(self) -> Result<Carrier, Error> {
        let file = self.directory.join(DATABASE_FILE);
        let local = |source: rusqlite::Error| Error::Database {
            file: file.clone(),
            what: "prepare it for a server",
            source: source.into(),
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&file, flags).map_err(local)?;
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
            is_durable: true,
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
        match head {
            // Nobody else has written since we did.
            Some(head) if is_ours(&head) => {
                self.epoch = head.epoch;
                self.revision = head.revision;
                local::install(&self.connection, &self.tables)?;
                self.push(true).await?;
            }
            Some(head) => {
                let known = known_of(&head).map(|(_, revision)| *revision);
                let since = known.filter(|since| *since >= head.floor);
                if !self.take_over(&head, since, known.is_none()).await? {
                    // It was logged out by a process that did not live to remove it.
                    self.backend.forget(self.token).await?;
                    self.tell_all().await?;
                }
            }
            None => self.tell_all().await?,
        }
        self.seen = self.data_version()?;
        Ok(())
    }

    /// Begins anew at the server, with what the directory has.
    async fn tell_all(&mut self) -> Result<(), Cause> {
        self.epoch = random_name();
        local::install(&self.connection, &self.tables)?;
        let (rows, last) = {
            // Other processes may be writing.
            let reading = self.connection.unchecked_transaction()?;
            let rows = local::everything(&reading, &self.tables)?;
            (rows, local::last(&reading)?)
        };
        self.write(&rows, last, true).await.map(drop)
    }

    /// Takes over what another machine has written, since a revision or all of it. False where that is the login's end: then
    /// the directory has nothing any more, either.
    async fn take_over(
        &mut self,
        head: &Head,
        mut since: Option<u64>,
        is_strange: bool,
    ) -> Result<bool, Cause> {
        local::install(&self.connection, &self.tables)?;
        loop {
            if local::is_pending(&self.connection)? {
                since = None;
            }
            let mut rows = self.backend.rows(since.unwrap_or(0)).await?;
            let login = login_in(&rows)?;
            let is_over =
                matches!(login, Some((state, _)) if state == Authorization::LoggedOut as i64);
            if is_over {
                (rows, since) = (Vec::new(), None);
            } else if is_strange {
                self.check_login(login)?;
            }
            self.epoch.clone_from(&head.epoch);
            self.revision = head.revision;
            let transaction = self.connection.unchecked_transaction()?;
            // From here on no other process writes.
            note(&transaction, &self.epoch, self.revision)?;
            if since.is_some() && local::is_pending(&transaction)? {
                continue;
            }
            local::apply(&transaction, &self.tables, &rows, since.is_none())?;
            let taken = format!("{} {}", head.epoch, head.revision);
            store_setting(&transaction, TAKEN, &taken)?;
            transaction.commit()?;
            return Ok(!is_over);
        }
    }

    /// Refuses to lose a login of the directory's own to another that the server has.
    fn check_login(&self, theirs: Option<(i64, Option<i64>)>) -> Result<(), Cause> {
        let own = login(&self.connection)?;
        let logged_in = Authorization::LoggedIn as i64;
        let user = |login: Option<(i64, Option<i64>)>| {
            let login = login.filter(|(state, _)| *state == logged_in);
            login.and_then(|(_, user)| user)
        };
        let Some(own) = user(own) else { return Ok(()) };
        let theirs = user(theirs);
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

/// The state of a login and its user.
fn login(connection: &Connection) -> rusqlite::Result<Option<(i64, Option<i64>)>> {
    connection
        .query_row("SELECT state, user_id FROM login", (), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
}

/// The same of what a server has.
fn login_in(rows: &[Row]) -> Result<Option<(i64, Option<i64>)>, Cause> {
    let Some(row) = rows.iter().find(|row| row.table == "login") else {
        return Ok(None);
    };
    let mut other = Connection::open_in_memory()?;
    tables::migrate(&mut other, Path::new(":memory:"))?;
    let tables = local::tables(&other)?;
    local::install(&other, &tables)?;
    local::apply(&other, &tables, std::slice::from_ref(row), false)?;
    Ok(login(&other)?)
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

pub(super) fn setting(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
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
