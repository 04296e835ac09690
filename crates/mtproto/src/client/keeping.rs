//! What keeps a session alive: acknowledgements, pings, salts for later.

use std::time::Duration;

use super::clock::seconds;
use super::receiving::Incoming;
use super::sending::{MAX_IDS, Piece, Tracked};
use super::violation::{Count, Silence};
use super::{Event, Session};
use crate::message_id::MsgId;
use crate::random::{Random, bytes};
use crate::service::{FutureSalt, Service};

/// Acknowledgements that may wait; the server repeats what gets none.
const MAX_ACKS: usize = 2 * MAX_IDS;
/// What the server adds to the interval of pings before it closes the connection.
const DISCONNECT_MARGIN: Duration = Duration::from_secs(15);
/// A ping without answer is given up after so many times [`super::Config::pong_within`], whatever else comes.
const MAX_PATIENCE: u32 = 4;
/// Salts are asked for no more often than this.
const SALTS_EVERY: Duration = Duration::from_secs(600);
/// A clock that pings show to be off by more than this is set; less may be the way of the ping.
const CLOCK_TOLERANCE: i64 = 5;

/// A ping without answer.
#[derive(Clone, Copy)]
pub(super) struct Ping {
    pub(super) id: i64,
    pub(super) msg_id: i64,
    pub(super) envelope: i64,
    /// When it was first sent.
    pub(super) since: Duration,
}

impl Session {
    /// Acknowledges a message with whatever is sent next, or after a while.
    pub(super) fn acknowledge(&mut self, now: Duration, msg_id: MsgId) {
        if self.acks.len() < MAX_ACKS {
            self.acks.push(msg_id.0);
        }
        self.acks_at.get_or_insert(now + self.config.ack_after);
    }

    /// Acknowledgements leave when there are many, when they are due, or with something else.
    pub(super) fn acknowledgements(&mut self, now: Duration, ride: bool, pieces: &mut Vec<Piece>) {
        let due = self.acks_at.is_some_and(|at| at <= now);
        if self.acks.is_empty() || !(ride || due || self.acks.len() >= self.config.ack_at) {
            return;
        }
        for msg_ids in self.acks.chunks(MAX_IDS) {
            let msg_ids = msg_ids.to_vec();
            pieces.push(Piece::service(
                &Service::MsgsAck { msg_ids },
                Tracked::Nothing,
            ));
        }
        self.acks.clear();
        self.acks.shrink_to(64);
        self.acks_at = None;
    }

    /// A ping, and with it the question for salts, and the answers that are not wanted.
    pub(super) fn keeping_pieces(
        &mut self,
        now: Duration,
        random: &mut dyn Random,
        pieces: &mut Vec<Piece>,
    ) {
        for req_msg_id in self.drops.drain(..) {
            pieces.push(Piece::service(
                &Service::RpcDropAnswer { req_msg_id },
                Tracked::Drop,
            ));
        }
        if self.ping_due {
            self.ping_due = false;
            self.ping_at = now + self.config.ping_every;
            let delay = self.config.ping_every + self.config.pong_within.max(DISCONNECT_MARGIN);
            let ping_id = i64::from_le_bytes(bytes(random));
            let ping = Service::PingDelayDisconnect {
                ping_id,
                disconnect_delay: i32::try_from(delay.as_secs()).unwrap_or(i32::MAX),
            };
            pieces.push(Piece::service(&ping, Tracked::Ping(ping_id)));
        }
        let later = self.salts.later(seconds(self.clock.server(now)));
        let few = later < usize::from(self.config.min_future_salts);
        let speaks = !pieces.is_empty() || !self.calls.queue.is_empty();
        if speaks && few && self.salts_at <= now && self.salts_asked.is_none() {
            self.salts_at = now + SALTS_EVERY;
            let num = i32::from(self.config.future_salts);
            pieces.push(Piece::service(
                &Service::GetFutureSalts { num },
                Tracked::Salts,
            ));
        }
    }

    /// Finds out whether the connection is alive, unless that is being found out.
    pub(super) fn probe(&mut self) {
        if self.ping.is_none() {
            self.ping_due = true;
        }
    }

    pub(super) fn pong(&mut self, incoming: Incoming, ping_id: i64) {
        if self.ping.is_none_or(|ping| ping.id != ping_id) {
            self.violations.add(Count::UnknownAnswer);
            return;
        }
        self.ping = None;
        self.disorders = 0;
        self.accepted();
        let server = seconds(self.clock.server(incoming.now));
        let off = incoming.envelope.seconds().abs_diff(server);
        if !self.clock.is_known() || off > CLOCK_TOLERANCE.unsigned_abs() {
            self.adopt_time(incoming);
        }
    }

    pub(super) fn future_salts(
        &mut self,
        incoming: Incoming,
        req_msg_id: i64,
        salts: Vec<FutureSalt>,
    ) {
        if self
            .salts_asked
            .is_none_or(|(asked, _)| asked != req_msg_id)
        {
            self.violations.add(Count::UnknownAnswer);
            return;
        }
        self.salts_asked = None;
        self.accepted();
        self.learn_time(incoming);
        let server = seconds(self.clock.server(incoming.now));
        self.salts.replace(salts, server);
        self.events.push_back(Event::Salts(self.salts.list(server)));
    }

    /// Whether an envelope or message is that of a question that is open.
    pub(super) fn service_is_ours(&self, id: i64) -> bool {
        self.ping
            .is_some_and(|ping| ping.envelope == id || ping.msg_id == id)
            || self
                .salts_asked
                .is_some_and(|(msg_id, envelope)| msg_id == id || envelope == id)
            || self.question_is_ours(id)
    }

    /// Asks the questions again that were refused with an envelope or message.
    pub(super) fn refuse_services(&mut self, now: Duration, id: i64) {
        if self
            .ping
            .is_some_and(|ping| ping.envelope == id || ping.msg_id == id)
        {
            self.ping_due = true;
        }
        if self
            .salts_asked
            .is_some_and(|(msg_id, envelope)| msg_id == id || envelope == id)
        {
            self.salts_asked = None;
            self.salts_at = now;
        }
        self.refuse_questions(id);
    }

    /// When the ping without answer shows that the connection is dead.
    pub(super) fn pong_deadline(&self) -> Option<Duration> {
        let within = self.config.pong_within;
        self.ping.map(|ping| {
            let heard = ping.since.max(self.heard_at) + within;
            heard.min(ping.since + within * MAX_PATIENCE)
        })
    }

    pub(super) fn check_pong(&mut self, now: Duration) -> Result<(), Silence> {
        match (self.ping, self.pong_deadline()) {
            (Some(ping), Some(deadline)) if deadline <= now => {
                self.violations.add(Count::Silence);
                Err(Silence::Pong {
                    waited: now.saturating_sub(ping.since),
                })
            }
            _ => {
                if self.ping_at <= now {
                    self.probe();
                }
                Ok(())
            }
        }
    }
}
