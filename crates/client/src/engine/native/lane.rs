//! One connection to a DC: the calls that wait for it, the session's machine, and the socket while there is one.
//!
//! All of it is behind one lock that is held for microseconds, by callers and by the connection's task ([`super::serve`]).
//! A session outlives its sockets: what was in flight when one broke is asked about over the next.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use madeline_mtproto::client::{self, CallId, IdMap};
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::service::id;
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot, watch};
use tokio::time::Instant;

use super::Shared;
use super::keys::UsedKey;
use super::serve::{self, End};
use super::socket::Socket;
use crate::DcId;
use crate::engine::{InvokeError, Lane, Taker, init};

/// Bytes of buffers that an idle connection keeps.
const KEPT_BUFFER: usize = 4 << 10;

/// A connection. It ends when it was told to, or is idle and out of use.
pub(super) struct Connection {
    pub(super) shared: Arc<Shared>,
    pub(super) dc: DcId,
    pub(super) lane: Lane,
    state: Mutex<State>,
    wake: Notify,
    ended: watch::Sender<bool>,
}

/// What callers and the task share.
pub(super) struct State {
    pub(super) calls: IdMap<CallId, Waiting>,
    /// Calls that no session has taken yet.
    pub(super) held: VecDeque<CallId>,
    last_id: CallId,
    pub(super) session: Option<Open>,
    pub(super) socket: Option<Socket>,
    /// Counts the sockets.
    pub(super) sockets: u64,
    pub(super) stage: Stage,
    pub(super) used: Instant,
    /// Until when the task sleeps, by the clock of the machine.
    pub(super) timer: Duration,
    /// Why the socket has to be given up, found out by somebody else than the task.
    pub(super) end: Option<End>,
    /// Since when nothing was heard from the server although somebody waits.
    pub(super) down_since: Option<Instant>,
    spawned: bool,
    /// Answers to be given out when the lock is free: who gets one may have the next call ready.
    due: Due,
}

/// The state, locked. Answers that were found meanwhile go to their callers when it is free again.
pub(super) struct Locked<'c> {
    // Dropped, and so unlocked, before the answers are given out.
    state: MutexGuard<'c, State>,
    due: Due,
}

/// Answers on the way to their callers, whom they reach when this is dropped.
#[derive(Default)]
struct Due(Vec<(Caller, Outcome)>);

type Outcome = Result<Bytes, InvokeError>;

/// Who gets the outcome of a call.
pub(super) enum Caller {
    /// A future.
    Waits(oneshot::Sender<Outcome>),
    /// A function.
    Takes(Taker),
}

/// A call on its way to the connection.
pub(super) struct Submitted {
    pub(super) caller: Caller,
    pub(super) body: Bytes,
    pub(super) repeatable: bool,
}

/// How much a connection has to do.
#[derive(Clone, Copy)]
pub(super) struct Load {
    /// Calls without an answer.
    pub(super) calls: usize,
    /// Those of them that have not been sent.
    pub(super) unsent: usize,
}

/// How long the connection goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// In use.
    Serving,
    /// No new calls; it ends when those in flight have their answers.
    Retired,
    /// It ends now.
    Ending,
}

/// A call and its caller.
pub(super) struct Waiting {
    pub(super) caller: Caller,
    pub(super) body: Bytes,
    pub(super) repeatable: bool,
    /// The number of the socket that it was sent over first.
    pub(super) sent_over: Option<u64>,
    /// How often it was sent anew because the session had to be introduced or its key replaced.
    pub(super) restarts: u8,
}

/// A session and what belongs to its key.
pub(super) struct Open {
    pub(super) machine: client::Session,
    pub(super) key: UsedKey,
    /// The server knows who we are: `initConnection` was accepted.
    pub(super) introduced: bool,
    /// `auth.bindTempAuthKey` while it has not been answered: until then no call is sent.
    pub(super) binding: Option<CallId>,
}

impl Connection {
    /// A connection whose task is started with the first thing to do.
    pub(super) fn start(shared: Arc<Shared>, dc: DcId, lane: Lane) -> Arc<Connection> {
        Arc::new(Connection {
            shared,
            dc,
            lane,
            state: Mutex::new(State {
                calls: IdMap::default(),
                held: VecDeque::new(),
                last_id: 0,
                session: None,
                socket: None,
                sockets: 0,
                stage: Stage::Serving,
                used: Instant::now(),
                timer: Duration::MAX,
                end: None,
                down_since: None,
                spawned: false,
                due: Due::default(),
            }),
            wake: Notify::new(),
            ended: watch::Sender::new(false),
        })
    }

