//! A follower's connection to the leader, and the calls that wait for it.
//!
//! As with the connections to Telegram, whoever has a call writes it to the socket itself, and a thread that waits for the
//! answer may watch the socket ([`crate::watch`]); the link's task does the rest. So a call crosses to no other thread of
//! this process.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use madeline_mtproto::client::IdMap;
use tokio::sync::{Notify, oneshot};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use super::joining::Joined;
use super::wire::{DIGEST, Frame};
use crate::config::Config;
use crate::engine::portion::{self, PORTION};
use crate::engine::reader::{Back, Reader};
use crate::engine::stream::Stream;
use crate::engine::updates::Hub;
use crate::engine::{InvokeError, Request};
use crate::updates::Inbox;
use crate::watch::{self, Begun, Watched};

/// How long a leader may say nothing while calls wait before it is asked whether it is there.
pub(super) const BEAT: Duration = Duration::from_secs(1);
/// Between looks at the clock while there are no calls.
const IDLE: Duration = Duration::from_secs(3600);

/// What the leader's process has done.
const ENDED: &str = "has ended";

/// What became of a call.
pub(super) enum Outcome {
    /// The leader's answer.
    Answer(Result<Bytes, InvokeError>),
    /// It was not sent to Telegram, and will not be.
    Unsent,
    /// The link ended, for this reason. Whether the call was sent is not known.
    Ended(Arc<str>),
}

/// Where what the leader tells unasked goes.
pub(super) struct Ears {
    pub(super) hub: Arc<Hub>,
    pub(super) inbox: Arc<Inbox>,
    pub(super) config: Arc<Config>,
}

/// See the module.
pub(super) struct Link {
    /// The leader's process.
    pub(super) pid: Option<u32>,
    /// How the leader's connections are made.
    pub(super) settings: [u8; DIGEST],
    stream: Arc<Stream>,
    ears: Ears,
    /// How long a leader that is asked may say nothing.
    patience: Duration,
    state: Mutex<State>,
    wake: Notify,
}

struct State {
    calls: IdMap<u64, oneshot::Sender<Outcome>>,
    last_id: u64,
    /// Bytes that the system has not taken yet, from `written` on.
    out: Vec<u8>,
    written: usize,
    input: BytesMut,
    reader: Reader,
    /// When the leader said something last, or the first of the calls that wait was made.
    heard: Instant,
    asked: bool,
    /// When the task looks at the clock next.
    timer: Instant,
    /// The leader takes no more calls.
    leaving: bool,
    ended: Option<Arc<str>>,
}

/// Outcomes on their way to their callers, who may have the next call ready: given out when the lock is free.
type Due = Vec<(oneshot::Sender<Outcome>, Outcome)>;

impl Link {
    /// A link over a connection that stands. To be called within the runtime.
    pub(super) fn start(joined: Joined, ears: Ears, patience: Duration) -> io::Result<Arc<Link>> {
        let Joined {
            stream,
            input,
            pid,
            settings,
        } = joined;
        let link = Arc::new(Link {
            pid,
            settings,
            stream: Arc::new(Stream::new(stream.into_std()?.into())?),
            ears,
            patience,
            state: Mutex::new(State {
                calls: IdMap::default(),
                last_id: 0,
                out: Vec::new(),
                written: 0,
                input,
                reader: Reader::default(),
                heard: Instant::now(),
                asked: false,
                timer: Instant::now() + IDLE,
                leaving: false,
                ended: None,
            }),
            wake: Notify::new(),
        });
        Ok(link)
    }

    /// Whether calls may be sent over it.
    pub(super) fn stands(&self) -> bool {
        let state = self.state();
        state.ended.is_none() && !state.leaving
    }

    /// Sends a call and waits for what becomes of it. Dropping the future tells the leader that nobody waits any more.
    pub(super) async fn call(self: &Arc<Self>, request: &Request) -> Outcome {
        let (caller, answer) = oneshot::channel();
        let id = {
            let mut state = self.state();
            if state.ended.is_some() || state.leaving {
                return Outcome::Unsent;
            }
            let is_alone = state.calls.is_empty();
            if is_alone {
                (state.heard, state.asked) = (Instant::now(), false);
            }
            if !is_alone || state.timer > state.heard + BEAT {
                // The task sends what has come together, or begins to keep time.
                self.wake.notify_one();
            }
            state.last_id += 1;
            let id = state.last_id;
            state.calls.insert(id, caller);
            let frame = Frame::Call {
                id,
                dc: request.dc,
                lane: request.lane,
                repeatable: request.repeatable,
                body: request.body.clone(),
            };
            frame.write(&mut state.out);
            if is_alone && !self.flush(&mut state) {
                self.wake.notify_one();
            }
            id
        };
        let mut waiting = Waiting {
            link: self,
            id,
            answered: false,
        };
        let outcome = wait(self, answer).await;
        waiting.answered = true;
        outcome
    }

