//! A small file beside the database that takes a record in about a microsecond: how far updates were handled.
//!
//! A record is there when the process is killed the moment after it was written. The file has room for a fixed number
//! of them; before it is full its owner writes what they say into the database, with the number of a new generation,
//! and begins anew. Records of other generations, and what is damaged, count for nothing.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, params};

use super::{Database, private};
use crate::Error;

/// How many records there are room for.
const CAPACITY: u64 = 4096;
/// Bytes of a record: the generation, what it says, and a checksum.
const RECORD: usize = 8 + CONTENT + 8;
/// Bytes that a record's owner has for what it says.
pub(crate) const CONTENT: usize = 40;

/// The setting with the generation of the journal whose records the database lacks.
pub(crate) const GENERATION: &str = "updates.journal";

/// The table of a journal that several machines share, a part of the session's sixth version.
pub(super) const SCHEMA: &str = "
    CREATE TABLE update_journal (
        generation INTEGER NOT NULL,
        number INTEGER NOT NULL,
        content BLOB NOT NULL CHECK (length(content) = 40),
        PRIMARY KEY (generation, number)
    ) WITHOUT ROWID;
";

/// An open journal.
pub(crate) struct Journal {
    place: Place,
    generation: u64,
    next: u64,
}

/// Where the records are.
enum Place {
    File {
        file: File,
        path: PathBuf,
    },
    /// A table, where other machines must see each record before the next update is handled.
    Shared(Database),
}

impl Journal {
    /// Opens the file or makes it, and reads the records of a generation, in the order in which they were written.
    pub(super) fn open(
        path: &Path,
        generation: u64,
    ) -> Result<(Journal, Vec<[u8; CONTENT]>), Error> {
        let file = private::file(path, "open the journal")?;
        let mut records = Vec::new();
        while let Some(content) = record(&file, generation, records.len() as u64) {
            records.push(content);
        }
        let journal = Journal {
            place: Place::File {
                file,
                path: path.to_owned(),
            },
            generation,
            next: records.len() as u64,
        };
        Ok((journal, records))
    }

    /// The same of a session that is shared between machines.
    pub(super) fn open_shared(
        database: &Database,
        generation: u64,
    ) -> Result<(Journal, Vec<[u8; CONTENT]>), Error> {
        let records = database.with("read the journal", |connection| {
            connection
                .prepare("SELECT content FROM update_journal WHERE generation = ? ORDER BY number")?
                .query_map([generation.cast_signed()], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        let journal = Journal {
            place: Place::Shared(database.clone()),
            generation,
            next: records.len() as u64,
        };
        Ok((journal, records))
    }

    /// Whether the next record has to wait for [`Journal::begin`].
    pub(crate) fn is_full(&self) -> bool {
        self.next >= CAPACITY
    }

    /// Adds a record.
    pub(crate) fn append(&mut self, content: &[u8; CONTENT]) -> Result<(), Error> {
        let (file, path) = match &self.place {
            Place::File { file, path } => (file, path),
            Place::Shared(database) => {
                append(database, self.generation, self.next, content)?;
                self.next += 1;
                return Ok(());
            }
        };
        let mut record = [0; RECORD];
        let (head, rest) = record.split_at_mut(8);
        let (said, sum) = rest.split_at_mut(CONTENT);
        head.copy_from_slice(&self.generation.to_le_bytes());
        said.copy_from_slice(content);
        sum.copy_from_slice(&checksum(self.generation, content).to_le_bytes());
        file.write_all_at(&record, self.next * RECORD as u64)
            .map_err(|source| Error::SessionAccess {
                path: path.clone(),
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
}

fn append(
    database: &Database,
    generation: u64,
    number: u64,
    content: &[u8; CONTENT],
) -> Result<(), Error> {
    let is_current = database.with("write the journal", |connection| {
        let transaction = connection.transaction()?;
        let current: Option<Vec<u8>> = transaction
            .prepare_cached("SELECT value FROM setting WHERE name = ?")?
            .query_row([GENERATION], |row| row.get(0))
            .optional()?;
        if current.as_deref() != Some(&generation.to_le_bytes()) {
            return Ok(false);
        }
        if number == 0 {
            // What the database says already.
            transaction.execute(
                "DELETE FROM update_journal WHERE generation <> ?",
                [generation.cast_signed()],
            )?;
        }
        transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO update_journal (generation, number, content) VALUES (?, ?, ?)",
            )?
            // Another try has the same number.
            .execute(params![
                generation.cast_signed(),
                number.cast_signed(),
                content
            ])?;
        transaction.commit()?;
        Ok(true)
    })?;
    if !is_current {
        return Err(Error::SessionClosed {
            what: "another listener or machine has gone on with its updates",
        });
    }
    database.flush(false)
}

/// A record of a generation, if it is there and whole.
fn record(file: &File, wanted: u64, number: u64) -> Option<[u8; CONTENT]> {
    if number >= CAPACITY {
        return None;
    }
    let mut record = [0; RECORD];
    file.read_exact_at(&mut record, number * RECORD as u64)
        .ok()?;
    let (generation, rest) = record.split_first_chunk()?;
    let (content, sum) = rest.split_first_chunk()?;
    let generation = u64::from_le_bytes(*generation);
    let whole = sum == checksum(generation, content).to_le_bytes();
    (whole && generation == wanted).then_some(*content)
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

    use std::fs::File;
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
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .write_all_at(&[0xff], second)
            .unwrap();
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
