//! Which of the server's messages were seen.

use std::collections::VecDeque;

use crate::MsgId;

/// Messages that are remembered. The security guidelines leave the number open; whatever is older than all of them is
/// not trusted.
pub(super) const KEPT: usize = 2048;

/// What is known about an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    New,
    Repeated,
    /// So old that it may have been seen.
    Forgotten,
}

/// The last [`KEPT`] identifiers in ascending order. Nearly all arrive in that order.
#[derive(Debug)]
pub(super) struct Seen {
    ids: VecDeque<i64>,
    forgotten: MsgId,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            ids: VecDeque::new(),
            forgotten: MsgId(i64::MIN),
        }
    }
}

impl Seen {
    pub(super) fn verdict(&self, msg_id: MsgId) -> Verdict {
        if msg_id <= self.forgotten {
            Verdict::Forgotten
        } else if self.position(msg_id).is_ok() {
            Verdict::Repeated
        } else {
            Verdict::New
        }
    }

    /// Remembers a new identifier and forgets the lowest one instead when there are too many.
    pub(super) fn insert(&mut self, msg_id: MsgId) {
        if let Err(position) = self.position(msg_id) {
            self.ids.insert(position, msg_id.0);
        }
        while self.ids.len() > KEPT
            && let Some(lowest) = self.ids.pop_front()
        {
            self.forgotten = MsgId(lowest).max(self.forgotten);
        }
    }

    /// The highest identifier that is no longer remembered.
    pub(super) fn forgotten(&self) -> MsgId {
        self.forgotten
    }

    pub(super) fn highest(&self) -> Option<MsgId> {
        self.ids.back().copied().map(MsgId)
    }

    fn position(&self, msg_id: MsgId) -> Result<usize, usize> {
        match self.ids.back() {
            Some(&last) if last < msg_id.0 => Err(self.ids.len()),
            None => Err(0),
            Some(_) => self.ids.binary_search(&msg_id.0),
        }
    }
}
