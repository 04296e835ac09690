//! One sequence of updates: the next one, one that was there before, one that comes too early.

use std::collections::BTreeMap;

use super::ready::Update;

/// A sequence that counts with `pts` or `qts`.
#[derive(Debug)]
pub(super) struct Line {
    /// What was taken last.
    pub(super) at: i32,
    /// What came too early, in its order. Several may end at the same place: those that count nothing.
    held: BTreeMap<(i32, u32), Held>,
    bytes: usize,
    arrivals: u32,
}

/// An update that waits for those before it; `None` for a call that only counted.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) pts: i32,
    pub(super) count: i32,
    pub(super) update: Option<Update>,
}

/// Where an update stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the next one.
    Next,
    /// It was taken before.
    Old,
    /// Something is missing before it.
    Early,
}

impl Line {
    pub(super) fn new(at: i32) -> Line {
        Line {
            at,
            held: BTreeMap::new(),
            bytes: 0,
            arrivals: 0,
        }
    }

    /// Compares as <https://core.telegram.org/api/updates#message-related-event-sequences> says.
    pub(super) fn verdict(&self, pts: i32, count: i32) -> Verdict {
        let (at, pts, count) = (i64::from(self.at), i64::from(pts), i64::from(count));
        if pts == at + count {
            Verdict::Next
        } else if pts <= at {
            Verdict::Old
        } else {
            // Also one that covers more than is missing: the difference knows which part.
            Verdict::Early
        }
    }

    /// Keeps what came too early. Gives the bytes that it takes up.
    ///
    /// What waits already is not kept a second time.
    pub(super) fn hold(&mut self, held: Held) -> usize {
        let same = (held.pts, 0)..=(held.pts, u32::MAX);
        let mut same = self.held.range(same);
        if held.count > 0 && same.any(|(_, other)| other.count == held.count) {
            return 0;
        }
        self.arrivals = self.arrivals.wrapping_add(1);
        let bytes = held.size();
        self.bytes += bytes;
        self.held.insert((held.pts, self.arrivals), held);
        bytes
    }

    /// Whether something waits.
    pub(super) fn is_waiting(&self) -> bool {
        !self.held.is_empty()
    }

    pub(super) fn waiting(&self) -> usize {
        self.held.len()
    }

    /// The next one that waits, if it may be taken now; what is old is dropped. Counts the bytes that are freed.
    pub(super) fn release(&mut self, freed: &mut usize) -> Option<Held> {
        while let Some((_, first)) = self.held.first_key_value() {
            let verdict = self.verdict(first.pts, first.count);
            if verdict == Verdict::Early {
                return None;
            }
            let (_, held) = self.held.pop_first()?;
            self.bytes -= held.size();
            *freed += held.size();
            if verdict == Verdict::Next {
                return Some(held);
            }
        }
        None
    }

    /// What waits and ends here or before, in order, whatever is missing: no difference will have it.
    pub(super) fn take_through(&mut self, pts: i32, freed: &mut usize) -> Vec<Held> {
        let mut taken = Vec::new();
        while let Some(first) = self.held.first_entry()
            && first.get().pts <= pts
        {
            let held = first.remove();
            self.bytes -= held.size();
            *freed += held.size();
            if held.pts > self.at {
                taken.push(held);
            }
        }
        taken
    }

    /// All that waits, in order, whatever is missing.
    pub(super) fn take_all(&mut self) -> Vec<Held> {
        self.bytes = 0;
        let held = std::mem::take(&mut self.held).into_values();
        held.filter(|held| held.pts > self.at).collect()
    }

    /// Where the sequence was before the first one that waits.
    pub(super) fn beginning(&self) -> Option<i32> {
        let (_, first) = self.held.first_key_value()?;
        Some(first.pts.saturating_sub(first.count))
    }

    /// The bytes of what waits.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Held {
    /// The id of the new message in it; 0 where there is none.
    pub(super) fn message(&self) -> i32 {
        self.update.as_ref().map_or(0, |update| update.message)
    }

    /// What it takes up, about.
    fn size(&self) -> usize {
        64 + self.update.as_ref().map_or(0, |update| update.bytes.len())
    }
}