    /// Says something that has no answer.
    pub(super) fn say(&self, frame: &Frame) {
        let mut state = self.state();
        if state.ended.is_none() {
            self.put(&mut state, frame);
        }
    }

    /// Ends it; calls in flight fail.
    pub(super) fn end(&self, why: &str) {
        let mut due = Due::new();
        self.finish(&mut self.state(), &mut due, why);
        give(due);
        self.wake.notify_one();
    }

    /// Appends a frame and sends what the system takes.
    fn put(&self, state: &mut State, frame: &Frame) {
        frame.write(&mut state.out);
        if !self.flush(state) {
            self.wake.notify_one();
        }
    }

    /// Sends what the system takes. True when nothing is left. What is wrong with the socket shows when it is read.
    fn flush(&self, state: &mut State) -> bool {
        while let Some(rest) = state
            .out
            .get(state.written..)
            .filter(|rest| !rest.is_empty())
        {
            match self.stream.write(rest) {
                Ok(count) if count > 0 => state.written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                Ok(_) | Err(_) => break,
            }
        }
        state.written = 0;
        state.out.clear();
        state.out.shrink_to(PORTION);
        true
    }

    /// Takes in what has come. True when the socket has no more.
    fn receive(&self, state: &mut State, due: &mut Due) -> bool {
        while state.ended.is_none() {
            let read = portion::read(
                |room| self.stream.read(room),
                |came| state.input.extend_from_slice(came),
            );
            match read {
                Ok(0) => self.finish(state, due, ENDED),
                Ok(_) => self.understand(state, due),
                Err(error) if io::Error::kind(&error) == io::ErrorKind::WouldBlock => return true,
                // It ended with something unread.
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {
                    self.finish(state, due, ENDED);
                }
                Err(error) => self.finish(state, due, &format!("cannot be reached: {error}")),
            }
        }
        true
    }

    /// Takes in what has come, for a thread that is not the task's.
    fn take_in(&self, mut state: MutexGuard<'_, State>) {
        let mut due = Due::new();
        self.receive(&mut state, &mut due);
        let has_ended = state.ended.is_some();
        drop(state);
        give(due);
        if has_ended {
            self.wake.notify_one();
        }
    }

    /// Acts on the frames that are complete.
    fn understand(&self, state: &mut State, due: &mut Due) {
        (state.heard, state.asked) = (Instant::now(), false);
        loop {
            match Frame::take(&mut state.input) {
                Ok(None) => return,
                Ok(Some(frame)) => self.act(state, due, frame),
                Err(error) => return self.finish(state, due, &format!("broke the rules: {error}")),
            }
        }
    }

    fn act(&self, state: &mut State, due: &mut Due, frame: Frame) {
        match frame {
            Frame::Answer { id, outcome } => {
                if let Some(caller) = state.calls.remove(&id) {
                    due.push((caller, Outcome::Answer(outcome)));
                }
            }
            Frame::Unsent { id } => {
                if let Some(caller) = state.calls.remove(&id) {
                    due.push((caller, Outcome::Unsent));
                }
            }
            Frame::Update { object } => {
                let hub = &self.ears.hub;
                if !hub.is_heard() {
                    self.put(state, &Frame::Listen { on: false });
                }
                hub.receive(hub.home(), object);
            }
            Frame::Result {
                method,
                body,
                result,
            } => {
                let Ears { inbox, config, .. } = &self.ears;
                inbox.take_in(config, &method, &body, &result);
            }
            Frame::Bye => {
                state.leaving = true;
                self.put(state, &Frame::Bye);
            }
            // An answer to a question, or what leaders do not say.
            _ => {}
        }
    }

    fn finish(&self, state: &mut State, due: &mut Due, why: &str) {
        if state.ended.is_some() {
            return;
        }
        let why: Arc<str> = self.describe(why).into();
        for (_, caller) in state.calls.drain() {
            due.push((caller, Outcome::Ended(Arc::clone(&why))));
        }
        state.ended = Some(why);
        self.stream.shut();
    }

    fn describe(&self, why: &str) -> String {
        match self.pid {
            Some(pid) => format!("process {pid}, which has the session's connections, {why}"),
            None => format!("the process that has the session's connections {why}"),
        }
    }

    /// Asks a leader that says nothing whether it is there; gives it up when it does not answer.
    fn keep_time(&self) {
        let mut due = Due::new();
        let mut state = self.state();
        let silent = state.heard.elapsed();
        if state.calls.is_empty() {
            // Nobody waits.
        } else if silent >= self.patience {
            let why = format!("has not answered for {:.0} s", silent.as_secs_f64());
            self.finish(&mut state, &mut due, &why);
        } else if silent >= BEAT && !state.asked {
            state.asked = true;
            self.put(&mut state, &Frame::Beat);
        }
        drop(state);
        give(due);
    }

