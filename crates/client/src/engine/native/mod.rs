//! Our own engine: connections over `madeline_mtproto`, each driven by a task of its own.
//!
//! A DC has one connection for calls and updates and up to a few for files ([`lane`]). Each is made when it is needed,
//! in the background: a DC that does not answer holds up nobody else. Whoever has a request puts it into the session's
//! machine and, when nothing else is under way, writes it to the socket at once; the task reads, keeps time and
//! reconnects ([`serve`]). Keys are made and stored by [`keys`].

mod backoff;
mod clock;
mod connect;
mod ending;
mod events;
mod keys;
mod lane;
mod media;
mod pending;
mod receive;
mod serve;
mod socket;
mod watch;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use madeline_mtproto::client::IdMap;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use self::clock::Clock;
use self::keys::Keys;
use self::lane::{Caller, Connection, Submitted};
use self::media::MediaServers;
use self::pending::Pending;
use super::updates::Hub;
use super::{BoxFuture, Engine, InvokeError, Lane, Request, Taker, Ticket, UpdatesStream, given};
use crate::session::WeakSession;
use crate::{Config, DcId, Session};

pub(super) use self::pending::Given;

/// The longest request: the limit that servers put on a message.
const MAX_REQUEST: usize = 1 << 20;
/// A file connection with fewer parts than this on their way takes another one before a new connection is made. As many
/// that wait to be sent leave together: several parts are encrypted, and decrypted, faster at once than one by one.
const BUSY: usize = 4;

/// The engine over our own protocol machines.
pub struct NativeEngine {
    shared: Arc<Shared>,
}

/// The connections in use.
type Connections = IdMap<(DcId, Lane), Vec<Arc<Connection>>>;

/// What all connections know. They may outlive the client by the moment that it takes to close a socket, so they do
/// not hold its session.
struct Shared {
    session: WeakSession,
    config: Arc<Config>,
    keys: Keys,
    hub: Arc<Hub>,
    clock: Clock,
    /// DCs that had a session before: what they pushed until the next one began is a gap.
    known: Mutex<HashSet<DcId>>,
    connections: Mutex<Connections>,
    media: MediaServers,
}

impl NativeEngine {
    /// An engine without connections yet, whose updates go to `hub`.
    pub(crate) fn new(session: &Session, config: Arc<Config>, hub: Arc<Hub>) -> NativeEngine {
        let clock = Clock::start();
        NativeEngine {
            shared: Arc::new(Shared {
                keys: Keys::new(session.downgrade(), Arc::clone(&config), clock),
                hub,
                clock,
                known: Mutex::default(),
                session: session.downgrade(),
                config,
                connections: Mutex::default(),
                media: MediaServers::default(),
            }),
        }
    }

    async fn call(&self, request: Request) -> Result<Bytes, InvokeError> {
        check_size(&request)?;
        let server = self.shared.server(request.dc, request.lane);
        if !server.is_media() {
            return self.ask(request).await;
        }
        let there = Request {
            dc: server,
            ..request.clone()
        };
        match self.ask(there).await {
            Err(error) if media::is_unusable(&error) => {
                self.shared.media.avoid(request.dc);
                self.ask(request).await
            }
            outcome => outcome,
        }
    }

    /// Asks the servers that the request names.
    async fn ask(&self, request: Request) -> Result<Bytes, InvokeError> {
        let (caller, answer) = oneshot::channel();
        let given = self.submit(request, Caller::Waits(caller));
        Pending::new(given, answer).answer().await
    }

    fn submit(&self, request: Request, caller: Caller) -> Given {
        let Request {
            dc,
            body,
            lane,
            repeatable,
        } = request;
        let mut call = Submitted {
            caller,
            body,
            repeatable,
        };
        loop {
            let connection = self.shared.connection(dc, lane);
            match connection.submit(call) {
                Ok(id) => return Given::new(connection, id),
                // It has ended between the two lines.
                Err(refused) => {
                    self.shared.forget(&connection);
                    call = refused;
                }
            }
        }
    }
}

fn check_size(request: &Request) -> Result<(), InvokeError> {
    let bytes = request.body.len();
    if bytes > MAX_REQUEST || bytes == 0 || !bytes.is_multiple_of(4) {
        return Err(InvokeError::Size {
            bytes,
            limit: MAX_REQUEST,
        });
    }
    Ok(())
}

impl Shared {
    /// Which of a DC's servers a request goes to: for files those that are for nothing else, where there are any.
    fn server(&self, dc: DcId, lane: Lane) -> DcId {
        if lane != Lane::Files {
            return dc;
        }
        self.media.of(dc, || {
            let session = self.session.get().ok()?;
            // The DC itself makes the key that both share.
            session.auth_key(dc, self.config.test_mode).ok()??;
            Some(self.config.addresses(dc.media(), &session).is_ok())
        })
    }

