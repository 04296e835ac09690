//! A record of the journal: eight bytes that say of what, and eight words.

use crate::session::CONTENT;
use crate::updates::machine::Position;
use crate::updates::read::State;

/// What a record says.
pub(super) enum Record {
    /// Where a sequence is.
    At(i64, Position),
    /// [`Step::Told`](crate::updates::machine::Step::Told)
    Told(u64),
    /// [`Step::Ahead`](crate::updates::machine::Step::Ahead) of a sequence.
    Ahead(i64, u64),
}

// Flags.
const ACTIVE: u32 = 1;
const DIGEST: u32 = 2;
const AHEAD: u32 = 4;

impl Record {
    pub(super) fn encode(&self) -> [u8; CONTENT] {
        let (head, position, flags) = match self {
            Record::At(key, position) => (
                key.to_le_bytes(),
                *position,
                u32::from(position.active) * ACTIVE,
            ),
            Record::Told(digest) => (digest.to_le_bytes(), Position::default(), DIGEST),
            Record::Ahead(key, identity) => (key.to_le_bytes(), halves(*identity), AHEAD),
        };
        let Position {
            state,
            number,
            index,
            ..
        } = position;
        let words = [
            state.pts as u32,
            state.qts as u32,
            state.date as u32,
            state.seq as u32,
            number,
            index,
            flags,
            0,
        ];
        let mut content = [0; CONTENT];
        let (first, rest) = content.split_at_mut(8);
        first.copy_from_slice(&head);
        for (slot, word) in rest.chunks_exact_mut(4).zip(words) {
            slot.copy_from_slice(&word.to_le_bytes());
        }
        content
    }

    pub(super) fn decode(content: &[u8; CONTENT]) -> Record {
        let (first, rest) = content.split_at(8);
        let mut head = [0; 8];
        head.copy_from_slice(first);
        let words = rest.as_chunks::<4>().0.iter().copied();
        let mut words = words.map(u32::from_le_bytes);
        let mut word = || words.next().unwrap_or(0);
        let state = State {
            pts: word() as i32,
            qts: word() as i32,
            date: word() as i32,
            seq: word() as i32,
        };
        let (number, index, flags) = (word(), word(), word());
        let key = i64::from_le_bytes(head);
        if flags & DIGEST != 0 {
            Record::Told(u64::from_le_bytes(head))
        } else if flags & AHEAD != 0 {
            Record::Ahead(key, u64::from(number) << 32 | u64::from(index))
        } else {
            let active = flags & ACTIVE != 0;
            let position = Position {
                state,
                number,
                index,
                active,
            };
            Record::At(key, position)
        }
    }
}

/// An identity where a position has two other words.
fn halves(identity: u64) -> Position {
    Position {
        number: (identity >> 32) as u32,
        index: identity as u32,
        ..Position::default()
    }
}
