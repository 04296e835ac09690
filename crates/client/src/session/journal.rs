//! A small file beside the database that takes a record in about a microsecond: how far updates were handled.
//!
//! A record is there when the process is killed the moment after it was written. The file has room for a fixed number
//! of them; before it is full its owner writes what they say into the database, with the number of a new generation,
//! and begins anew. Records of other generations, and what is damaged, count for nothing.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::private;
use crate::Error;

/// How many records there are room for.
const CAPACITY: u64 = 4096;
/// Bytes of a record: the generation, what it says, and a checksum.
const RECORD: usize = 8 + CONTENT + 8;
/// Bytes that a record's owner has for what it says.
pub(crate) const CONTENT: usize = 40;

/// An open journal.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    path: PathBuf,
    generation: u64,
    next: u64,
}

impl Journal {
    /// Opens the file or makes it, and reads the records of a generation, in the order in which they were written.
    pub(super) fn open(
        path: &Path,
        generation: u64,
    ) -> Result<(Journal, Vec<[u8; CONTENT]>), Error> {
        let file = private::file(path, "open the journal")?;
        let mut journal = Journal {
            file,
            path: path.to_owned(),
            generation,
            next: 0,
        };
        let mut records = Vec::new();
        while let Some(content) = journal.record(journal.next) {
            records.push(content);
            journal.next += 1;
        }
        Ok((journal, records))
    }

    /// Whether the next record has to wait for [`Journal::begin`].
    pub(crate) fn is_full(&self) -> bool {
        self.next >= CAPACITY
    }

    /// Adds a record.
    pub(crate) fn append(&mut self, content: &[u8; CONTENT]) -> Result<(), Error> {
        let mut record = [0; RECORD];
        let (head, rest) = record.split_at_mut(8);
        let (said, sum) = rest.split_at_mut(CONTENT);
        head.copy_from_slice(&self.generation.to_le_bytes());
        said.copy_from_slice(content);
        sum.copy_from_slice(&checksum(self.generation, content).to_le_bytes());
        self.file
            .write_all_at(&record, self.next * RECORD as u64)
            .map_err(|source| Error::SessionAccess {
                path: self.path.clone(),
                what: "write",
                source,
            })?;
        self.next += 1;
        Ok(())
    }

    /// Begins anew: the database has what the records say, and the number of this generation.
    pub(crate) fn begin(&mut self, generation: u64) {
        self.generation = generation;
        self.next = 0;
    }

    fn record(&self, number: u64) -> Option<[u8; CONTENT]> {
        if number >= CAPACITY {
            return None;
        }
        let mut record = [0; RECORD];
        self.file
            .read_exact_at(&mut record, number * RECORD as u64)
            .ok()?;
        let (generation, rest) = record.split_first_chunk()?;
        let (content, sum) = rest.split_first_chunk()?;
        let generation = u64::from_le_bytes(*generation);
        let whole = sum == checksum(generation, content).to_le_bytes();
        (whole && generation == self.generation).then_some(*content)
    }
}

/// FNV-1a, a word at a time: tells a record from one that was written by half.
fn checksum(generation: u64, content: &[u8; CONTENT]) -> u64 {
    let words = content.as_chunks::<8>().0.iter().copied();
    words.map(u64::from_le_bytes).chain([generation]).fold(
        0xcbf2_9ce4_8422_2325,
        |hash: u64, word| {
            let mixed = (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3);
            mixed ^ mixed >> 29
        },
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::os::unix::fs::{FileExt, PermissionsExt};

    use tempfile::TempDir;

    use super::{CAPACITY, CONTENT, Journal, RECORD};

    fn content(number: u8) -> [u8; CONTENT] {
        [number; CONTENT]
    }

    #[test]
    fn records_are_read_back_in_order_and_only_those_of_the_generation() {
        let place = TempDir::new().unwrap();
        let path = place.path().join("journal");
        let (mut journal, records) = Journal::open(&path, 7).unwrap();
        assert!(records.is_empty());
        for number in 1..=3 {
            journal.append(&content(number)).unwrap();
        }
        let (_, records) = Journal::open(&path, 7).unwrap();
        assert_eq!(records, [content(1), content(2), content(3)]);
        journal.begin(8);
        journal.append(&content(9)).unwrap();
        assert_eq!(Journal::open(&path, 8).unwrap().1, [content(9)]);
        assert!(Journal::open(&path, 7).unwrap().1.is_empty());
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_record_and_what_follows_count_for_nothing() {
        let place = TempDir::new().unwrap();
        let path = place.path().join("journal");
        let (mut journal, _) = Journal::open(&path, 7).unwrap();
        for number in 1..=3 {
            journal.append(&content(number)).unwrap();
        }
        let second = RECORD as u64 + 20;
        journal.file.write_all_at(&[0xff], second).unwrap();
        assert_eq!(Journal::open(&path, 7).unwrap().1, [content(1)]);
    }

    #[test]
    fn there_is_room_for_a_fixed_number_of_records() {
        let place = TempDir::new().unwrap();
        let path = place.path().join("journal");
        let (mut journal, _) = Journal::open(&path, 7).unwrap();
        for _ in 0..CAPACITY {
            assert!(!journal.is_full());
            journal.append(&content(1)).unwrap();
        }
        assert!(journal.is_full());
        let (journal, records) = Journal::open(&path, 7).unwrap();
        assert!(journal.is_full());
        assert_eq!(records.len() as u64, CAPACITY);
        let length = path.metadata().unwrap().len();
        assert_eq!(length, CAPACITY * RECORD as u64);
    }
}
