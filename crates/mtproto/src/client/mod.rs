//! The client's side of an encrypted session as a machine.
//!
//! A [`Session`] belongs to one authorization key and outlives connections: it keeps its `session_id` when one is lost,
//! so that answers and updates on their way are not. The caller owns the sockets and the clock. It says when a
//! connection stands ([`Session::connected`]) and when it is gone ([`Session::disconnected`]), hands in each frame
//! ([`Session::receive`]), calls [`Session::tick`] at [`Session::deadline`], and after any of these, and after
//! [`Session::send`], takes the frames to send with [`Session::flush`] and the events with [`Session::next_event`].
//!
//! Time is the local clock as [`Duration`] since the Unix epoch, taken from a clock that does not jump where there is
//! one; the session finds out the server's time by itself.

mod binding;
mod calls;
mod checks;
mod clock;
mod config;
mod event;
mod hash;
mod keeping;
mod notices;
mod receiving;
mod salts;
mod seen;
mod sending;
mod states;
#[cfg(test)]
mod tests;
mod violation;

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::AuthKey;
use crate::envelope::{self, Opened, Side};
use crate::gzip;
use crate::message_id::{MsgId, MsgIdGenerator};
use crate::random::{Random, bytes};
use crate::service::{FutureSalt, Service};
use binding::Binding;
use calls::{Call, Calls, Stage};
pub use clock::ServerClock;
pub use config::Config;
pub use event::{Cause, Event, Failure};
pub use hash::{IdHasher, IdMap};
use keeping::Ping;
use salts::Salts;
use seen::Seen;
use sending::Batch;
use states::Questions;
pub use violation::{Count, Silence, Violation, Violations};

/// Longest function, in bytes.
const MAX_BODY: usize = (1 << 24) - 1024;
/// `upload.saveFilePart` and `upload.saveBigFilePart`.
const FILE_PARTS: [u32; 2] = [0xb304_a621, 0xde7b_673d];
/// Answers to be dropped that wait for being sent.
const MAX_DROPS: usize = 1024;
/// Connections of which is remembered what was sent over them.
const MAX_CONNECTIONS: usize = 16;

/// A call's number: chosen by the caller, unique among the calls that are not finished.
pub type CallId = u64;

/// A function to call.
#[derive(Clone, Debug)]
pub struct Request {
    /// The number that the answer will bear.
    pub id: CallId,
    /// The function as TL bytes.
    pub body: Bytes,
    /// Whether it does no harm when the server executes the function twice. Such a call is sent again when nobody knows
    /// whether it was executed; any other fails with [`Failure::Unknown`].
    pub repeatable: bool,
}

/// The client's side of one encrypted session.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent of each other"
)]
pub struct Session {
    key: AuthKey,
    id: i64,
    config: Config,
    clock: ServerClock,
    salts: Salts,
    seen: Seen,
    calls: Calls,
    questions: Questions,
    events: VecDeque<Event>,
    violations: Violations,

    connected: bool,
    /// The number of the connection in use.
    connection: u32,
    /// The last connections: number, and the lowest identifier that was given out on it.
    connections: VecDeque<(u32, i64)>,
    heard_at: Duration,
    /// Whether the server has shown that it knows the session.
    announced: bool,

    msg_ids: MsgIdGenerator,
    last_id: MsgId,
    content_sent: i32,
    batch: Batch,
    scratch: Vec<u8>,
    /// What the packed data of the envelope at hand may still grow by.
    inflatable: usize,

    acks: Vec<i64>,
    acks_at: Option<Duration>,
    replies: Vec<Vec<u8>>,
    drops: Vec<i64>,
    ping: Option<Ping>,
    ping_due: bool,
    ping_at: Duration,
    /// Message and envelope of the open question for salts.
    salts_asked: Option<(i64, i64)>,
    salts_at: Duration,
    states_at: Option<Duration>,

    /// Rounds of refusals since something was accepted.
    refusals: u32,
    /// Refusals of what was sent up to this identifier belong to a round that was counted.
    refused_up_to: i64,
    /// Refusals because of sequence numbers.
    disorders: u32,
    /// The session needs another identifier.
    out_of_step: bool,
}

