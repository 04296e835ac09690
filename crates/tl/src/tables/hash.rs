//! Open-addressed look-up tables over row numbers.

use std::borrow::Cow;

/// No row: row numbers stay below it, which the compiler of the tables checks.
const EMPTY: u16 = u16::MAX;

/// Row numbers by 32-bit id.
#[derive(Clone, Debug)]
pub(crate) struct IdTable {
    /// A power of two of slots, at most half of them used.
    pub(crate) slots: Cow<'static, [u16]>,
}

impl IdTable {
    /// Builds the table for rows 0.. with these ids.
    pub(crate) fn new(ids: &[u32]) -> Self {
        let mut slots = empty_slots(ids.len());
        for (row, id) in ids.iter().enumerate() {
            insert(&mut slots, spread(*id), row as u16);
        }
        Self {
            slots: slots.into(),
        }
    }

    /// The first row with that id for which `same` holds.
    #[inline]
    pub(crate) fn find(&self, id: u32, same: impl Fn(u16) -> bool) -> Option<u16> {
        probe(&self.slots, spread(id), same)
    }
}

/// Row numbers by name, hashed the way PHP hashes its strings, so that a `zend_string` brings its hash along.
#[derive(Clone, Debug)]
pub(crate) struct NameTable {
    /// A power of two of slots, at most half of them used.
    pub(crate) slots: Cow<'static, [u16]>,
}

impl NameTable {
    /// Builds the table for rows 0.. with these names.
    pub(crate) fn new<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> Self {
        let mut slots = empty_slots(names.len());
        for (row, name) in names.enumerate() {
            insert(&mut slots, mix(php_hash(name.as_bytes())), row as u16);
        }
        Self {
            slots: slots.into(),
        }
    }

    /// The first row with that hash for which `same` holds.
    #[inline]
    pub(crate) fn find(&self, hash: u64, same: impl Fn(u16) -> bool) -> Option<u16> {
        probe(&self.slots, mix(hash), same)
    }
}

/// PHP's string hash (DJBX33A with the top bit set): what `ZSTR_H` holds.
pub(crate) fn php_hash(name: &[u8]) -> u64 {
    let hash = name.iter().fold(5381_u64, |hash, byte| {
        hash.wrapping_mul(33).wrapping_add(u64::from(*byte))
    });
    hash | 1 << 63
}

fn spread(id: u32) -> u32 {
    id.wrapping_mul(0x9e37_79b1).rotate_left(15)
}

/// Neighbouring names differ in the low bits of the hash only; a multiplication spreads them over the table.
fn mix(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

fn empty_slots(rows: usize) -> Vec<u16> {
    vec![EMPTY; (rows * 2 + 2).next_power_of_two()]
}

fn insert(slots: &mut [u16], hash: u32, row: u16) {
    let mask = slots.len().wrapping_sub(1);
    let start = hash as usize & mask;
    for step in 0..slots.len() {
        if let Some(slot) = slots
            .get_mut((start + step) & mask)
            .filter(|slot| **slot == EMPTY)
        {
            *slot = row;
            return;
        }
    }
}

#[inline]
fn probe(slots: &[u16], hash: u32, same: impl Fn(u16) -> bool) -> Option<u16> {
    let mask = slots.len().wrapping_sub(1);
    let mut at = hash as usize & mask;
    loop {
        match slots.get(at) {
            None | Some(&EMPTY) => return None,
            Some(&row) if same(row) => return Some(row),
            Some(_) => at = (at + 1) & mask,
        }
    }
}
