//! The process that has a session's connections, and the other processes that it serves.
//!
//! Followers are served by tasks of the runtime, so also while this process's own code is busy. Whatever a follower does
//! concerns itself: one that floods is read more slowly, one that ends takes its calls along.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use madeline_mtproto::client::IdMap;
use tokio::net::{UnixListener, UnixStream};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::joining::{self, RELEASE};
use super::outbox::Outbox;
use super::wire::{DIGEST, Frame};
use crate::config::Config;
use crate::engine::portion;
use crate::engine::updates::Hub;
use crate::engine::{Engine, Request, Ticket};
use crate::fork::OwnDescriptor;
use crate::session::{SOCKET_FILE, WeakSession, place};
use crate::updates::Inbox;
use crate::{Authorization, Error};

/// How long a new follower may take to greet.
const GREETING: Duration = Duration::from_secs(5);
/// Calls of one follower that are on their way at once; more wait in its socket.
const CALLS: usize = 1024;
/// How long the end waits for calls of followers.
const LAST_CALLS: Duration = Duration::from_secs(5);
/// How long the end waits for sockets.
const SOCKETS: Duration = Duration::from_secs(1);

/// See the module.
pub(super) struct Leader {
    pub(super) engine: Arc<dyn Engine>,
    pub(super) session: WeakSession,
    pub(super) hub: Arc<Hub>,
    pub(super) inbox: Arc<Inbox>,
    pub(super) config: Arc<Config>,
    pub(super) settings: [u8; DIGEST],
    /// Another process wants to lead.
    yielding: Box<dyn Fn() + Send + Sync>,
    state: Mutex<State>,
    /// No more followers or calls of theirs are taken. Set with the state locked.
    is_closing: AtomicBool,
    /// Calls of followers that are on their way.
    calls: AtomicUsize,
    /// There are fewer.
    fewer: Notify,
}

#[derive(Default)]
struct State {
    last: u64,
    followers: HashMap<u64, Follower>,
    /// The follower that takes the updates, and the task that gives them to it.
    listener: Option<(u64, AbortHandle)>,
    accepting: Option<AbortHandle>,
}

struct Follower {
    outbox: Arc<Outbox>,
    task: Option<AbortHandle>,
    /// It knows that the leader ends, or was not welcomed yet: no calls of it are on their way to here.
    knows: bool,
}

impl Leader {
    pub(super) fn new(
        engine: Arc<dyn Engine>,
        session: WeakSession,
        hub: Arc<Hub>,
        inbox: Arc<Inbox>,
        config: Arc<Config>,
        yielding: Box<dyn Fn() + Send + Sync>,
    ) -> Arc<Leader> {
        Arc::new(Leader {
            engine,
            session,
            hub,
            inbox,
            settings: joining::settings(&config),
            config,
            yielding,
            state: Mutex::default(),
            is_closing: AtomicBool::new(false),
            calls: AtomicUsize::new(0),
            fewer: Notify::new(),
        })
    }

    /// Begins to serve other processes. Without a runtime it serves nobody.
    pub(super) fn open(self: &Arc<Self>) -> Result<(), Error> {
        let Ok(runtime) = Handle::try_current() else {
            return Ok(());
        };
        let session = self.session.get()?;
        if session.is_read_only() {
            // This process alone has it open.
            return Ok(());
        }
        let access = |source| Error::SessionAccess {
            path: session.directory().join(SOCKET_FILE),
            what: "listen at",
            source,
        };
        let listener = place::listen(session.directory(), SOCKET_FILE).map_err(access)?;
        let accepting = runtime.spawn(accept(Arc::clone(self), listener));
        self.state().accepting = Some(accepting.abort_handle());
        Ok(())
    }

    /// Lets the calls of followers end, ends the connections, and waits for both, but not for long. Followers stay linked
    /// until [`Leader::stop`], so that none looks for another leader too early.
    pub(super) async fn close(&self) {
        {
            let mut state = self.state();
            self.is_closing.store(true, Ordering::SeqCst);
            if let Some(accepting) = state.accepting.take() {
                accepting.abort();
            }
            for follower in state.followers.values() {
                follower.outbox.put(&Frame::Bye);
            }
        }
        let _ = timeout(LAST_CALLS, self.quiet()).await;
        let _ = timeout(SOCKETS, self.engine.close()).await;
    }

    /// Ends the links to followers.
    pub(super) fn stop(&self) {
        self.inbox.listen_elsewhere(None);
        let mut state = self.state();
        self.is_closing.store(true, Ordering::SeqCst);
        if let Some(accepting) = state.accepting.take() {
            accepting.abort();
        }
        if let Some((_, listening)) = state.listener.take() {
            listening.abort();
        }
        for (_, follower) in state.followers.drain() {
            follower.outbox.close();
            if let Some(task) = follower.task {
                task.abort();
            }
        }
    }