    /// A connection for the next request: the one for calls, or for files the one that is about to send others, else the
    /// one with the least to do.
    fn connection(self: &Arc<Self>, dc: DcId, lane: Lane) -> Arc<Connection> {
        let mut connections = self.connections();
        let known = connections.entry((dc, lane)).or_default();
        if let (Lane::Calls, Some(connection)) = (lane, known.first()) {
            return Arc::clone(connection);
        }
        let limit = self.config.max_media_sockets.max(1);
        let loads = || {
            known
                .iter()
                .map(|connection| (connection.load(), connection))
        };
        let idlest = loads().min_by_key(|(load, _)| load.calls);
        let least = idlest.map_or(0, |(load, _)| load.calls);
        let sending =
            loads().find(|(load, _)| (1..BUSY).contains(&load.unsent) && load.calls < least + BUSY);
        if let Some((_, connection)) = sending {
            return Arc::clone(connection);
        }
        match idlest {
            Some((load, connection)) if load.calls < BUSY || known.len() >= limit => {
                Arc::clone(connection)
            }
            _ => {
                let connection = Connection::start(Arc::clone(self), dc, lane);
                known.push(Arc::clone(&connection));
                connection
            }
        }
    }

    /// Takes a connection out of use.
    fn forget(&self, connection: &Arc<Connection>) {
        if let Some(known) = self
            .connections()
            .get_mut(&(connection.dc, connection.lane))
        {
            known.retain(|known| !Arc::ptr_eq(known, connection));
        }
    }

    /// Takes the connections to a DC out of use; they end when what is in flight has its answers.
    fn retire(&self, dc: DcId) {
        let mut connections = self.connections();
        let retired: Vec<_> = connections
            .iter_mut()
            .filter(|((of, _), _)| of.main() == dc.main())
            .flat_map(|(_, known)| known.drain(..))
            .collect();
        drop(connections);
        for connection in retired {
            connection.retire();
        }
    }

    /// Replaces the temporary key of a DC, whose time is nearly over: new connections make another one.
    fn renew_key(self: &Arc<Self>, dc: DcId) {
        self.retire(dc);
        self.listen();
    }

    /// A connection begins a session.
    fn began_session(&self, connection: &Connection) {
        if connection.lane == Lane::Calls {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if !known.insert(connection.dc) {
                self.hub.missed(connection.dc);
            }
        }
    }

    /// Connects to the home DC where updates are wanted.
    fn listen(self: &Arc<Self>) {
        if self.hub.is_heard() {
            self.connection(self.hub.home(), Lane::Calls).wake();
        }
    }

    fn take_all(&self) -> Vec<Arc<Connection>> {
        let mut connections = self.connections();
        connections.drain().flat_map(|(_, known)| known).collect()
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine for NativeEngine {
    fn invoke(&self, request: Request) -> BoxFuture<'_, Result<Bytes, InvokeError>> {
        Box::pin(self.call(request))
    }

    fn give(self: Arc<Self>, request: Request, taker: Taker) -> Ticket {
        match check_size(&request) {
            // It may have to be asked for twice.
            Ok(()) if self.shared.server(request.dc, request.lane).is_media() => {
                given::spawn(self, request, taker)
            }
            Ok(()) => Ticket::native(self.submit(request, Caller::Takes(taker))),
            Err(error) => {
                taker(Err(error));
                Ticket::done()
            }
        }
    }

    fn updates(&self) -> UpdatesStream {
        let stream = self.shared.hub.subscribe();
        self.shared.listen();
        stream
    }

    fn offer_updates(&self) {
        let home = (self.shared.hub.home(), Lane::Calls);
        let connections = self.shared.connections();
        if let Some(connection) = connections.get(&home).and_then(|known| known.first()) {
            crate::watch::offer(connection);
        }
    }

    fn listen(&self) {
        self.shared.listen();
    }

    fn set_home(&self, dc: DcId) {
        self.shared.hub.set_home(dc);
        self.shared.listen();
    }

    fn renew(&self, dc: DcId) {
        self.shared.retire(dc);
        self.shared.listen();
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        let connections = self.shared.take_all();
        Box::pin(async move {
            let mut ending = JoinSet::new();
            for connection in connections {
                connection.end();
                ending.spawn(async move { connection.ended().await });
            }
            while ending.join_next().await.is_some() {}
        })
    }
}

impl Drop for NativeEngine {
    fn drop(&mut self) {
        for connection in self.shared.take_all() {
            connection.end();
        }
    }
}
