//! The network side: ports, connections, key exchanges, encrypted sessions.
//!
//! One task per connection owns the socket and the transport. Sessions outlive connections and are shared: whoever
//! has something to say to a session puts it into its machine and wakes the connection that serves it at the moment.
//!
//! Lock order: the state, then the list of sessions, then a session.

mod connection;
mod encrypted;
mod faulty;
mod push;
mod request;
mod session;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use madeline_mtproto::handshake::DhGroup;
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::{AuthKey, RsaPrivateKey};
use madeline_tl::Schema;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use crate::Config;
use crate::faults::Faults;
use crate::state::{CDN_DC, KeyRef, SessionRef, State};
use crate::stats::Stats;
use session::Live;

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) schema: &'static Schema,
    rsa: Arc<[RsaPrivateKey]>,
    /// The CDN's, which is none of Telegram's.
    cdn_rsa: Arc<[RsaPrivateKey]>,
    group: Arc<DhGroup>,
    pub(crate) sessions: Mutex<HashMap<SessionRef, Arc<Live>>>,
    state: Mutex<State>,
    /// Connections by number.
    pub(crate) connections: Mutex<BTreeMap<u64, Registered>>,
    pub(crate) faults: Faults,
    pub(crate) stats: Stats,
    /// Seconds that our clock is ahead of the true one.
    clock: AtomicI64,
    verbose: bool,
}

/// A connection, as others see it.
pub(crate) struct Registered {
    pub(crate) dc: i32,
    /// The sessions it serves, or did until another one took over.
    pub(crate) served: Vec<SessionRef>,
    pub(crate) waker: mpsc::UnboundedSender<Wake>,
}

/// What a connection is called for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wake {
    /// This session has something to say.
    Flush(SessionRef),
    /// End, as if the server wanted to.
    Close,
    /// End at once, with a TCP reset.
    Reset,
    /// Say this transport error and end.
    Refuse(i32),
    /// Listen or don't, for a while or for good.
    Hear { ear: Ear, during: Option<Duration> },
}

/// Whether a connection listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ear {
    Open,
    /// Reads, throws away what it reads, and says nothing.
    Mute,
    /// Does not even read.
    Deaf,
}

/// Opens the ports and serves them. Gives each data centre's address, under its negative number that of its servers for files
/// only, and the tasks that listen.
pub(crate) async fn listen(
    config: Config,
) -> io::Result<(BTreeMap<i32, SocketAddr>, Vec<AbortHandle>, Arc<Shared>)> {
    let mut listeners = Vec::new();
    let mut addresses = BTreeMap::new();
    for dc in 1..=config.world.dcs {
        let port = match config.port {
            0 => 0,
            first => first.checked_add((dc - 1) as u16).ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidInput, "the ports go beyond 65535")
            })?,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        addresses.insert(dc, listener.local_addr()?);
        listeners.push((dc, listener));
    }
    for dc in config.world.media_only.iter().map(|dc| -dc) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        addresses.insert(dc, listener.local_addr()?);
        listeners.push((dc, listener));
    }
    let mut cdn_keys = Vec::new();
    if config.world.has_cdn() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        addresses.insert(CDN_DC, listener.local_addr()?);
        listeners.push((CDN_DC, listener));
        cdn_keys.push(RsaPrivateKey::generate(&mut OsRandom));
    }
    let cdn_key = cdn_keys.first().map(|key| key.public().to_pem());
    let ports = addresses
        .iter()
        .map(|(dc, address)| (*dc, address.port()))
        .collect();
    let shared = Arc::new(Shared {
        schema: config.schema,
        rsa: Arc::from(vec![config.rsa_key]),
        cdn_rsa: Arc::from(cdn_keys),
        group: Arc::new(DhGroup::telegram()),
        sessions: Mutex::default(),
        state: Mutex::new(State::new(
            &config.world,
            ports,
            cdn_key.unwrap_or_default(),
            true_time().as_secs() as i32,
        )),
        connections: Mutex::default(),
        faults: Faults::default(),
        stats: Stats::default(),
        clock: AtomicI64::new(0),
        verbose: config.verbose,
    });
    let tasks = listeners
        .into_iter()
        .map(|(dc, listener)| {
            let shared = Arc::clone(&shared);
            tokio::spawn(accept(shared, dc, listener)).abort_handle()
        })
        .collect();
    Ok((addresses, tasks, shared))
}

