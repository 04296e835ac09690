//! From what is to be said to frames: numbers, containers, envelopes.

use std::time::Duration;

use super::binding;
use super::calls::Stage;
use super::clock::seconds;
use super::keeping::Ping;
use super::states::StateRequest;
use super::{CallId, Session};
use crate::container::{MAX_MESSAGES, MESSAGE_HEADER};
use crate::envelope::{self, Header, LaidOut, Side};
use crate::message_id::{MsgId, Origin};
use crate::random::Random;
use crate::service::{Service, id};
use crate::wire::Write;

/// Acknowledgements, questions about messages and the like that go into one message.
pub(super) const MAX_IDS: usize = 4096;
/// Seconds after which no server takes an old message, so that it can be replaced by a new one without being executed
/// twice: 300 and a margin for the clock.
const OUTDATED: i64 = 360;
/// A buffer for containers that is kept while nothing is sent.
const MAX_SCRATCH: usize = 16 << 10;

/// What has to be found again when the server speaks of a message.
pub(super) enum Tracked {
    Nothing,
    Ping(i64),
    Salts,
    States(Vec<i64>),
    /// The answer is to be ignored.
    Drop,
}

/// Something to be sent.
pub(super) enum Piece {
    Call(CallId),
    Service { body: Vec<u8>, tracked: Tracked },
}

impl Piece {
    pub(super) fn service(service: &Service<'_>, tracked: Tracked) -> Self {
        Self::Service {
            body: service.to_bytes(),
            tracked,
        }
    }
}

/// A piece with its numbers.
pub(super) struct Numbered {
    msg_id: MsgId,
    seq_no: i32,
    piece: Piece,
}

/// The messages that will share an envelope.
#[derive(Default)]
pub(super) struct Batch {
    messages: Vec<Numbered>,
    bytes: usize,
    /// Nothing may be added.
    closed: bool,
    /// Old identifiers are taken in containers only.
    contained: bool,
}

impl Session {
    pub(super) fn send_all(
        &mut self,
        now: Duration,
        random: &mut dyn Random,
        out: &mut Vec<Vec<u8>>,
    ) {
        if !self.connected {
            return;
        }
        if self.out_of_step {
            self.replace(random);
        }
        let mut ready = Vec::new();
        for piece in self.services(now, random) {
            self.add(now, piece, random, &mut ready);
        }
        while let Some(call) = self.calls.queue.pop_front() {
            if self
                .calls
                .get(call)
                .is_some_and(|call| call.stage.waits_for_sending())
            {
                self.add(now, Piece::Call(call), random, &mut ready);
            }
        }
        self.finish_batch(now, random, &mut ready);
        let sealed = envelope::seal_all(&self.key, Side::Client, ready);
        out.extend(sealed.into_iter().map(|sealed| sealed.bytes));
        if self.scratch.capacity() > MAX_SCRATCH {
            self.scratch = Vec::new();
        }
    }

    /// Adds a piece to the batch, which is finished before when the piece does not fit.
    fn add(
        &mut self,
        now: Duration,
        piece: Piece,
        random: &mut dyn Random,
        ready: &mut Vec<LaidOut>,
    ) {
        let (len, alone) = match &piece {
            Piece::Service { body, .. } => (body.len(), false),
            Piece::Call(id) => match self.calls.get(*id) {
                Some(call) if call.binding.is_some() => (binding::LEN, call.alone),
                Some(call) => (call.body.len(), call.alone),
                None => return,
            },
        };
        let more = len + MESSAGE_HEADER;
        let alone = alone || more > self.config.container_bytes;
        let most = self.config.container_messages.clamp(1, MAX_MESSAGES);
        let full = self.batch.closed
            || self.batch.messages.len() >= most
            || self.batch.bytes + more > self.config.container_bytes;
        if !self.batch.messages.is_empty() && (alone || full) {
            self.finish_batch(now, random, ready);
        }
        let (msg_id, seq_no) = match &piece {
            Piece::Call(id) => self.number_call(now, *id, random),
            Piece::Service { tracked, .. } => self.number(now, matches!(tracked, Tracked::Drop)),
        };
        self.batch.closed = alone;
        self.batch.bytes += more;
        self.batch.messages.push(Numbered {
            msg_id,
            seq_no,
            piece,
        });
    }

    /// Numbers for a new message.
    fn number(&mut self, now: Duration, content: bool) -> (MsgId, i32) {
        let msg_id = self.msg_ids.next(self.clock.server(now), Origin::Client);
        self.last_id = msg_id;
        let seq_no = self.content_sent.wrapping_mul(2) | i32::from(content);
        self.content_sent = self.content_sent.wrapping_add(i32::from(content));
        (msg_id, seq_no)
    }

