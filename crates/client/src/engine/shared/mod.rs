//! One session, many processes, one set of connections.
//!
//! Telegram ends a login whose main connection is used twice at once. So the process that gets the session's lock *leads*:
//! it has the engine with the connections and serves the others over a socket in the session's directory ([`leader`]). All
//! others *follow*: their calls go through the leader ([`link`]). When the leader ends, however that happens, the kernel
//! frees the lock and ends the links; a follower that has something to do takes the lock and leads, the others find it.
//! The lock alone decides who leads: sockets, process numbers and clocks only help to find each other.

mod joining;
mod leader;
mod link;
mod outbox;
mod wire;

use crate::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use madeline_mtproto::random::{OsRandom, Random};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

pub(crate) use self::joining::Joined;
use self::leader::Leader;
use self::link::{Ears, Link, Outcome};
pub use self::wire::Frames;
use self::wire::{DIGEST, Frame};
use super::updates::Hub;
use super::{BoxFuture, Engine, InvokeError, NativeEngine, PoolEngine, Request, UpdatesStream};
use crate::session::{SOCKET_FILE, WeakSession, place};
use crate::updates::Inbox;
use crate::{Config, DcId, EngineKind, Error, Session};

/// How long a process that had a leader looks for the next one at least: the former may be ending in order.
const HANDING_OVER: Duration = Duration::from_secs(8);
/// How long a leader that is asked may say nothing, at least: it may be on a machine with a lot to do.
const SILENCE: Duration = Duration::from_secs(5);
/// After how long without a leader a follower that needs none tells the server what is left, which the lease outlasts.
const ALONE: Duration = Duration::from_secs(1);
/// Between two tries to lead or to find who does: at least this many milliseconds, and up to so many more.
const PAUSE: (u64, u64) = (2, 8);

/// The engine of a session that other processes may have open, too.
pub(crate) struct SharedEngine(Arc<Shared>);

struct Shared {
    session: WeakSession,
    config: Arc<Config>,
    settings: [u8; DIGEST],
    hub: Arc<Hub>,
    inbox: Arc<Inbox>,
    role: Mutex<Role>,
    /// Held while the next role is being found.
    changing: tokio::sync::Mutex<()>,
    is_closed: AtomicBool,
    /// Nobody in this process uses it for now.
    is_resting: AtomicBool,
    runtime: Option<Handle>,
    owner: u32,
}

#[derive(Clone)]
enum Role {
    /// To be found by whoever needs one. True: there was one.
    None(bool),
    Leader(Arc<Leader>),
    Follower(Arc<Link>),
}

impl SharedEngine {
    /// The engine of a session: it leads where the session has the lock, and follows whom it has joined.
    pub(crate) fn new(
        session: &Session,
        config: Arc<Config>,
        inbox: Arc<Inbox>,
        joined: Option<Joined>,
    ) -> Result<SharedEngine, Error> {
        let shared = Arc::new(Shared {
            session: session.downgrade(),
            settings: joining::settings(&config),
            hub: Arc::new(Hub::new(session)),
            config,
            inbox,
            role: Mutex::new(Role::None(false)),
            changing: tokio::sync::Mutex::default(),
            is_closed: AtomicBool::new(false),
            is_resting: AtomicBool::new(false),
            runtime: Handle::try_current().ok(),
            owner: process::id(),
        });
        if session.has_lock() {
            shared.lead(session)?;
        } else if let Some(joined) = joined {
            shared.follow(joined)?;
        }
        Ok(SharedEngine(shared))
    }
}

