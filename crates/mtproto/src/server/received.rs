//! What the server knows about the client's messages: which it has seen, in what order, and what became of them.

use std::time::Duration;

use super::in_order::InOrder;
use crate::MsgId;
use crate::message_id::Origin;
use crate::service::bad_msg;

/// Messages that are remembered. The security guidelines ask for a window that covers the last 300 seconds; identifiers
/// below it are refused instead of trusted.
const KEPT: usize = 4096;
const MAX_AGE: i64 = 300;
const MAX_AHEAD: i64 = 30;

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Query {
    Running,
    Dropped,
    Answered(MsgId),
}

/// The bits of `msgs_state_info`:
/// <https://core.telegram.org/mtproto/service_messages_about_messages#informational-message-regarding-status-of-messages>
mod state {
    pub(super) const FORGOTTEN: u8 = 1;
    pub(super) const NOT_RECEIVED: u8 = 2;
    pub(super) const NOT_RECEIVED_YET: u8 = 3;
    pub(super) const RECEIVED: u8 = 4;
    pub(super) const ACKNOWLEDGED: u8 = 8;
    pub(super) const NEEDS_NO_ACK: u8 = 16;
    pub(super) const QUERY: u8 = 32;
    pub(super) const ANSWERED: u8 = 64;
}

#[derive(Debug)]
struct Seen {
    seq_no: i32,
    query: Option<Query>,
}

/// The client's messages that were accepted.
#[derive(Debug, Default)]
pub(super) struct Received {
    seen: InOrder<MsgId, Seen>,
    /// The highest identifier that was forgotten.
    forgotten: Option<MsgId>,
}

impl Received {
    /// The identifier of an envelope: made by a client, neither long ago nor in the future.
    pub(super) fn check_time(msg_id: MsgId, now: Duration) -> Result<(), i32> {
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        check_low_bits(msg_id)?;
        if msg_id.seconds() < now.saturating_sub(MAX_AGE) {
            return Err(bad_msg::ID_TOO_LOW);
        }
        if msg_id.seconds() > now.saturating_add(MAX_AHEAD) {
            return Err(bad_msg::ID_TOO_HIGH);
        }
        Ok(())
    }

    /// The identifier of a message in a container, which may have been made earlier, and that of any message.
    pub(super) fn check_new(&self, msg_id: MsgId, now: Duration) -> Result<(), i32> {
        check_low_bits(msg_id)?;
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let too_old = msg_id.seconds() < now.saturating_sub(MAX_AGE);
        if too_old || self.forgotten.is_some_and(|forgotten| msg_id <= forgotten) {
            return Err(bad_msg::TOO_OLD);
        }
        Ok(())
    }

    pub(super) fn contains(&self, msg_id: MsgId) -> bool {
        self.seen.contains(msg_id)
    }

    /// Sequence numbers grow with identifiers, and content-related messages don't share one.
    pub(super) fn check_order(&self, msg_id: MsgId, seq_no: i32) -> Result<(), i32> {
        let out_of_order =
            |earlier: i32, later: i32| earlier > later || earlier == later && later % 2 != 0;
        let (before, after) = self.seen.around(msg_id);
        if let Some(before) = before
            && out_of_order(before.seq_no, seq_no)
        {
            return Err(bad_msg::SEQ_NO_TOO_LOW);
        }
        if let Some(after) = after
            && out_of_order(seq_no, after.seq_no)
        {
            return Err(bad_msg::SEQ_NO_TOO_HIGH);
        }
        Ok(())
    }

    pub(super) fn insert(&mut self, msg_id: MsgId, seq_no: i32) {
        self.seen.insert(
            msg_id,
            Seen {
                seq_no,
                query: None,
            },
        );
        while self.seen.len() > KEPT {
            self.forgotten = self
                .seen
                .pop_first()
                .map(|(msg_id, _)| msg_id)
                .max(self.forgotten);
        }
    }

    /// Takes back that a message was seen. Gives its sequence number.
    pub(super) fn remove(&mut self, msg_id: MsgId) -> Option<i32> {
        self.seen.remove(msg_id).map(|seen| seen.seq_no)
    }

    pub(super) fn query(&self, msg_id: MsgId) -> Option<Query> {
        self.seen.get(msg_id)?.query
    }

    pub(super) fn set_query(&mut self, msg_id: MsgId, query: Query) {
        if let Some(seen) = self.seen.get_mut(msg_id) {
            seen.query = Some(query);
        }
    }

    /// One byte for each message as `msgs_state_info` has them.
    pub(super) fn states(&self, msg_ids: &[i64]) -> Vec<u8> {
        msg_ids
            .iter()
            .map(|&msg_id| self.state(MsgId(msg_id)))
            .collect()
    }

    fn state(&self, msg_id: MsgId) -> u8 {
        let Some(seen) = self.seen.get(msg_id) else {
            let (lowest, highest) = (self.seen.first(), self.seen.last());
            // What is older than the session may have been received in one that was forgotten.
            return if lowest.is_some_and(|lowest| msg_id < lowest) {
                state::FORGOTTEN
            } else if highest.is_none_or(|highest| msg_id > highest) {
                state::NOT_RECEIVED_YET
            } else {
                state::NOT_RECEIVED
            };
        };
        // Acknowledgements leave with whatever is sent next, which includes this very answer.
        let acknowledged = if seen.seq_no % 2 == 0 {
            state::NEEDS_NO_ACK
        } else {
            state::ACKNOWLEDGED
        };
        let query = match seen.query {
            None => 0,
            Some(Query::Running | Query::Dropped) => state::QUERY,
            Some(Query::Answered(_)) => state::QUERY | state::ANSWERED,
        };
        state::RECEIVED | acknowledged | query
    }
}

fn check_low_bits(msg_id: MsgId) -> Result<(), i32> {
    if msg_id.origin() == Some(Origin::Client) {
        Ok(())
    } else {
        Err(bad_msg::ID_LOW_BITS)
    }
}