    /// Takes a request, or gives it back: the connection is out of use.
    pub(super) fn submit(self: &Arc<Self>, call: Submitted) -> Result<CallId, Submitted> {
        let mut state = self.state();
        if state.stage != Stage::Serving {
            return Err(call);
        }
        let Submitted {
            caller,
            body,
            repeatable,
        } = call;
        let id = state.next_id();
        state.used = Instant::now();
        state.calls.insert(
            id,
            Waiting {
                caller,
                body,
                repeatable,
                sent_over: None,
                restarts: 0,
            },
        );
        state.held.push_back(id);
        // With nothing else under way it leaves at once, from the caller's thread. Otherwise the task sends whatever
        // has come together, in as few messages as possible.
        let sent = state.is_quiet() && self.send_now(&mut state) && state.sleeps_well();
        self.ensure_task(&mut state);
        drop(state);
        if !sent {
            self.wake.notify_one();
        }
        Ok(id)
    }

    /// Takes back a request whose caller has given up.
    pub(super) fn cancel(&self, id: CallId) {
        let mut state = self.state();
        if state.calls.remove(&id).is_none() {
            return;
        }
        state.held.retain(|held| *held != id);
        let now = self.shared.clock.now();
        if let Some(open) = &mut state.session {
            open.machine.cancel(now, id);
        }
        drop(state);
        self.wake.notify_one();
    }

    /// How many calls wait for it.
    pub(super) fn load(&self) -> Load {
        let state = self.state();
        Load {
            calls: state.calls.len(),
            unsent: state.held.len(),
        }
    }

    /// Looks for something to do.
    pub(super) fn wake(self: &Arc<Self>) {
        self.ensure_task(&mut self.state());
        self.wake.notify_one();
    }

    /// Lets the task look once more, for whoever holds the state.
    pub(super) fn nudge(&self) {
        self.wake.notify_one();
    }

    /// No new calls; ends when those in flight have their answers.
    pub(super) fn retire(&self) {
        let mut state = self.state();
        if state.stage == Stage::Serving {
            state.stage = Stage::Retired;
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Ends it; calls in flight fail.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.stage = Stage::Ending;
        if !state.spawned {
            self.ended.send_replace(true);
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Waits until the socket is closed.
    pub(super) async fn ended(&self) {
        let mut ended = self.ended.subscribe();
        let _ = ended.wait_for(|ended| *ended).await;
    }

    /// Says that the socket is closed and the task has ended.
    pub(super) fn has_ended(&self) {
        self.ended.send_replace(true);
    }

    /// Until somebody has something for the task.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    pub(super) fn state(&self) -> Locked<'_> {
        Locked {
            state: self.state.lock().unwrap_or_else(PoisonError::into_inner),
            due: Due::default(),
        }
    }

    /// Whether a socket is wanted although no call waits: for updates.
    pub(super) fn listens(&self) -> bool {
        let hub = &self.shared.hub;
        self.lane == Lane::Calls && hub.home() == self.dc && hub.is_heard()
    }

    /// Gives held calls to the session, seals what the session has to say and writes what the socket takes. False when
    /// something is left, or the socket has failed: then the task goes on.
    pub(super) fn send_now(&self, state: &mut State) -> bool {
        let now = self.shared.clock.now();
        self.pass_on(state, now);
        let State {
            session: Some(open),
            socket: Some(socket),
            ..
        } = state
        else {
            return false;
        };
        let mut sealed = Vec::new();
        open.machine.flush(now, &mut OsRandom, &mut sealed);
        for envelope in sealed {
            // Only a frame beyond the limit of its transport is an error, and the machine keeps below all of them.
            if socket
                .framing
                .send(&envelope, false, &mut OsRandom, &mut socket.out)
                .is_err()
            {
                return false;
            }
        }
        socket.write()
    }

    /// Gives held calls to a session that may take them.
    fn pass_on(&self, state: &mut State, now: Duration) {
        let State {
            session: Some(open),
            socket: Some(_),
            held,
            calls,
            sockets,
            ..
        } = state
        else {
            return;
        };
        if open.binding.is_some() {
            return;
        }
        for id in held.drain(..) {
            let Some(call) = calls.get_mut(&id) else {
                continue;
            };
            call.sent_over = Some(*sockets);
            let body = if open.introduced || is_protocols_own(&call.body) {
                call.body.clone()
            } else {
                self.introduced(&call.body)
            };
            open.machine.send(
                now,
                client::Request {
                    id,
                    body,
                    repeatable: call.repeatable,
                },
            );
        }
    }

    /// A request with the session's introduction in front of it.
    fn introduced(&self, body: &[u8]) -> Bytes {
        let config = &self.shared.config;
        let layer = config.schema().layer();
        let mut request = match self.lane {
            Lane::Calls | Lane::Files => init::introduction(&config.app, layer),
            Lane::Cdn => init::anonymous(&config.app, layer),
        };
        if self.lane == Lane::Files {
            request.extend_from_slice(&init::without_updates());
        }
        request.extend_from_slice(body);
        request.into()
    }

    fn ensure_task(self: &Arc<Self>, state: &mut State) {
        if !state.spawned
            && let Ok(runtime) = Handle::try_current()
        {
            state.spawned = true;
            runtime.spawn(serve::run(Arc::clone(self)));
        }
    }
}

/// Whether a request is answered by the protocol itself, and by itself: it has no introduction.
pub(super) fn is_protocols_own(body: &[u8]) -> bool {
    let constructor = body.first_chunk().copied().map(u32::from_le_bytes);
    matches!(constructor, Some(id::PING | id::GET_FUTURE_SALTS))
}

impl Deref for Locked<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.due = std::mem::take(&mut self.state.due);
    }
}

