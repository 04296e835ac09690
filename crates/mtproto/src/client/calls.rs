//! The calls that are not finished, found by their number and by the identifier of the message they were sent in.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;

use super::binding::Binding;
use super::hash::IdMap;
use super::{CallId, Cause, Failure};

/// How often a call is sent before it counts as impossible to send.
pub(super) const MAX_ATTEMPTS: u8 = 8;
/// Answers to be dropped that are remembered; an answer to one that is not is dropped as unknown.
const MAX_DROPPED: usize = 1024;

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// To be sent in a message of its own.
    Queued,
    /// To be sent again in the same message, which the server may have after all: it then knows it by its identifier.
    Again,
    /// Sent over the connection in use.
    Sent,
    /// Sent over a connection that is gone.
    Uncertain,
    /// The server has it.
    Received,
    /// The server has an answer.
    Answered,
}

impl Stage {
    pub(super) fn waits_for_sending(self) -> bool {
        matches!(self, Self::Queued | Self::Again)
    }
}

/// A call that is not finished.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the call"
)]
pub(super) struct Call {
    pub(super) body: Bytes,
    pub(super) binding: Option<Box<Binding>>,
    pub(super) repeatable: bool,
    pub(super) stage: Stage,
    /// The message it was last sent in.
    pub(super) msg_id: i64,
    pub(super) seq_no: i32,
    /// The envelope around that: the message itself, or a container.
    pub(super) envelope: i64,
    /// The connection it was last sent over.
    pub(super) connection: u32,
    /// Not to be put into a container.
    pub(super) alone: bool,
    /// The server has said that it does not have the message.
    pub(super) not_received: bool,
    /// The message was sent in several envelopes, of which any may still arrive.
    pub(super) copied: bool,
    /// An earlier message may have been executed.
    pub(super) doubtful: bool,
    pub(super) attempts: u8,
    /// How often it was asked about since the last news.
    pub(super) asked: u8,
    /// When to ask about it.
    pub(super) check_at: Duration,
}

impl Call {
    pub(super) fn new(body: Bytes, repeatable: bool) -> Self {
        Self {
            body,
            binding: None,
            repeatable,
            stage: Stage::Queued,
            msg_id: 0,
            seq_no: 0,
            envelope: 0,
            connection: 0,
            alone: false,
            not_received: false,
            copied: false,
            doubtful: false,
            attempts: 0,
            asked: 0,
            check_at: Duration::ZERO,
        }
    }
}

/// What an identifier of ours belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Call(CallId),
    /// A call that was given up, or the request to drop its answer.
    Dropped,
}

#[derive(Default)]
pub(super) struct Calls {
    by_id: IdMap<CallId, Call>,
    sent: IdMap<i64, Sent>,
    /// Those that wait for sending; also numbers of calls that no longer do.
    pub(super) queue: VecDeque<CallId>,
    dropped: VecDeque<i64>,
}

impl Calls {
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn push(&mut self, id: CallId, call: Call) {
        self.by_id.insert(id, call);
        self.queue.push_back(id);
    }

    pub(super) fn get(&self, id: CallId) -> Option<&Call> {
        self.by_id.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: CallId) -> Option<&mut Call> {
        self.by_id.get_mut(&id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (CallId, &Call)> {
        self.by_id.iter().map(|(&id, call)| (id, call))
    }

    pub(super) fn sent(&self, msg_id: i64) -> Option<Sent> {
        self.sent.get(&msg_id).copied()
    }

    /// The call that was last sent in a message.
    pub(super) fn by_message(&mut self, msg_id: i64) -> Option<(CallId, &mut Call)> {
        let Some(Sent::Call(id)) = self.sent(msg_id) else {
            return None;
        };
        self.get_mut(id).map(|call| (id, call))
    }

    /// Notes that a call is sent in a message.
    pub(super) fn note(&mut self, msg_id: i64, id: CallId) {
        self.sent.insert(msg_id, Sent::Call(id));
    }

    /// Notes that the answer to a message is not wanted.
    pub(super) fn note_dropped(&mut self, msg_id: i64) {
        self.sent.insert(msg_id, Sent::Dropped);
        self.dropped.push_back(msg_id);
        if self.dropped.len() > MAX_DROPPED
            && let Some(oldest) = self.dropped.pop_front()
            && self.sent(oldest) == Some(Sent::Dropped)
        {
            self.sent.remove(&oldest);
        }
    }

    /// Forgets what was sent in a message.
    pub(super) fn forget(&mut self, msg_id: i64) {
        self.sent.remove(&msg_id);
    }

    /// Forgets a call with its message.
    pub(super) fn remove(&mut self, id: CallId) -> Option<Call> {
        let call = self.by_id.remove(&id)?;
        self.sent.remove(&call.msg_id);
        // What was cancelled before it was sent leaves its number in the queue.
        if self.queue.len() > 2 * self.by_id.len() + 64 {
            let calls = &self.by_id;
            self.queue.retain(|id| calls.contains_key(id));
        }
        Some(call)
    }

    /// The numbers of the calls for which `wanted` holds, in the order of their messages.
    pub(super) fn select(&self, wanted: impl Fn(&Call) -> bool) -> Vec<CallId> {
        let mut found: Vec<_> = self
            .iter()
            .filter(|(_, call)| wanted(call))
            .map(|(id, call)| (call.msg_id, id))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// Queues a call for a new message.
    pub(super) fn requeue(&mut self, id: CallId) {
        let Some(call) = self.by_id.get_mut(&id) else {
            return;
        };
        self.sent.remove(&call.msg_id);
        call.msg_id = 0;
        call.stage = Stage::Queued;
        call.not_received = false;
        call.copied = false;
        call.asked = 0;
        self.queue.push_back(id);
    }

    /// Queues a call for its old message; `false` when that was done too often.
    pub(super) fn again(&mut self, id: CallId, not_received: bool) -> bool {
        let Some(call) = self.by_id.get_mut(&id) else {
            return true;
        };
        call.attempts += 1;
        if call.attempts > MAX_ATTEMPTS {
            return false;
        }
        call.stage = Stage::Again;
        call.copied = true;
        call.not_received |= not_received;
        call.asked = 0;
        self.queue.push_back(id);
        true
    }

    /// Nobody knows whether a call was executed: it is sent again if that does no harm. Otherwise it fails, and this
    /// gives why.
    pub(super) fn lost(&mut self, id: CallId, cause: Cause) -> Option<Failure> {
        let call = self.by_id.get_mut(&id)?;
        call.attempts = call.attempts.saturating_add(1);
        call.doubtful = true;
        if call.repeatable && call.attempts <= MAX_ATTEMPTS {
            self.requeue(id);
            return None;
        }
        self.remove(id).map(|_| Failure::Unknown(cause))
    }

    /// The server did not take a call's message: it is sent in another one, unless that was done too often. Then it
    /// fails, and this gives why.
    pub(super) fn refused(&mut self, id: CallId, code: i32) -> Option<Failure> {
        let call = self.by_id.get_mut(&id)?;
        call.attempts = call.attempts.saturating_add(1);
        if call.attempts <= MAX_ATTEMPTS {
            self.requeue(id);
            return None;
        }
        self.remove(id).map(|call| {
            if call.doubtful {
                Failure::Unknown(Cause::MessageForgotten)
            } else {
                Failure::Refused(code)
            }
        })
    }
}

#[cfg(test)]
impl Calls {
    /// How many messages are remembered.
    pub(super) fn remembered(&self) -> usize {
        self.sent.len() + self.dropped.len()
    }
}
