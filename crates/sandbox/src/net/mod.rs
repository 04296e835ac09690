//! The network side: ports, connections, key exchanges, encrypted sessions.
//!
//! One task per connection owns the socket and the transport. Sessions outlive connections and are shared: whoever
//! has something to say to a session puts it into its machine and wakes the connection that serves it at the moment.
//!
//! Lock order: the state, then a session.

mod connection;
mod request;
mod session;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use madeline_mtproto::handshake::DhGroup;
use madeline_mtproto::server::Salts;
use madeline_mtproto::{AuthKey, RsaPrivateKey};
use madeline_tl::Schema;
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

use crate::Config;
use crate::state::{KeyRef, SessionRef, State};
use session::Live;

/// What all connections share.
pub(crate) struct Shared {
    schema: &'static Schema,
    rsa: Arc<[RsaPrivateKey]>,
    group: Arc<DhGroup>,
    sessions: Mutex<HashMap<SessionRef, Arc<Live>>>,
    state: Mutex<State>,
    verbose: bool,
}

/// Opens the ports and serves them. Gives each data centre's address and the tasks that listen.
pub(crate) async fn listen(
    config: Config,
) -> io::Result<(BTreeMap<i32, SocketAddr>, Vec<AbortHandle>)> {
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
    let ports = addresses
        .iter()
        .map(|(dc, address)| (*dc, address.port()))
        .collect();
    let shared = Arc::new(Shared {
        schema: config.schema,
        rsa: Arc::from(vec![config.rsa_key]),
        group: Arc::new(DhGroup::telegram()),
        sessions: Mutex::default(),
        state: Mutex::new(State::new(&config.world, ports, now().as_secs() as i32)),
        verbose: config.verbose,
    });
    let tasks = listeners.into_iter().map(|(dc, listener)| {
        let shared = Arc::clone(&shared);
        tokio::spawn(accept(shared, dc, listener)).abort_handle()
    });
    Ok((addresses, tasks.collect()))
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
    /// The state, with its clock set.
    fn state(&self) -> MutexGuard<'_, State> {
        let mut state = lock(&self.state);
        state.now = now().as_secs() as i32;
        state
    }

    /// A key, unless it is unknown or was temporary and its time is over.
    fn key(&self, key: KeyRef) -> Option<(AuthKey, Salts)> {
        let state = self.state();
        let known = state.keys.get(&key)?;
        let expired = known
            .temporary
            .is_some_and(|temporary| temporary.expires_at <= state.now);
        (!expired).then(|| (known.secret.clone(), known.salts.clone()))
    }

    fn live(&self, session: SessionRef) -> Option<Arc<Live>> {
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
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Time since the Unix epoch.
fn now() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