/// Takes connections until it is aborted; they end with it.
async fn accept(shared: Arc<Shared>, dc: i32, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, client)) => {
                    shared.log(|| format!("dc {dc}: {client} connected"));
                    connections.spawn(connection::serve(Arc::clone(&shared), dc, stream));
                }
                // Out of descriptors, most likely: what is open goes on, and some of it ends.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

impl Shared {
    /// The RSA keys of a data centre.
    fn rsa_of(&self, dc: i32) -> Arc<[RsaPrivateKey]> {
        Arc::clone(if dc == CDN_DC {
            &self.cdn_rsa
        } else {
            &self.rsa
        })
    }

    /// The state, with its clock set.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = lock(&self.state);
        state.now = self.now().as_secs() as i32;
        state
    }

    /// Our clock: time since the Unix epoch.
    pub(crate) fn now(&self) -> Duration {
        let offset = self.clock.load(Ordering::Relaxed);
        let (time, distance) = (true_time(), Duration::from_secs(offset.unsigned_abs()));
        if offset < 0 {
            time.saturating_sub(distance)
        } else {
            time + distance
        }
    }

    /// Sets our clock that many seconds ahead of the true time. Gives by how many it was before.
    pub(crate) fn set_clock(&self, offset: Option<i64>) -> i64 {
        let Some(offset) = offset else {
            return self.clock.load(Ordering::Relaxed);
        };
        let before = self.clock.swap(offset, Ordering::Relaxed);
        for live in lock(&self.sessions).values() {
            live.with(|machine| machine.session.clock_was_set());
        }
        before
    }

    /// Whether a key is known, and if temporary, its time not over.
    fn knows(&self, key: KeyRef) -> bool {
        let state = self.state();
        state.keys.get(&key).is_some_and(|known| {
            known
                .temporary
                .is_none_or(|temporary| temporary.expires_at > state.now)
        })
    }

    /// A key that a message names. Servers for files only know the permanent keys of their data centre.
    fn key_at(&self, dc: i32, id: i64) -> KeyRef {
        if dc < 0 {
            lock(&self.state).lend_key(dc, id);
        }
        KeyRef { dc, id }
    }

    fn secret(&self, key: KeyRef) -> Option<AuthKey> {
        let state = lock(&self.state);
        state.keys.get(&key).map(|known| known.secret.clone())
    }

    /// A session, which becomes known if it was not; `None` where its key is unknown.
    fn live_or_new(&self, session: SessionRef) -> Option<Arc<Live>> {
        if let Some(live) = self.live(session) {
            return Some(live);
        }
        let state = lock(&self.state);
        let key = state.keys.get(&session.key)?;
        let live = Live::new(key.secret.clone(), key.salts.clone(), session.session_id);
        let mut sessions = lock(&self.sessions);
        let live = sessions.entry(session).or_insert_with(|| Arc::new(live));
        Some(Arc::clone(live))
    }

    pub(crate) fn live(&self, session: SessionRef) -> Option<Arc<Live>> {
        lock(&self.sessions).get(&session).cloned()
    }

    /// Writes a line to standard error where that is wanted.
    fn log(&self, line: impl FnOnce() -> String) {
        if self.verbose {
            eprintln!("{}", line());
        }
    }
}

/// A panic elsewhere, which only a defect can cause, must not take everybody else down.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Time since the Unix epoch.
fn true_time() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
