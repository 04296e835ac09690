//! The client object: a session, its connections and what it was told.

mod open;
mod transfer;

use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use madeline_tl::boxed_from_bytes;
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::engine::{Engine, UpdatesStream};
use crate::invoke::Queues;
use crate::peers::Peers;
use crate::updates::{Hold, Inbox};
use crate::{Authorization, Config, Error, Session};

/// How long [`Client::close`] waits. A connection that is idle closes at once.
const CLOSING: Duration = Duration::from_secs(8);

/// A session with its connections. Cheap to clone.
///
/// Everything that matters is in the session's database before a call returns. [`Client::close`] ends the connections
/// and gives up the session's lock; dropping the last clone does it, too, but cannot wait for the sockets: they close
/// while the runtime goes on. Calls need a Tokio runtime with time and I/O.
///
/// A forked child must not use or drop its parent's runtime. It calls [`Client::forget_after_fork`] on what it
/// inherited, leaks the runtime and opens the session anew.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    config: Arc<Config>,
}

/// A client that does not keep its session.
pub struct WeakClient {
    inner: Weak<Inner>,
}

impl WeakClient {
    /// How many clones there are.
    pub fn users(&self) -> usize {
        self.inner.strong_count()
    }

    /// Whether it is this client's.
    pub fn is_of(&self, client: &Client) -> bool {
        std::ptr::eq(self.inner.as_ptr(), Arc::as_ptr(&client.inner))
    }

    /// Ends the connections and gives up the session's lock where [`Client::close`] has not done so, because clones were left
    /// behind by frames that never go on: whoever jumps over them does not drop what they hold. None of the clones may be
    /// used any more.
    pub async fn close_abandoned(self) {
        let Some(inner) = self.inner.upgrade() else {
            return;
        };
        if inner.owner != crate::process::id() {
            std::mem::forget(inner);
            return;
        }
        let _ = timeout(CLOSING, inner.engine.close()).await;
        inner.session.give_up_lock();
    }
}

struct Inner {
    // Told to end before the session's lock is given up; leaked in a fork, where its sockets are the parent's.
    engine: ManuallyDrop<Arc<dyn Engine>>,
    session: Session,
    peers: Peers,
    /// Results of calls, for the listener.
    inbox: Arc<Inbox>,
    /// The right to take the updates, while somebody does.
    updates: Mutex<Weak<Hold>>,
    /// Where timers and sockets are, if this was opened there.
    runtime: Option<Handle>,
    queues: Queues,
    /// All dialogs were asked for.
    dialogs: AtomicBool,
    /// What the connections were configured with.
    config: Arc<Config>,
    owner: u32,
}

impl Client {
    /// A client over another engine.
    pub(crate) fn with_engine(
        session: Session,
        config: Arc<Config>,
        engine: Arc<dyn Engine>,
        inbox: Arc<Inbox>,
    ) -> Client {
        let peers = Peers::of(&session);
        let owner = crate::process::id();
        let engine = ManuallyDrop::new(engine);
        let inner = Inner {
            engine,
            session,
            peers,
            inbox,
            updates: Mutex::default(),
            runtime: Handle::try_current().ok(),
            queues: Queues::default(),
            dialogs: AtomicBool::new(false),
            config: Arc::clone(&config),
            owner,
        };
        Client {
            inner: Arc::new(inner),
            config,
        }
    }

    /// What is stored.
    pub fn session(&self) -> &Session {
        &self.inner.session
    }

    /// The users, groups and channels that were seen.
    pub fn peers(&self) -> &Peers {
        &self.inner.peers
    }