impl Shared {
    /// Begins to lead. The session has the lock.
    fn lead(self: &Arc<Self>, session: &Session) -> Result<Arc<Leader>, Error> {
        let (config, hub) = (&self.config, &self.hub);
        // Another process may have moved.
        hub.set_home(session.home_dc());
        let engine: Arc<dyn Engine> = match config.engine {
            EngineKind::Native => Arc::new(NativeEngine::new(
                session,
                Arc::clone(config),
                Arc::clone(hub),
            )),
            EngineKind::Grammers => Arc::new(PoolEngine::new(
                session.clone(),
                Arc::clone(config),
                Arc::clone(hub),
            )?),
        };
        let shared = Arc::downgrade(self);
        let yielding = move || {
            if let Some(shared) = shared.upgrade()
                && shared.is_resting.load(Ordering::Acquire)
            {
                tokio::spawn(async move { shared.give_up().await });
            }
        };
        let leader = Leader::new(
            engine,
            self.session.clone(),
            Arc::clone(hub),
            Arc::clone(&self.inbox),
            Arc::clone(config),
            Box::new(yielding),
        );
        leader.open()?;
        *self.role() = Role::Leader(Arc::clone(&leader));
        self.watch_loss(session);
        if hub.is_heard() {
            hub.missed(hub.home());
            leader.listen_here();
        }
        Ok(leader)
    }

    /// Ends when another machine may have the session: it may connect at once then.
    fn watch_loss(self: &Arc<Self>, session: &Session) {
        let (Some(mut loss), Ok(runtime)) = (session.loss(), Handle::try_current()) else {
            return;
        };
        let shared = Arc::downgrade(self);
        runtime.spawn(async move {
            if loss.wait_for(|lost| *lost).await.is_ok()
                && let Some(shared) = shared.upgrade()
            {
                shared.is_closed.store(true, Ordering::Release);
                shared.give_up().await;
            }
        });
    }

    /// Begins to follow.
    fn follow(self: &Arc<Self>, joined: Joined) -> Result<Arc<Link>, Error> {
        let ears = Ears {
            hub: Arc::clone(&self.hub),
            inbox: Arc::clone(&self.inbox),
            config: Arc::clone(&self.config),
        };
        let patience = self.config.lock_timeout.max(SILENCE);
        let link = Link::start(joined, ears, patience).map_err(|source| {
            let directory = self.session.get().map(|it| it.directory().to_owned());
            Error::SessionAccess {
                path: directory.unwrap_or_default(),
                what: "follow the process that has connected",
                source,
            }
        })?;
        let (serving, shared) = (Arc::clone(&link), Arc::downgrade(self));
        tokio::spawn(async move {
            Arc::clone(&serving).run().await;
            if let Some(shared) = Weak::upgrade(&shared) {
                shared.lost(&serving);
            }
        });
        *self.role() = Role::Follower(Arc::clone(&link));
        if self.hub.is_heard() {
            self.hub.missed(self.hub.home());
            link.say(&Frame::Listen { on: true });
        }
        Ok(link)
    }

    /// The role that can be played now, if there is one.
    fn standing(&self) -> Option<Role> {
        let mut role = self.role();
        match &*role {
            Role::Leader(_) => Some(role.clone()),
            Role::Follower(link) if link.settings != self.settings => None,
            Role::Follower(link) if link.stands() => Some(role.clone()),
            Role::Follower(_) => {
                *role = Role::None(true);
                None
            }
            Role::None(_) => None,
        }
    }

