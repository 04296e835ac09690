//! The server's time, as far as this side knows it.
//!
//! It is learnt only from messages that answer something this session sent over the connection in use: those were made
//! after the question, so that whoever delays or repeats messages can shift the clock by no more than the time for
//! which the question has been open. Pings bound that.

use std::time::Duration;

use crate::MsgId;

/// The difference between the server's clock and the local one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerClock {
    offset: i64,
    known: bool,
}

impl ServerClock {
    /// Nothing is known: the local clock is taken for right until the server answers.
    pub fn unknown() -> Self {
        Self::stored(0)
    }

    /// `offset` seconds were found earlier: the local clock may have been set since. Used for identifiers; the ages of
    /// the server's messages are checked as soon as an answer confirms it.
    pub fn stored(offset: i64) -> Self {
        Self {
            offset,
            known: false,
        }
    }

    /// The server's clock is `offset` seconds ahead, as the key exchange has just shown.
    pub fn known(offset: i64) -> Self {
        Self {
            offset,
            known: true,
        }
    }

    /// Seconds by which the server's clock is ahead of the local one.
    pub fn offset(self) -> i64 {
        self.offset
    }

    /// Whether the server confirmed it.
    pub fn is_known(self) -> bool {
        self.known
    }

    /// The server's time when the local clock says `now`.
    pub fn server(self, now: Duration) -> Duration {
        let offset = Duration::from_secs(self.offset.unsigned_abs());
        if self.offset < 0 {
            now.saturating_sub(offset)
        } else {
            now.saturating_add(offset)
        }
    }

    /// Takes the time of a message that the server has just made. Gives whether that changed the offset.
    pub(super) fn adopt(&mut self, now: Duration, msg_id: MsgId) -> bool {
        let offset = msg_id.seconds() - seconds(now);
        let changed = offset != self.offset;
        *self = Self::known(offset);
        changed
    }

    /// A message did not fit the time: one of them is wrong, and the next answer tells which.
    pub(super) fn doubt(&mut self) {
        self.known = false;
    }
}

/// Whole seconds.
pub(super) fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}