    /// Reads where nobody else does any more.
    fn look(&self) {
        let mut due = Due::new();
        let mut state = self.state();
        match state.reader.look(&self.stream) {
            Ok(false) => {}
            Ok(true) => drop(self.receive(&mut state, &mut due)),
            Err(error) => self.finish(&mut state, &mut due, &format!("cannot be reached: {error}")),
        }
        drop(state);
        give(due);
    }

    /// When to look at the clock, and whether something waits to be sent; `None` when the link has ended.
    fn plan(&self) -> Option<(Instant, bool)> {
        let mut state = self.state();
        if state.ended.is_some() {
            return None;
        }
        // After the last call the clock goes on for a moment: the next one needs nobody to start it.
        state.timer = match (state.calls.is_empty(), state.asked) {
            (true, _) if state.heard.elapsed() >= BEAT => Instant::now() + IDLE,
            (false, true) => state.heard + self.patience,
            _ => state.heard + BEAT,
        };
        if let Some(at) = state.reader.good_time() {
            state.timer = state.timer.min(at.into());
        }
        Some((state.timer, !state.out.is_empty()))
    }

    fn poll_receive(&self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let mut readable = match ready!(self.stream.poll_readable(context)) {
                Ok(readable) => readable,
                Err(error) => {
                    self.end(&format!("cannot be reached: {error}"));
                    return Poll::Ready(());
                }
            };
            let mut due = Due::new();
            let mut state = self.state();
            if !state.reader.is_task() {
                // What has come, and comes, is a caller's to take.
                readable.clear_ready();
                continue;
            }
            if self.receive(&mut state, &mut due) {
                readable.clear_ready();
            }
            let goes_on = state.ended.is_none() && state.out.is_empty();
            drop(state);
            give(due);
            if !goes_on {
                return Poll::Ready(());
            }
        }
    }

    /// Reads, writes and keeps time until it ends.
    pub(super) async fn run(self: Arc<Self>) {
        // What came with the greeting.
        let mut due = Due::new();
        self.understand(&mut self.state(), &mut due);
        give(due);
        while let Some((next, is_left)) = self.plan() {
            tokio::select! {
                biased;
                () = poll_fn(|context| self.poll_receive(context)) => {}
                ready = self.stream.writable(), if is_left => {
                    if ready.is_ok() {
                        self.flush(&mut self.state());
                    }
                }
                () = self.wake.notified() => {
                    // Whoever else is ready now may have calls, too: they leave together.
                    yield_now().await;
                    self.flush(&mut self.state());
                }
                () = sleep_until(next) => self.keep_time(),
            }
            self.look();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for the outcome; a thread that does nothing else may watch the socket.
async fn wait(link: &Arc<Link>, mut answer: oneshot::Receiver<Outcome>) -> Outcome {
    let outcome = poll_fn(|context| {
        let polled = Pin::new(&mut answer).poll(context);
        if polled.is_pending() {
            watch::offer(link);
        }
        polled
    })
    .await;
    // Nobody drops the other end without a word.
    outcome.unwrap_or(Outcome::Unsent)
}

fn give(due: Due) {
    for (caller, outcome) in due {
        // One that has just given up needs none.
        let _ = caller.send(outcome);
    }
}

/// A call that its caller may give up.
struct Waiting<'l> {
    link: &'l Arc<Link>,
    id: u64,
    answered: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.answered {
            let mut state = self.link.state();
            if state.calls.remove(&self.id).is_some() && state.ended.is_none() {
                self.link.put(&mut state, &Frame::Cancel { id: self.id });
            }
        }
    }
}

impl Watched for Link {
    fn begin(&self) -> Option<Begun> {
        let mut state = self.state();
        if state.ended.is_some() {
            return None;
        }
        let begun = state.reader.begin(&self.stream).ok()?;
        begun.then(|| Begun {
            number: 0,
            socket: Arc::clone(&self.stream) as _,
        })
    }

    fn take(self: Arc<Self>, _: u64) {
        let mut state = self.state();
        state.reader.heard();
        self.take_in(state);
    }

    fn give_back(self: Arc<Self>, _: u64) {
        let mut state = self.state();
        let quiet = state.calls.is_empty();
        match state.reader.give_back(&self.stream, quiet) {
            Ok(Back::Now) => self.take_in(state),
            Ok(Back::Then(at)) if Instant::from(at) < state.timer => self.wake.notify_one(),
            // The task is awake by then.
            Ok(Back::Then(_)) => {}
            Err(error) => {
                // Nobody would hear it any more.
                drop(state);
                self.end(&format!("cannot be reached: {error}"));
            }
        }
    }
}