impl Drop for Due {
    fn drop(&mut self) {
        for (caller, outcome) in self.0.drain(..) {
            match caller {
                // One that has just given up needs no answer.
                Caller::Waits(caller) => drop(caller.send(outcome)),
                Caller::Takes(taker) => taker(outcome),
            }
        }
    }
}

impl State {
    pub(super) fn next_id(&mut self) -> CallId {
        self.last_id += 1;
        self.last_id
    }

    /// Whether a socket stands, everything written, and no call waits for an answer.
    fn is_quiet(&self) -> bool {
        let written = self
            .socket
            .as_ref()
            .is_some_and(|socket| socket.out.is_empty());
        written
            && self
                .session
                .as_ref()
                .is_some_and(|open| open.machine.in_flight() == 0)
    }

    /// Whether the task wakes up in time by itself.
    fn sleeps_well(&self) -> bool {
        let deadline = self
            .session
            .as_ref()
            .and_then(|open| open.machine.deadline());
        deadline.is_none_or(|deadline| deadline >= self.timer)
    }

    /// Answers a call.
    pub(super) fn answer(&mut self, id: CallId, outcome: Result<Bytes, InvokeError>) {
        if let Some(call) = self.calls.remove(&id) {
            self.due.0.push((call.caller, outcome));
        }
    }

    /// Answers these calls with an error each.
    pub(super) fn fail(
        &mut self,
        ids: impl IntoIterator<Item = CallId>,
        mut error: impl FnMut() -> InvokeError,
    ) {
        for id in ids {
            self.answer(id, Err(error()));
        }
    }

    /// The calls that may be executed twice.
    pub(super) fn repeatable(&self) -> Vec<CallId> {
        let calls = self.calls.iter();
        calls
            .filter(|(_, call)| call.repeatable)
            .map(|(id, _)| *id)
            .collect()
    }

    /// Holds a call again, which the session has let go of unexecuted: for the next session or introduction.
    pub(super) fn hold_again(&mut self, id: CallId) {
        if let Some(call) = self.calls.get_mut(&id) {
            call.restarts += 1;
            self.held.push_back(id);
        }
    }

    /// Gives up memory that a file's part needed, where nothing is under way.
    pub(super) fn shrink(&mut self) {
        if self.calls.is_empty()
            && let Some(socket) = &mut self.socket
        {
            socket.out.shrink_to(KEPT_BUFFER);
        }
    }
}
