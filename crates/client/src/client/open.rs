//! Opening a session: once per process, in as many processes as want it.
//!
//! A script may hold several objects of one session; they share what was opened first. Where another process has the
//! session's connections, this one's calls go through it.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Client, Inner};
use crate::engine::{Engine, Joined, SharedEngine};
use crate::updates::Inbox;
use crate::{Authorization, Config, Error, Session};

/// How often a session that is in use is tried again.
pub(super) const POLL: Duration = Duration::from_millis(10);
/// How long the process that has a session may take to greet back, at least.
pub(super) const GREETING: Duration = Duration::from_secs(1);

/// What this process has open.
static OPEN: Mutex<Vec<(Directory, Weak<Inner>)>> = Mutex::new(Vec::new());

/// A directory, whatever path leads to it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Directory {
    device: u64,
    inode: u64,
}

impl Client {
    /// Opens a session directory, creating it when it does not exist. Connections are made by the first call.
    ///
    /// A process that holds the session and serves nobody is waited for, for [`Config::lock_timeout`]; dropping the future
    /// ends the wait. A session that this process has open already is shared, if both want the same servers,
    /// ways to them, layer and engine; the connections stay as they were configured first.
    pub async fn open(directory: &Path, config: Config) -> Result<Client, Error> {
        let started = Instant::now();
        let config = Arc::new(config);
        loop {
            if let Some(inner) = find(directory, &config) {
                inner.engine.rest(false);
                return Ok(Client { inner, config });
            }
            let left = config.lock_timeout.saturating_sub(started.elapsed());
            let error = match Session::open(directory, config.default_dc, Duration::ZERO).await {
                Ok(session) => {
                    if let Some(storage) = &config.storage {
                        session.share(storage, left).await?;
                    }
                    return register(session, config, None);
                }
                Err(error @ Error::SessionLocked { .. }) => error,
                Err(error) => return Err(error),
            };
            // One that has the lock and cannot be spoken to may end.
            let error = match Joined::find(directory, left.max(GREETING)).await {
                Ok(Some(joined)) => match Session::join(directory, config.default_dc)? {
                    Some(session) => {
                        session.follow(config.storage.as_ref());
                        return register(session, config, Some(joined));
                    }
                    None => error,
                },
                Ok(None) => error,
                Err(error) => error,
            };
            if left.is_zero() {
                return Err(match error {
                    Error::SessionLocked {
                        path, pid, command, ..
                    } => Error::SessionLocked {
                        path,
                        pid,
                        command,
                        seconds: config.lock_timeout.as_secs_f64(),
                    },
                    error => error,
                });
            }
            sleep(POLL.min(left)).await;
        }
    }

    /// The same session with another configuration. Where nobody else uses this client, the session stays open and
    /// locked; connections are made anew.
    pub async fn reopen(self, config: Config) -> Result<Client, Error> {
        let directory = self.session().directory().to_owned();
        let is_alone = Arc::strong_count(&self.inner) == 1;
        let session = self.session().clone();
        if is_alone && session.has_lock() && self.config.storage == config.storage {
            // Before the lock can be taken by another process, and after the former connections' place is free.
            session.keeping_lock(|| drop(self));
            return register(session, Arc::new(config), None);
        }
        drop(session);
        self.close().await;
        Client::open(&directory, config).await
    }
}

impl Directory {
    fn of(path: &Path) -> Option<Directory> {
        let metadata = fs::metadata(path).ok()?;
        Some(Directory {
            device: metadata.dev(),
            inode: metadata.ino(),
        })
    }
}

fn find(path: &Path, config: &Config) -> Option<Arc<Inner>> {
    let directory = Directory::of(path)?;
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let candidates = open.iter().filter(|(other, _)| *other == directory);
    candidates
        .filter_map(|(_, inner)| inner.upgrade())
        .find(|inner| inner.serves(config))
}

fn register(
    session: Session,
    config: Arc<Config>,
    joined: Option<Joined>,
) -> Result<Client, Error> {
    let inbox = Arc::new(Inbox::default());
    let engine = SharedEngine::new(&session, Arc::clone(&config), Arc::clone(&inbox), joined)?;
    let engine: Arc<dyn Engine> = Arc::new(engine);
    let client = Client::with_engine(session, config, engine, inbox);
    if let Some(directory) = Directory::of(client.session().directory()) {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|(_, inner)| inner.strong_count() > 0);
        open.push((directory, Arc::downgrade(&client.inner)));
    }
    Ok(client)
}

impl Inner {
    /// Whether an object with this configuration may share the connections.
    fn serves(&self, config: &Config) -> bool {
        let own = &self.config;
        self.owner == crate::process::id()
            && !self.session.is_lost()
            && self.session.authorization() != Authorization::LoggedOut
            // Another process may have put another session in its place.
            && self.session.is_current()
            && own.dcs == config.dcs
            && own.engine == config.engine
            && own.test_mode == config.test_mode
            // Nobody who set a proxy may get a connection around it.
            && own.routes == config.routes
            && own.storage == config.storage
            && own.schema().layer() == config.schema().layer()
    }
}