    /// Finds a role: leads where nobody does, follows whoever leads.
    async fn find(self: &Arc<Self>) -> Result<Role, InvokeError> {
        if let Some(role) = self.standing() {
            return Ok(role);
        }
        let _only = self.changing.lock().await;
        let started = Instant::now();
        let had_one = matches!(*self.role(), Role::None(true));
        let mut patience = self.config.lock_timeout;
        if had_one {
            patience = patience.max(HANDING_OVER);
        }
        let mut obstacle = None;
        loop {
            if let Some(role) = self.standing() {
                return Ok(role);
            }
            if self.is_closed.load(Ordering::Acquire) {
                return Err(closed("it was closed").into());
            }
            let left = patience.saturating_sub(started.elapsed());
            let session = self.session.get()?;
            if session.take_lock()? {
                let taken = Taken(Some(&session));
                session.settle(self.config.storage.as_ref(), left).await?;
                let leader = self.lead(&session)?;
                taken.keep();
                return Ok(Role::Leader(leader));
            }
            match Joined::find(session.directory(), left.max(SILENCE)).await {
                Ok(Some(joined)) if joined.settings == self.settings => {
                    return Ok(Role::Follower(self.follow(joined)?));
                }
                Ok(Some(joined)) => {
                    obstacle = Some(others(&session, joined.pid));
                    joined.ask_to_yield().await;
                }
                Ok(None) => {}
                Err(error) => obstacle = Some(error),
            }
            if left.is_zero() {
                let error = obstacle.unwrap_or_else(|| session.locked(patience));
                return Err(error.into());
            }
            drop(session);
            sleep(pause().min(left)).await;
        }
    }

    async fn call(
        self: &Arc<Self>,
        request: Request,
        standing: Option<Role>,
    ) -> Result<Bytes, InvokeError> {
        let mut role = match standing {
            Some(role) => role,
            None => self.find().await?,
        };
        loop {
            let outcome = match role {
                Role::Leader(leader) => return leader.engine.invoke(request).await,
                Role::Follower(link) => link.call(&request).await,
                Role::None(_) => Outcome::Unsent,
            };
            match outcome {
                Outcome::Answer(outcome) => return outcome,
                Outcome::Unsent => {}
                // Nobody knows whether it was executed, and a second time does no harm.
                Outcome::Ended(_) if request.repeatable => {}
                Outcome::Ended(why) => return Err(InvokeError::Lost((*why).into())),
            }
            role = self.find().await?;
        }
    }

    /// A link has ended. Who takes the updates needs the next leader at once.
    fn lost(self: &Arc<Self>, link: &Arc<Link>) {
        {
            let mut role = self.role();
            match &*role {
                Role::Follower(own) if Arc::ptr_eq(own, link) => *role = Role::None(true),
                // Somebody has found out before.
                Role::None(_) => {}
                // There is another one already.
                _ => return,
            }
        }
        self.inbox.wake();
        if self.hub.is_heard() {
            self.seek();
        } else if self.config.storage.is_some() {
            self.carry_rest();
        }
    }

    /// Has the server told what a leader that has ended has not, where nobody leads soon.
    fn carry_rest(self: &Arc<Self>) {
        let shared = Arc::downgrade(self);
        tokio::spawn(async move {
            sleep(ALONE).await;
            if let Some(shared) = shared.upgrade()
                && shared.standing().is_none()
                && let Ok(session) = shared.session.get()
            {
                drop(shared);
                tokio::task::spawn_blocking(move || session.carry_rest());
            }
        });
    }

    /// Gives up the role, in order. Another one is found when it is needed.
    async fn give_up(&self) {
        let role = std::mem::replace(&mut *self.role(), Role::None(true));
        match role {
            Role::Leader(leader) => {
                leader.close().await;
                if let Ok(session) = self.session.get() {
                    place::tidy(session.directory(), SOCKET_FILE);
                    session.give_up_lock();
                }
                leader.stop();
            }
            Role::Follower(link) => link.end("was left"),
            Role::None(_) => {}
        }
    }

    /// Finds a role in the background, where updates are wanted.
    fn seek(self: &Arc<Self>) {
        let Some(runtime) = Handle::try_current().ok().or_else(|| self.runtime.clone()) else {
            return;
        };
        let shared = Arc::downgrade(self);
        runtime.spawn(async move {
            while let Some(shared) = shared.upgrade()
                && shared.hub.is_heard()
                && !shared.is_closed.load(Ordering::Acquire)
            {
                match shared.find().await {
                    Ok(_) => return,
                    // The session is gone: whoever listens finds out.
                    Err(InvokeError::Session(Error::SessionClosed { .. })) => {
                        return shared.inbox.wake();
                    }
                    Err(_) => {}
                }
                drop(shared);
                sleep(SILENCE).await;
            }
        });
    }

