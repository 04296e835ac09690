//! Opening a session: once per process, and by one process at a time.
//!
//! A script may hold several objects of one session; they share what was opened first.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

use super::{Client, Inner};
use crate::engine::{Engine, NativeEngine, PoolEngine};
use crate::{Authorization, Config, EngineKind, Error, Session};

/// How often a session that is in use is tried again.
const POLL: Duration = Duration::from_millis(25);

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
    /// While another process holds the session, this waits for [`Config::lock_timeout`]; dropping the future
    /// ends the wait. A session that this process has open already is shared, if both want the same servers,
    /// ways to them, layer and engine; the connections stay as they were configured first.
    pub async fn open(directory: &Path, config: Config) -> Result<Client, Error> {
        let started = Instant::now();
        let config = Arc::new(config);
        loop {
            if let Some(inner) = find(directory, &config) {
                return Ok(Client { inner, config });
            }
            let left = config.lock_timeout.saturating_sub(started.elapsed());
            match Session::open(directory, config.default_dc, left.min(POLL)).await {
                Ok(session) => {
                    if let Some(storage) = &config.storage {
                        session.share(storage, left).await?;
                    }
                    return register(session, config);
                }
                Err(Error::SessionLocked { .. }) if !left.is_zero() => {}
                Err(Error::SessionLocked {
                    path, pid, command, ..
                }) => {
                    let seconds = config.lock_timeout.as_secs_f64();
                    return Err(Error::SessionLocked {
                        path,
                        pid,
                        command,
                        seconds,
                    });
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The same session with another configuration. Where nobody else uses this client, the session stays open and
    /// locked; connections are made anew.
    pub async fn reopen(self, config: Config) -> Result<Client, Error> {
        let session = self.session().clone();
        if Arc::strong_count(&self.inner) == 1 && self.config.storage == config.storage {
            return register(session, Arc::new(config));
        }
        let directory = session.directory().to_owned();
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

fn register(session: Session, config: Arc<Config>) -> Result<Client, Error> {
    let engine: Arc<dyn Engine> = match config.engine {
        EngineKind::Native => Arc::new(NativeEngine::new(&session, Arc::clone(&config))),
        EngineKind::Grammers => Arc::new(PoolEngine::new(session.clone(), Arc::clone(&config))?),
    };
    if let Some(mut loss) = session.loss() {
        let engine = Arc::downgrade(&engine);
        tokio::spawn(async move {
            // Whoever has the session now may connect at once.
            if loss.wait_for(|lost| *lost).await.is_ok()
                && let Some(engine) = engine.upgrade()
            {
                engine.close().await;
            }
        });
    }
    let client = Client::with_engine(session, config, engine);
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
        self.owner == std::process::id()
            && self.session.authorization() != Authorization::LoggedOut
            && own.dcs == config.dcs
            && own.engine == config.engine
            && own.test_mode == config.test_mode
            // Nobody who set a proxy may get a connection around it.
            && own.routes == config.routes
            && own.storage == config.storage
            && own.schema().layer() == config.schema().layer()
    }
}
