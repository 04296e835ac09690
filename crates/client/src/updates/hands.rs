//! Updates that were given and not handled, in their order.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};

use super::machine::{Mark, Step};

/// How many may wait behind one that is in hand: then that counts as handled.
const MOST: usize = 100_000;

/// A sequence has moved past an update when it and all before it were handled. One that was handled before its turn is noted
/// by itself, so that it does not come again for the sake of those before it.
#[derive(Default)]
pub(super) struct Hands {
    /// What was given last.
    last: Option<(Mark, Option<u64>)>,
    behind: VecDeque<Given>,
    /// Numbers of those that were handled before their turn, which is not noted.
    ahead: VecDeque<u64>,
}

static NUMBERS: AtomicU64 = AtomicU64::new(1);

struct Given {
    number: u64,
    mark: Mark,
    /// See [`Update::identity`](super::machine::Update::identity); `None` for a mark without an update.
    identity: Option<u64>,
    held: bool,
}

impl Hands {
    /// A mark is given, with the identity of its update where it has one; what came before is handled, or held.
    pub(super) fn give(&mut self, mark: Option<Mark>, identity: Option<u64>) {
        self.last = mark.map(|mark| (mark, identity));
    }

    /// The update that was given last goes on being handled. `None` where nothing is noted of it.
    pub(super) fn hold(&mut self) -> Option<u64> {
        let (mark, identity) = self.last.take()?;
        Some(self.add(mark, identity, true))
    }

    /// The update that was given last was handled.
    pub(super) fn handled(&mut self) {
        if let Some((mark, identity)) = self.last.take() {
            let is_next = self.behind.is_empty();
            let number = self.add(mark, identity, false);
            if !is_next && identity.is_some() {
                self.ahead.push_back(number);
            }
        }
    }

    /// One that was held was handled.
    pub(super) fn release(&mut self, number: u64) {
        if let Some(given) = find(&self.behind, number).and_then(|at| self.behind.get_mut(at)) {
            given.held = false;
            self.ahead.push_back(number);
        }
    }

    /// What is to be noted next.
    pub(super) fn done(&mut self) -> Option<Mark> {
        let first = self.behind.front()?;
        if !first.held {
            return Some(first.mark);
        }
        while let Some(number) = self.ahead.front() {
            let given = find(&self.behind, *number).and_then(|at| self.behind.get(at));
            if let Some(handled) = given.and_then(Given::handled_ahead) {
                return Some(handled);
            }
            self.ahead.pop_front();
        }
        None
    }

    /// What [`Hands::done`] gave was noted.
    pub(super) fn noted(&mut self) {
        if self.behind.front().is_some_and(|first| !first.held) {
            self.behind.pop_front();
        } else {
            self.ahead.pop_front();
        }
        if self.behind.is_empty() {
            self.ahead.clear();
        }
    }

    /// What was handled before its turn, which has not come.
    pub(super) fn ahead(&self) -> impl Iterator<Item = Mark> {
        let handled = self.behind.iter().filter(|given| !given.held);
        handled.filter_map(Given::handled_ahead)
    }

    /// The sequences that these are of.
    pub(super) fn keys(&self) -> impl Iterator<Item = i64> {
        let behind = self.behind.iter().map(|given| given.mark.key);
        behind.chain(self.last.map(|(mark, _)| mark.key))
    }

    fn add(&mut self, mark: Mark, identity: Option<u64>, held: bool) -> u64 {
        // Of another listener's updates none has the same.
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        if self.behind.len() >= MOST
            && let Some(first) = self.behind.front_mut()
        {
            first.held = false;
        }
        self.behind.push_back(Given {
            number,
            mark,
            identity,
            held,
        });
        number
    }
}

impl Given {
    fn handled_ahead(&self) -> Option<Mark> {
        let key = self.mark.key;
        let step = Step::Ahead(self.identity?);
        Some(Mark { key, step })
    }
}

/// Numbers ascend.
fn find(behind: &VecDeque<Given>, number: u64) -> Option<usize> {
    behind
        .binary_search_by_key(&number, |given| given.number)
        .ok()
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

    fn ahead(identity: u64) -> Mark {
        let step = Step::Ahead(identity);
        Mark { key: ACCOUNT, step }
    }

    fn give(hands: &mut Hands, number: i32) {
        hands.give(Some(mark(number)), Some(number as u64));
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
    fn a_sequence_moves_when_all_that_came_before_was_handled() {
        let mut hands = Hands::default();
        give(&mut hands, 1);
        hands.handled();
        assert_eq!(noted(&mut hands), [mark(1)]);
        give(&mut hands, 2);
        let second = hands.hold().unwrap();
        give(&mut hands, 3);
        let third = hands.hold().unwrap();
        assert_eq!(noted(&mut hands), []);
        hands.release(second);
        assert_eq!(noted(&mut hands), [mark(2)]);
        hands.release(third);
        assert_eq!(noted(&mut hands), [mark(3)]);
        // Of what has no number nothing is noted.
        hands.give(None, None);
        assert_eq!(hands.hold(), None);
        hands.release(second);
        assert_eq!(noted(&mut hands), []);
    }

    #[test]
    fn what_is_in_hand_for_ever_does_not_keep_all_that_follows() {
        let mut hands = Hands::default();
        give(&mut hands, 0);
        hands.hold().unwrap();
        for number in 1..=super::MOST as i32 {
            give(&mut hands, number);
            hands.handled();
            if number < super::MOST as i32 {
                assert_eq!(noted(&mut hands), [ahead(number as u64)]);
            }
        }
        assert_eq!(noted(&mut hands).len(), super::MOST + 1);
        assert_eq!(hands.keys().count(), 0);
    }

    #[test]
    fn what_was_handled_before_its_turn_is_noted_by_itself_and_once_more_in_its_turn() {
        let mut hands = Hands::default();
        give(&mut hands, 1);
        let first = hands.hold().unwrap();
        give(&mut hands, 2);
        hands.handled();
        assert_eq!(noted(&mut hands), [ahead(2)]);
        give(&mut hands, 3);
        let third = hands.hold().unwrap();
        // A mark alone is not recognized by anything.
        hands.give(Some(mark(4)), None);
        hands.handled();
        assert_eq!(noted(&mut hands), []);
        hands.release(third);
        assert_eq!(noted(&mut hands), [ahead(3)]);
        assert!(hands.ahead().eq([ahead(2), ahead(3)]));
        assert_eq!(hands.keys().count(), 4);
        hands.release(first);
        assert!(noted(&mut hands).into_iter().eq((1..=4).map(mark)));
        assert_eq!(hands.ahead().count(), 0);
    }
}