    fn role(&self) -> MutexGuard<'_, Role> {
        self.role.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine for SharedEngine {
    fn invoke(&self, request: Request) -> BoxFuture<'_, Result<Bytes, InvokeError>> {
        match self.0.standing() {
            Some(Role::Leader(leader)) => {
                Box::pin(async move { leader.engine.invoke(request).await })
            }
            standing => Box::pin(self.0.call(request, standing)),
        }
    }

    fn updates(&self) -> UpdatesStream {
        let stream = self.0.hub.subscribe();
        self.listen();
        stream
    }

    fn offer_updates(&self) {
        match self.0.standing() {
            Some(Role::Leader(leader)) => leader.engine.offer_updates(),
            Some(Role::Follower(link)) => crate::watch::offer(&link),
            _ => {}
        }
    }

    fn listen(&self) {
        match self.0.standing() {
            Some(Role::Leader(leader)) => leader.listen_here(),
            Some(Role::Follower(link)) => link.say(&Frame::Listen { on: true }),
            _ => self.0.seek(),
        }
    }

    fn set_home(&self, dc: DcId) {
        self.0.hub.set_home(dc);
        match self.0.standing() {
            Some(Role::Leader(leader)) => leader.engine.set_home(dc),
            Some(Role::Follower(link)) => link.say(&Frame::Home { dc }),
            // Whoever leads next reads it from the session.
            _ => {}
        }
    }

    fn renew(&self, dc: DcId) {
        match self.0.standing() {
            Some(Role::Leader(leader)) => leader.engine.renew(dc),
            Some(Role::Follower(link)) => link.say(&Frame::Renew { dc }),
            _ => {}
        }
    }

    fn logged_out(&self) {
        match self.0.standing() {
            Some(Role::Leader(leader)) => leader.stop(),
            Some(Role::Follower(link)) => link.say(&Frame::LoggedOut),
            _ => {}
        }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.0.is_closed.store(true, Ordering::Release);
        Box::pin(self.0.give_up())
    }

    fn rest(&self, resting: bool) {
        self.0.is_resting.store(resting, Ordering::Release);
    }
}

impl Drop for SharedEngine {
    fn drop(&mut self) {
        let shared = &self.0;
        if shared.owner != process::id() {
            return;
        }
        shared.is_closed.store(true, Ordering::Release);
        match std::mem::replace(&mut *shared.role(), Role::None(true)) {
            Role::Leader(leader) => {
                // Tasks that end a moment later may still have the session.
                if let Ok(session) = shared.session.get() {
                    session.give_up_lock();
                }
                leader.stop();
            }
            Role::Follower(link) => link.end("was left"),
            Role::None(_) => {}
        }
    }
}

/// A lock that was just taken; it is given up again unless its owner gets to lead.
struct Taken<'s>(Option<&'s Session>);

impl Taken<'_> {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(session) = self.0 {
            session.give_up_lock();
        }
    }
}

fn closed(what: &'static str) -> Error {
    Error::SessionClosed { what }
}

/// The error where the leader makes its connections in another way.
fn others(session: &Session, pid: Option<u32>) -> Error {
    let holder = pid.map(crate::session::Holder::of).unwrap_or_default();
    Error::SessionHolder {
        path: session.directory().to_owned(),
        pid: holder.pid,
        command: holder.command,
        what: "was given other servers or proxies, another schema or another database: give the same, or end it"
            .to_owned(),
    }
}

/// Different for each, so that those who wait do not all come at once.
fn pause() -> Duration {
    let mut byte = [0];
    OsRandom.fill(&mut byte);
    let (least, more) = PAUSE;
    Duration::from_millis(least + u64::from(u8::from_le_bytes(byte)) * more / 256)
}

#[cfg(test)]
mod tests;
