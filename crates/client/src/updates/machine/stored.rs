//! What is stored of a sequence while the process may end.

use bytes::Bytes;

use crate::updates::read::State;

/// A difference that was stored and not handled to its end.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) key: i64,
    pub(crate) number: u32,
    /// How many of its updates were handled.
    pub(crate) handled: u32,
    /// Where the sequence was before it.
    pub(crate) base: State,
    pub(crate) answer: Bytes,
}

/// Where a sequence was left. The `qts` of a channel is the id of its newest message, its `date` that of [`Step::Unseen`](super::Step::Unseen).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) state: State,
    /// The newest difference of the sequence that was stored and is not through yet, or was through last, and how
    /// much of it was handled.
    pub(crate) number: u32,
    pub(crate) index: u32,
    /// The difference is needed: something may be missing.
    pub(crate) active: bool,
}

impl Position {
    /// The `index` of a difference that is through.
    pub(crate) const THROUGH: u32 = u32::MAX;
}