    /// Updates are taken in this process: no follower gets them.
    pub(super) fn listen_here(&self) {
        if let Some((_, listening)) = self.state().listener.take() {
            listening.abort();
            self.inbox.listen_elsewhere(None);
        }
        self.engine.listen();
    }

    /// Waits until no follower has a call on its way, or an answer.
    async fn quiet(&self) {
        loop {
            let fewer = self.fewer.notified();
            if self.calls.load(Ordering::SeqCst) > 0 {
                fewer.await;
                continue;
            }
            let is_said = {
                let state = self.state();
                let mut followers = state.followers.values();
                followers.all(|follower| follower.knows && follower.outbox.is_empty())
            };
            if is_said {
                return;
            }
            let _ = timeout(Duration::from_millis(5), fewer).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes followers in.
async fn accept(leader: Arc<Leader>, listener: UnixListener) {
    let _own = OwnDescriptor::new(&listener);
    loop {
        match listener.accept().await {
            Ok((stream, _)) => welcome(&leader, stream),
            // No descriptor is free, or the follower is gone already: the next one may have more luck.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
}

/// Serves a process that has connected.
fn welcome(leader: &Arc<Leader>, stream: UnixStream) {
    let own = OwnDescriptor::new(&stream);
    if place::check(&stream).is_err() {
        return;
    }
    let stream = Arc::new(stream);
    let outbox = Arc::new(Outbox::new(Arc::clone(&stream)));
    let number = {
        let mut state = leader.state();
        if leader.is_closing.load(Ordering::SeqCst) {
            return;
        }
        state.last += 1;
        let follower = Follower {
            outbox: Arc::clone(&outbox),
            task: None,
            knows: true,
        };
        let number = state.last;
        state.followers.insert(number, follower);
        number
    };
    let served = Served {
        leader: Arc::clone(leader),
        number,
        stream,
        outbox,
        calls: Arc::default(),
        _own: own,
    };
    let task = tokio::spawn(async move {
        let writing = Arc::clone(&served.outbox);
        tokio::select! {
            () = writing.write() => {}
            // However it ends, this follower is done.
            _ = served.serve() => {}
        }
    });
    // One that has left already is not there any more.
    if let Some(follower) = leader.state().followers.get_mut(&number) {
        follower.task = Some(task.abort_handle());
    }
}

/// Calls of a follower that are on their way, by its numbers.
type Calls = IdMap<u64, Option<Ticket>>;

/// A follower that is being served; dropping it takes back what the follower wanted.
struct Served {
    leader: Arc<Leader>,
    number: u64,
    stream: Arc<UnixStream>,
    outbox: Arc<Outbox>,
    /// Calls on their way.
    calls: Arc<Mutex<Calls>>,
    _own: OwnDescriptor,
}

impl Served {
    async fn serve(&self) -> io::Result<()> {
        let mut input = BytesMut::new();
        let greeting = timeout(GREETING, self.next(&mut input)).await;
        let Ok(Ok(Some(Frame::Hello { release }))) = greeting else {
            return Ok(());
        };
        {
            let mut state = self.leader.state();
            if self.leader.is_closing.load(Ordering::SeqCst) {
                return Ok(());
            }
            if let Some(own) = state.followers.get_mut(&self.number) {
                own.knows = false;
            }
            self.outbox.put(&Frame::Welcome {
                release: RELEASE.to_owned(),
                settings: self.leader.settings,
            });
        }
        if release != RELEASE {
            // It reads why, and leaves.
            sleep(GREETING).await;
            return Ok(());
        }
        while let Some(frame) = self.next(&mut input).await? {
            self.act(frame)?;
            self.outbox.room().await;
            while self.calls().len() >= CALLS {
                let fewer = self.leader.fewer.notified();
                if self.calls().len() >= CALLS {
                    fewer.await;
                }
            }
        }
        Ok(())
    }

    async fn next(&self, input: &mut BytesMut) -> io::Result<Option<Frame>> {
        loop {
            if let Some(frame) = Frame::take(input)? {
                return Ok(Some(frame));
            }
            self.stream.readable().await?;
            match portion::read(
                |room| self.stream.try_read(room),
                |came| input.extend_from_slice(came),
            ) {
                Ok(0) => return Ok(None),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn act(&self, frame: Frame) -> io::Result<()> {
        let leader = &self.leader;
        match frame {
            Frame::Call {
                id,
                dc,
                lane,
                repeatable,
                body,
            } => {
                let request = Request {
                    dc,
                    body,
                    lane,
                    repeatable,
                };
                self.call(id, request);
            }
            Frame::Cancel { id } => {
                let call = self.calls().remove(&id);
                if let Some(Some(ticket)) = call {
                    ticket.cancel();
                }
            }
            Frame::Listen { on: true } => self.listen(),
            Frame::Listen { on: false } => self.listen_no_more(),
            Frame::Home { dc } => leader.engine.set_home(dc),
            Frame::Renew { dc } => leader.engine.renew(dc),
            Frame::LoggedOut => self.log_out(),
            Frame::Yield => (leader.yielding)(),
            Frame::Bye => {
                if let Some(own) = leader.state().followers.get_mut(&self.number) {
                    own.knows = true;
                }
                leader.fewer.notify_waiters();
            }
            Frame::Beat => self.outbox.put(&Frame::Beat),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
        Ok(())
    }

    /// Gives a call to the engine at once, so that calls leave in the order in which they came.
    fn call(&self, id: u64, request: Request) {
        let leader = &self.leader;
        let one = OnItsWay::new(Arc::clone(leader));
        if leader.is_closing.load(Ordering::SeqCst) {
            return self.outbox.put(&Frame::Unsent { id });
        }
        let told = leader.inbox.is_heard().then(|| request.body.clone());
        let calls = Arc::clone(&self.calls);
        let outbox = Arc::clone(&self.outbox);
        let number = self.number;
        let taker = Box::new(move |outcome| {
            if let (Ok(result), Some(body)) = (&outcome, told) {
                one.0.tell(number, &body, result);
            }
            let answer = Frame::Answer { id, outcome };
            let is_last = {
                let mut calls = lock(&calls);
                calls.remove(&id);
                calls.is_empty()
            };
            if is_last {
                outbox.put(&answer);
            } else {
                outbox.put_with_others(&answer);
            }
            drop(one);
        });
        // Its outcome may be there before its ticket.
        self.calls().insert(id, None);
        let ticket = Arc::clone(&leader.engine).give(request, taker);
        if let Some(call) = self.calls().get_mut(&id) {
            *call = Some(ticket);
        }
    }

    /// The follower takes the updates from now on.
    fn listen(&self) {
        let leader = Arc::clone(&self.leader);
        let outbox = Arc::clone(&self.outbox);
        let mut stream = leader.hub.subscribe();
        leader.engine.listen();
        let giving = tokio::spawn(async move {
            while let Some(object) = stream.recv().await {
                outbox.room().await;
                outbox.put(&Frame::Update { object });
            }
        });
        let outbox = Arc::clone(&self.outbox);
        let forward = move |method: &str, body: &Bytes, result: &Bytes| {
            outbox.put(&Frame::Result {
                method: method.to_owned(),
                body: body.clone(),
                result: result.clone(),
            });
        };
        let config = &self.leader.config;
        self.leader
            .inbox
            .listen_elsewhere(Some((config, Arc::new(forward))));
        let listener = Some((self.number, giving.abort_handle()));
        let former = std::mem::replace(&mut self.leader.state().listener, listener);
        if let Some((_, former)) = former {
            former.abort();
        }
    }

    fn listen_no_more(&self) {
        let mut state = self.leader.state();
        let own = state.listener.take_if(|(number, _)| *number == self.number);
        drop(state);
        if let Some((_, giving)) = own {
            giving.abort();
            self.leader.inbox.listen_elsewhere(None);
        }
    }

    /// The follower has marked the session as logged out: who has the lock removes it.
    fn log_out(&self) {
        let leader = Arc::clone(&self.leader);
        if let Ok(session) = leader.session.get()
            && session.authorization() == Authorization::LoggedOut
        {
            leader.engine.renew(leader.hub.home());
            // What cannot be removed now is removed by who opens it next.
            let _ = session.remove();
            leader.inbox.wake();
            // Not within the task that this ends.
            tokio::spawn(async move { leader.stop() });
        }
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        lock(&self.calls)
    }
}

impl Leader {
    /// The result of a follower's call, for who takes the updates, unless that is the caller, who has it.
    fn tell(&self, from: u64, body: &Bytes, result: &Bytes) {
        let is_listener = |(number, _): &(u64, AbortHandle)| *number == from;
        if self.state().listener.as_ref().is_some_and(is_listener) {
            return;
        }
        let schema = self.config.schema();
        let constructor = body.first_chunk().copied().map(u32::from_le_bytes);
        if let Some(method) = constructor.and_then(|id| schema.method_by_id(id)) {
            self.inbox.offer(&self.config, method.name(), body, result);
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let calls = std::mem::take(&mut *self.calls());
        for ticket in calls.into_values().flatten() {
            ticket.cancel();
        }
        self.outbox.close();
        self.listen_no_more();
        self.leader.state().followers.remove(&self.number);
    }
}

/// Counts a call as long as it is on its way.
struct OnItsWay(Arc<Leader>);

impl OnItsWay {
    fn new(leader: Arc<Leader>) -> OnItsWay {
        leader.calls.fetch_add(1, Ordering::SeqCst);
        OnItsWay(leader)
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::AcqRel);
        self.0.fewer.notify_waiters();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