    /// Numbers for a call: new ones, or those it had.
    fn number_call(&mut self, now: Duration, id: CallId, random: &mut dyn Random) -> (MsgId, i32) {
        let outdated = seconds(self.clock.server(now)) - OUTDATED;
        let old = self.calls.get(id).and_then(|call| {
            let msg_id = MsgId(call.msg_id);
            let again =
                call.stage == Stage::Again && !(call.not_received && msg_id.seconds() < outdated);
            again.then_some((msg_id, call.seq_no))
        });
        let (msg_id, seq_no) = if let Some(numbers) = old {
            self.batch.contained = true;
            numbers
        } else {
            self.number(now, true)
        };
        let check_at = now + self.config.resend_after;
        self.states_at = Some(self.states_at.map_or(check_at, |at| at.min(check_at)));
        let Some(call) = self.calls.get_mut(id) else {
            return (msg_id, seq_no);
        };
        let earlier = std::mem::replace(&mut call.msg_id, msg_id.0);
        call.seq_no = seq_no;
        call.stage = Stage::Sent;
        call.connection = self.connection;
        call.check_at = check_at;
        if old.is_none() {
            if let Some(binding) = &call.binding {
                call.body = binding.call(&self.key, self.id, msg_id, random).into();
            }
            if earlier != 0 {
                self.calls.forget(earlier);
            }
            self.calls.note(msg_id.0, id);
        }
        (msg_id, seq_no)
    }

    /// Puts the batch into an envelope: a single new message itself, anything else as a container.
    fn finish_batch(&mut self, now: Duration, random: &mut dyn Random, ready: &mut Vec<LaidOut>) {
        let mut batch = std::mem::take(&mut self.batch);
        let outer = match batch.messages.as_slice() {
            [] => return,
            [alone] if !batch.contained => (alone.msg_id, alone.seq_no),
            _ => self.number(now, false),
        };
        let header = Header {
            salt: self.salts.current(seconds(self.clock.server(now))),
            session_id: self.id,
            msg_id: outer.0,
            seq_no: outer.1,
        };
        let mut container = std::mem::take(&mut self.scratch);
        let body = match batch.messages.as_slice() {
            [alone] if !batch.contained => self.body(&alone.piece),
            messages => {
                container.clear();
                container.reserve(batch.bytes + 8);
                container.id(id::MSG_CONTAINER);
                container.int(messages.len() as i32);
                for message in messages {
                    let body = self.body(&message.piece);
                    container.long(message.msg_id.0);
                    container.int(message.seq_no);
                    container.int(body.len() as i32);
                    container.raw(body);
                }
                &container
            }
        };
        ready.push(envelope::lay_out(&self.key, header, body, random));
        self.scratch = container;
        for message in batch.messages.drain(..) {
            self.track(now, message, outer.0.0);
        }
        self.batch = Batch {
            messages: batch.messages,
            ..Batch::default()
        };
    }

    fn body<'s>(&'s self, piece: &'s Piece) -> &'s [u8] {
        match piece {
            Piece::Call(id) => self.calls.get(*id).map_or(&[], |call| &call.body),
            Piece::Service { body, .. } => body,
        }
    }

    /// Remembers in which envelope something was sent.
    fn track(&mut self, now: Duration, message: Numbered, envelope: i64) {
        let msg_id = message.msg_id.0;
        match message.piece {
            Piece::Call(id) => {
                if let Some(call) = self.calls.get_mut(id) {
                    call.envelope = envelope;
                }
            }
            Piece::Service { tracked, .. } => match tracked {
                Tracked::Nothing => {}
                Tracked::Ping(id) => {
                    let since = self.ping.map_or(now, |ping| ping.since);
                    self.ping = Some(Ping {
                        id,
                        msg_id,
                        envelope,
                        since,
                    });
                }
                Tracked::Salts => self.salts_asked = Some((msg_id, envelope)),
                Tracked::States(msg_ids) => self.asked_states(StateRequest {
                    msg_id,
                    envelope,
                    msg_ids,
                }),
                Tracked::Drop => self.calls.note_dropped(msg_id),
            },
        }
    }

    /// Everything that is not a call: answers to the server first, acknowledgements with them, then questions.
    fn services(&mut self, now: Duration, random: &mut dyn Random) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for body in self.replies.drain(..) {
            pieces.push(Piece::Service {
                body,
                tracked: Tracked::Nothing,
            });
        }
        self.state_pieces(&mut pieces);
        self.keeping_pieces(now, random, &mut pieces);
        let speaks = !pieces.is_empty() || !self.calls.queue.is_empty();
        self.acknowledgements(now, speaks, &mut pieces);
        pieces
    }
}
