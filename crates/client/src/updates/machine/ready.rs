//! What is to be delivered, and what is to be remembered when it was.

use std::collections::VecDeque;

use bytes::Bytes;
use madeline_tl::Schema;
use madeline_tl::wire::Writer;

use crate::updates::read::{Form, State};

/// The account itself among the keys of sequences; all others are ids of channels.
pub(crate) const ACCOUNT: i64 = 0;

/// One update.
#[derive(Clone, Debug)]
pub(crate) struct Update {
    pub(super) bytes: Bytes,
    pub(super) form: Form,
    /// The id of the new message in it; 0 where there is none.
    pub(super) message: i32,
    pub(super) identity: u64,
}

/// The next thing in the order of delivery: an update, a note, or both.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub(crate) update: Option<Update>,
    /// To be remembered when the update was handled; without an update, when it is its turn.
    pub(crate) mark: Option<Mark>,
}

/// What is to be delivered, in this order.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Ready>,
    bytes: usize,
}

/// For so many the room is kept when none is left; what a long gap has needed is given back.
const ROOM: usize = 64;

impl Queue {
    pub(super) fn push(&mut self, ready: Ready) {
        self.bytes += size(&ready);
        self.waiting.push_back(ready);
    }

    pub(super) fn pop(&mut self) -> Option<Ready> {
        let ready = self.waiting.pop_front()?;
        self.bytes -= size(&ready);
        if self.waiting.is_empty() {
            self.waiting.shrink_to(ROOM);
        }
        Some(ready)
    }

    /// How many updates wait, and how many bytes they have.
    pub(super) fn load(&self) -> (usize, usize) {
        (self.waiting.len(), self.bytes)
    }

    /// What is to be remembered of those that wait.
    pub(super) fn marks(&self) -> impl Iterator<Item = Mark> {
        self.waiting.iter().filter_map(|ready| ready.mark)
    }
}

fn size(ready: &Ready) -> usize {
    ready.update.as_ref().map_or(0, |update| update.bytes.len())
}

/// A step of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// [`ACCOUNT`] or a channel.
    pub(crate) key: i64,
    pub(crate) step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Pts(i32),
    /// A channel's `pts`, and the id of its newest message.
    Channel {
        pts: i32,
        top: i32,
    },
    Qts(i32),
    Seq {
        seq: i32,
        date: i32,
    },
    /// So many updates of the stored difference of that number were handled.
    Part {
        number: u32,
        index: u32,
    },
    /// The difference of that number, 0 for one that was not stored, is through; this is where the sequence is now.
    Through {
        number: u32,
        state: State,
    },
    /// An update without a number of its own was handled, and the object it came in, which has one, is not through: this is
    /// the update's digest.
    Told(u64),
    /// An update was handled before its turn: this is its [identity](Update::identity). It may come again until the sequence is
    /// past it.
    Ahead(u64),
    /// Whatever was handled before its turn in an earlier life has come again.
    CaughtUp,
    /// A channel that was never seen has changed since that date: what was sent in it since is missing.
    Unseen {
        since: i32,
    },
    /// Something of the channel may be on its way, or missing: after a crash its difference is needed.
    Active,
    /// The channel cannot be asked about any more; so far it was.
    Gone {
        pts: i32,
    },
}

impl Update {
    /// By what the update is recognized within its sequence when it comes again, also in a difference.
    pub(crate) fn identity(&self) -> u64 {
        self.identity
    }

    /// The update as TL bytes.
    pub(crate) fn into_bytes(self, schema: &Schema) -> Bytes {
        let Form::Message(name) = self.form else {
            return self.bytes;
        };
        let Some(definition) = schema.constructor(name) else {
            return self.bytes;
        };
        let mut bytes = Vec::with_capacity(self.bytes.len() + 12);
        let mut writer = Writer::new(&mut bytes);
        writer.id(definition.id());
        for param in definition.params() {
            if matches!(param.name(), "message") {
                writer.raw(&self.bytes);
            } else {
                // `pts`, `pts_count`, `qts`: differences don't say them of each message.
                writer.int(-1);
            }
        }
        bytes.into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, Queue, ROOM, Ready, Step};

    fn mark(pts: i32) -> Ready {
        let mark = Some(Mark {
            key: 0,
            step: Step::Pts(pts),
        });
        Ready { update: None, mark }
    }

    #[test]
    fn room_for_many_is_given_back() {
        let mut queue = Queue::default();
        for pts in 0..10_000 {
            queue.push(mark(pts));
        }
        assert_eq!(queue.load(), (10_000, 0));
        for pts in 0..10_000 {
            let popped = queue.pop().and_then(|ready| ready.mark);
            assert_eq!(popped.map(|mark| mark.step), Some(Step::Pts(pts)));
        }
        assert!(queue.pop().is_none());
        assert!(queue.waiting.capacity() <= 2 * ROOM);
    }
}
