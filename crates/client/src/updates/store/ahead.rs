//! What was handled before its turn and may come again: while an earlier update is in hand, later ones are handled.

use std::collections::HashMap;

use rusqlite::Transaction;

use crate::updates::machine::{Mark, Step};

/// The fifth version of the session's tables.
pub(crate) const SCHEMA: &str = "
    CREATE TABLE update_ahead (channel INTEGER NOT NULL, identity INTEGER NOT NULL);
";

/// So many rows may say nothing any more, and as many as say something, before all are written anew.
const STALE: usize = 1024;

/// See the module.
#[derive(Default)]
pub(super) struct Ahead {
    /// Of earlier lives, by sequence, until the sequence has caught up.
    before: HashMap<i64, Vec<u64>>,
    /// What the database has not been told.
    news: Vec<(i64, u64)>,
    rows: usize,
}

impl Ahead {
    pub(super) fn read(connection: &rusqlite::Connection) -> rusqlite::Result<Ahead> {
        let mut ahead = Ahead::default();
        let mut statement = connection.prepare("SELECT channel, identity FROM update_ahead")?;
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        for row in rows {
            let (key, identity) = row?;
            ahead.before.entry(key).or_default().push(identity as u64);
            ahead.rows += 1;
        }
        Ok(ahead)
    }

    /// The journal has this of an earlier life.
    pub(super) fn restore(&mut self, key: i64, identity: u64) {
        self.before.entry(key).or_default().push(identity);
        self.news.push((key, identity));
    }

    /// What earlier lives have handled.
    pub(super) fn before(&self) -> impl Iterator<Item = (i64, u64)> {
        let sequences = self.before.iter();
        sequences.flat_map(|(key, handled)| handled.iter().map(|identity| (*key, *identity)))
    }

    /// Something is noted in the journal.
    pub(super) fn add(&mut self, key: i64, identity: u64) {
        self.news.push((key, identity));
    }

    /// A sequence is past what earlier lives have handled of it.
    pub(super) fn caught_up(&mut self, key: i64) {
        self.before.remove(&key);
    }

    /// Tells the database; gives how many rows it has then. `now`: what this life has handled before its turn, which has not
    /// come.
    pub(super) fn write(
        &self,
        transaction: &Transaction<'_>,
        now: impl Iterator<Item = Mark>,
    ) -> rusqlite::Result<usize> {
        let now = now.filter_map(|mark| match mark.step {
            Step::Ahead(identity) => Some((mark.key, identity)),
            _ => None,
        });
        let all: Vec<(i64, u64)> = self.before().chain(now).collect();
        let rows = self.rows + self.news.len();
        if !all.is_empty() && rows <= 2 * all.len() + STALE {
            insert(transaction, &self.news)?;
            return Ok(rows);
        }
        if self.rows != 0 {
            transaction.execute("DELETE FROM update_ahead", ())?;
        }
        insert(transaction, &all)?;
        Ok(all.len())
    }

    /// The database has all of it.
    pub(super) fn written(&mut self, rows: usize) {
        self.news.clear();
        self.rows = rows;
    }
}

fn insert(transaction: &Transaction<'_>, handled: &[(i64, u64)]) -> rusqlite::Result<()> {
    let query = "INSERT INTO update_ahead (channel, identity) VALUES (?, ?)";
    let mut statement = transaction.prepare_cached(query)?;
    for (key, identity) in handled {
        statement.execute((key, *identity as i64))?;
    }
    Ok(())
}