impl Session {
    /// A session that was not used before. `session_id` is random; `salts` are those known from the key exchange or
    /// stored ones, in any order, or none.
    pub fn new(
        key: AuthKey,
        session_id: i64,
        clock: ServerClock,
        salts: Vec<FutureSalt>,
        config: Config,
    ) -> Self {
        Self {
            key,
            id: session_id,
            config,
            clock,
            salts: Salts::new(salts),
            seen: Seen::default(),
            calls: Calls::default(),
            questions: Questions::default(),
            events: VecDeque::new(),
            violations: Violations::default(),
            connected: false,
            connection: 0,
            connections: VecDeque::new(),
            heard_at: Duration::ZERO,
            announced: false,
            msg_ids: MsgIdGenerator::default(),
            last_id: MsgId(0),
            content_sent: 0,
            batch: Batch::default(),
            scratch: Vec::new(),
            inflatable: 0,
            acks: Vec::new(),
            acks_at: None,
            replies: Vec::new(),
            drops: Vec::new(),
            ping: None,
            ping_due: false,
            ping_at: Duration::ZERO,
            salts_asked: None,
            salts_at: Duration::ZERO,
            states_at: None,
            refusals: 0,
            refused_up_to: 0,
            disorders: 0,
            out_of_step: false,
        }
    }

    /// Queues a call, also while there is no connection. It leaves with the next [`Session::flush`].
    pub fn send(&mut self, _now: Duration, request: Request) {
        let Request {
            id,
            body,
            repeatable,
        } = request;
        let bytes = body.len();
        if bytes < 4 || !bytes.is_multiple_of(4) || bytes > MAX_BODY {
            let why = Failure::Unsendable { bytes };
            self.events.push_back(Event::Failed { id, why });
            return;
        }
        let body = self.packed(&body).unwrap_or(body);
        self.calls.push(id, Call::new(body, repeatable));
    }

    /// Queues `auth.bindTempAuthKey`, which ties the key of this session, a temporary one, to a permanent one until
    /// `expires_at` (Unix seconds of the server). It is repeatable.
    pub fn bind_temporary_key(
        &mut self,
        _now: Duration,
        id: CallId,
        permanent: &AuthKey,
        expires_at: i32,
    ) {
        let mut call = Call::new(Bytes::new(), true);
        call.binding = Some(Box::new(Binding::new(permanent, expires_at)));
        self.calls.push(id, call);
    }

    /// The caller gave up: no event will name this call any more. If it was sent, the server is asked to drop the
    /// answer.
    pub fn cancel(&mut self, _now: Duration, id: CallId) {
        let Some(call) = self.calls.remove(id) else {
            return;
        };
        if call.msg_id != 0 {
            self.calls.note_dropped(call.msg_id);
            if self.drops.len() < MAX_DROPS {
                self.drops.push(call.msg_id);
            }
        }
    }

    /// A new connection stands.
    pub fn connected(&mut self, now: Duration) {
        if self.connected {
            self.disconnected(now);
        }
        self.connected = true;
        self.connection = self.connection.wrapping_add(1);
        self.restart_connections();
        self.heard_at = now;
        self.ping_due = true;
        self.ask_after_reconnect(now);
    }

    /// The connection is gone; calls that were sent are asked about over the next one.
    pub fn disconnected(&mut self, _now: Duration) {
        self.connected = false;
        self.ping = None;
        self.ping_due = false;
        if self.salts_asked.take().is_some() {
            self.salts_at = Duration::ZERO;
        }
        self.replies.clear();
        self.questions.disconnected();
        for id in self.calls.select(|call| !call.stage.waits_for_sending()) {
            if let Some(call) = self.calls.get_mut(id) {
                call.stage = Stage::Uncertain;
            }
        }
    }

    /// Takes a frame: the payload that the transport gives.
    ///
    /// # Errors
    /// When the frame breaks a rule: the connection has to be closed. The session goes on over the next one.
    pub fn receive(&mut self, now: Duration, frame: impl Into<Bytes>) -> Result<(), Violation> {
        let opened = envelope::decrypt_in_place(&self.key, Side::Server, frame);
        self.received(now, opened)
    }

    /// [`Session::receive`] for several frames in the order in which they came: large ones are decrypted together, which
    /// is faster. Gives how many were taken, and why the one behind them was not, if there is one.
    pub fn receive_all(
        &mut self,
        now: Duration,
        frames: Vec<Bytes>,
    ) -> (usize, Result<(), Violation>) {
        let mut taken = 0;
        for opened in envelope::decrypt_all(&self.key, Side::Server, frames) {
            if let Err(violation) = self.received(now, opened) {
                return (taken, Err(violation));
            }
            taken += 1;
        }
        (taken, Ok(()))
    }

