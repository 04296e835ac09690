//! Updates that were given and not handled, in their order.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::updates::machine::Mark;

/// A sequence has moved past an update when it and all before it were handled.
#[derive(Default)]
pub(super) struct Hands {
    /// Of the update that was given last.
    last: Option<Mark>,
    behind: VecDeque<Given>,
}

static NUMBERS: AtomicU64 = AtomicU64::new(1);

struct Given {
    number: u64,
    mark: Mark,
    held: bool,
}

impl Hands {
    /// An update is given; the one before is handled, or held.
    pub(super) fn give(&mut self, mark: Option<Mark>) {
        self.last = mark;
    }

    /// The update that was given last goes on being handled. `None` where nothing is noted of it.
    pub(super) fn hold(&mut self) -> Option<u64> {
        let mark = self.last.take()?;
        Some(self.add(mark, true))
    }

    /// The update that was given last was handled.
    pub(super) fn handled(&mut self) {
        if let Some(mark) = self.last.take() {
            self.add(mark, false);
        }
    }

    /// One that was held was handled.
    pub(super) fn release(&mut self, number: u64) {
        let given = self.behind.iter_mut().find(|given| given.number == number);
        if let Some(given) = given {
            given.held = false;
        }
    }

    /// The first one, where it was handled: to be noted.
    pub(super) fn done(&self) -> Option<Mark> {
        self.behind
            .front()
            .filter(|first| !first.held)
            .map(|first| first.mark)
    }

    /// The first one was noted.
    pub(super) fn noted(&mut self) {
        self.behind.pop_front();
    }

    /// The sequences that these are of.
    pub(super) fn keys(&self) -> impl Iterator<Item = i64> {
        let behind = self.behind.iter().map(|given| given.mark);
        behind.chain(self.last).map(|mark| mark.key)
    }

    fn add(&mut self, mark: Mark, held: bool) -> u64 {
        // Of another listener's updates none has the same.
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        self.behind.push_back(Given { number, mark, held });
        number
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::Hands;
    use crate::updates::machine::{ACCOUNT, Mark, Step};

    fn mark(pts: i32) -> Mark {
        let step = Step::Pts(pts);
        Mark { key: ACCOUNT, step }
    }

    fn noted(hands: &mut Hands) -> Vec<Mark> {
        let mut noted = Vec::new();
        while let Some(mark) = hands.done() {
            noted.push(mark);
            hands.noted();
        }
        noted
    }

    #[test]
    fn nothing_is_noted_before_all_that_came_before_it_was_handled() {
        let mut hands = Hands::default();
        hands.give(Some(mark(1)));
        let first = hands.hold().unwrap();
        hands.give(Some(mark(2)));
        hands.handled();
        hands.give(Some(mark(3)));
        let third = hands.hold().unwrap();
        hands.give(Some(mark(4)));
        hands.handled();
        assert_eq!((noted(&mut hands), hands.keys().count()), (vec![], 4));
        hands.release(third);
        assert!(noted(&mut hands).is_empty());
        hands.release(first);
        assert!(noted(&mut hands).into_iter().eq((1..=4).map(mark)));
        // Of what has no number nothing is noted.
        hands.give(None);
        assert_eq!(hands.hold(), None);
        hands.release(first);
        assert!(noted(&mut hands).is_empty());
    }
}