    /// Stores boxed users and chats of an answer or update, as a decoder reports them; among them perhaps a newer
    /// view of the own user.
    pub fn learn<'b>(&self, seen: impl IntoIterator<Item = &'b [u8]>) -> Result<(), Error> {
        let schema = self.config().schema();
        let own = self.session().own_id();
        let mut own_user = None;
        let seen = seen.into_iter().inspect(|bytes| {
            if own.is_some_and(|id| may_be_user(bytes, id)) {
                own_user = Some(*bytes);
            }
        });
        self.peers().learn(schema, seen)?;
        match own_user.map(|bytes| (bytes, boxed_from_bytes(schema, bytes))) {
            Some((bytes, Ok(user)))
                if user.flag("self") && !user.flag("min") && user.int("id").ok() == own =>
            {
                self.session().update_own_user(bytes)
            }
            _ => Ok(()),
        }
    }

    /// What the client was opened with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// How far the login is.
    pub fn authorization(&self) -> Authorization {
        self.session().authorization()
    }

    /// Updates of the home connection as they come, from now on: with gaps and repetitions, unlike [`Client::feed`].
    /// Whoever listened before gets no more of them.
    pub fn updates(&self) -> UpdatesStream {
        self.engine().updates()
    }

    /// Ends the connections, waits until their sockets are closed, but not for long, and gives up the session's lock:
    /// whoever takes it then does not meet this process at the server under the same key.
    ///
    /// While other clones or objects share the session this only drops the clone; in a fork it is
    /// [`Client::forget_after_fork`].
    pub async fn close(self) {
        if self.inner.owner != crate::process::id() {
            return self.forget_after_fork();
        }
        if let Some(inner) = Arc::into_inner(self.inner) {
            let _ = timeout(CLOSING, inner.engine.close()).await;
        }
    }

    /// The same client, without keeping its session.
    pub fn downgrade(&self) -> WeakClient {
        WeakClient {
            inner: Arc::downgrade(&self.inner),
        }
    }

    /// Whether others can use the session as well while this process keeps it open: other machines cannot.
    pub fn serves_others(&self) -> bool {
        self.config().storage.is_none() && !self.session().is_read_only()
    }

    /// Whether both are the same object, as clones are.
    pub fn is_same(&self, other: &Client) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Nobody in this process uses the session before it is opened again: another process that needs the connections for
    /// itself may have them.
    pub fn rest(&self) {
        self.engine().rest(true);
    }

    /// Gives up what a fork inherited: closes its copy of the lock and leaks the rest, without touching anything
    /// that the parent uses. Dropping the client in the child does the same, where destructors run.
    pub fn forget_after_fork(self) {
        self.session().forget_after_fork();
        std::mem::forget(self);
    }

    pub(crate) fn has_loaded_dialogs(&self) -> bool {
        self.inner.dialogs.load(Ordering::Relaxed)
    }

    pub(crate) fn note_loaded_dialogs(&self) {
        self.inner.dialogs.store(true, Ordering::Relaxed);
    }

    pub(crate) fn shared_config(&self) -> &Arc<Config> {
        &self.config
    }

    pub(crate) fn inbox(&self) -> &Inbox {
        &self.inner.inbox
    }

    pub(crate) fn updates_hold(&self) -> &Mutex<Weak<Hold>> {
        &self.inner.updates
    }

    pub(crate) fn runtime(&self) -> Option<Handle> {
        self.inner.runtime.clone()
    }

    pub(crate) fn queues(&self) -> &Queues {
        &self.inner.queues
    }

    pub(crate) fn engine(&self) -> &dyn Engine {
        self.inner.engine.as_ref()
    }

    /// Refuses work that would use the parent's connections, or a session that is gone.
    pub(crate) fn check_usable(&self) -> Result<(), Error> {
        if self.inner.owner != crate::process::id() {
            return Err(Error::SessionClosed {
                what: "this process is a fork of the one that opened it",
            });
        }
        if self.authorization() == Authorization::LoggedOut {
            return Err(Error::SessionClosed {
                what: "it was logged out",
            });
        }
        Ok(())
    }
}

/// Whether this may be the user with that id: every layer writes it into the first words of the constructor.
fn may_be_user(bytes: &[u8], id: i64) -> bool {
    bytes
        .windows(8)
        .take(16)
        .any(|window| window == id.to_le_bytes())
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.owner == crate::process::id() {
            // SAFETY: the field is not used after this, the only place that drops it.
            unsafe { ManuallyDrop::drop(&mut self.engine) };
        }
    }
}