    fn received(
        &mut self,
        now: Duration,
        opened: Result<Opened, envelope::Error>,
    ) -> Result<(), Violation> {
        let accepted = match opened {
            Ok(opened) => self.accept(now, opened),
            Err(error) => Err(error.into()),
        };
        if let Err(violation) = &accepted {
            self.violations.add(violation.count());
            if matches!(
                violation,
                Violation::TooOld { .. } | Violation::TooNew { .. }
            ) {
                self.clock.doubt();
            }
        }
        accepted
    }

    /// Appends the frames to send now: none while there is no connection.
    pub fn flush(&mut self, now: Duration, random: &mut dyn Random, out: &mut Vec<Vec<u8>>) {
        self.send_all(now, random, out);
    }

    /// The next thing that happened.
    pub fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When [`Session::tick`] has something to do, on the local clock. `None`: not before something else happens.
    pub fn deadline(&self) -> Option<Duration> {
        if !self.connected {
            return None;
        }
        let ping_at = self.ping.is_none().then_some(self.ping_at);
        [
            self.acks_at,
            ping_at,
            self.pong_deadline(),
            self.states_at,
            self.questions.wanted_at,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Does what is due. [`Session::flush`] sends it.
    ///
    /// # Errors
    /// When the server is silent: the connection has to be closed.
    pub fn tick(&mut self, now: Duration) -> Result<(), Silence> {
        if !self.connected {
            return Ok(());
        }
        self.check_pong(now)?;
        self.check_calls(now);
        self.check_wanted(now);
        Ok(())
    }

    /// Calls that are not finished, sent or not.
    pub fn in_flight(&self) -> usize {
        self.calls.len()
    }

    /// No call is unfinished and nothing waits for being sent.
    pub fn is_idle(&self) -> bool {
        self.calls.len() == 0
            && self.acks.is_empty()
            && self.replies.is_empty()
            && self.drops.is_empty()
            && self.questions.is_empty()
    }

    /// The session's identifier. It changes only after [`Violation::OutOfStep`].
    pub fn session_id(&self) -> i64 {
        self.id
    }

    /// What is known of the server's time.
    pub fn clock(&self) -> ServerClock {
        self.clock
    }

    /// What was wrong with the server's messages, counted.
    pub fn violations(&self) -> &Violations {
        &self.violations
    }

    /// The function as `gzip_packed`, where that is wanted and smaller.
    fn packed(&self, body: &Bytes) -> Option<Bytes> {
        let from = self.config.compress_from?;
        let id = body.first_chunk().copied().map(u32::from_le_bytes)?;
        if body.len() < from || FILE_PARTS.contains(&id) {
            return None;
        }
        let packed_data = &gzip::pack(body)?;
        let packed = Service::GzipPacked { packed_data }.to_bytes();
        (packed.len() < body.len()).then(|| packed.into())
    }

    /// Goes on under another identifier, as if nothing had been sent yet.
    fn replace(&mut self, random: &mut dyn Random) {
        self.id = i64::from_le_bytes(bytes(random));
        self.out_of_step = false;
        self.seen = Seen::default();
        self.questions = Questions::default();
        self.announced = false;
        self.content_sent = 0;
        self.acks.clear();
        self.acks_at = None;
        self.replies.clear();
        self.drops.clear();
        (self.refusals, self.disorders) = (0, 0);
        self.restart_identifiers();
        for id in self.calls.select(|call| call.stage != Stage::Queued) {
            let failure = self.calls.lost(id, Cause::SessionReplaced);
            self.fail(id, failure);
        }
        self.gap();
    }

    /// Objects may be missing; said once until something else is.
    fn gap(&mut self) {
        if self.events.back() != Some(&Event::Gap) {
            self.events.push_back(Event::Gap);
        }
    }

    /// Begins with identifiers anew, which may then be lower than before.
    fn restart_identifiers(&mut self) {
        self.msg_ids = MsgIdGenerator::default();
        self.last_id = MsgId(0);
        self.refused_up_to = 0;
        self.connections.clear();
        self.restart_connections();
    }

    /// Identifiers from here on belong to the connection in use.
    fn restart_connections(&mut self) {
        let first = self.last_id.0.saturating_add(1);
        self.connections.push_back((self.connection, first));
        if self.connections.len() > MAX_CONNECTIONS {
            self.connections.pop_front();
        }
    }

    /// The connection on which an identifier was given out; 0 when that is not known any more.
    fn connection_of(&self, msg_id: i64) -> u32 {
        self.connections
            .iter()
            .rfind(|&&(_, first)| first <= msg_id)
            .map_or(0, |&(connection, _)| connection)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("key", &self.key)
            .field("session_id", &self.id)
            .field("in_flight", &self.calls.len())
            .finish_non_exhaustive()
    }
}
