//! Where the handling of updates is, on the disk: a record in the session's journal for each update that was handled,
//! the database for all of it now and then, and the differences of which only a part was delivered.

mod ahead;
mod record;

use std::collections::{HashMap, HashSet};

use madeline_mtproto::random::{OsRandom, Random};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use self::ahead::Ahead;
pub(crate) use self::ahead::SCHEMA as AHEAD;
use self::record::Record;
use super::machine::{ACCOUNT, Kept, Mark, Position, Step};
use super::read::State;
use crate::session::{GENERATION, Journal};
use crate::{Error, Session};

/// The fourth version of the session's tables. `number` and `part` say how much of which difference was handled.
pub(crate) const SCHEMA: &str = "
    ALTER TABLE update_state ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE update_state ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE update_state ADD COLUMN active INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE update_difference (
        number INTEGER PRIMARY KEY,
        channel INTEGER NOT NULL,
        layer INTEGER NOT NULL,
        pts INTEGER NOT NULL,
        qts INTEGER NOT NULL,
        date INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        answer BLOB NOT NULL
    );
";

/// The setting with the digests of [`Step::Told`], eight bytes each.
const TOLD: &str = "updates.told";

/// Forgets how far the updates of an account are.
pub(crate) fn forget(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM update_state", ())?;
    connection.execute("DELETE FROM update_difference", ())?;
    connection.execute("DELETE FROM update_ahead", ())?;
    connection.execute(
        "DELETE FROM setting WHERE name IN (?, ?)",
        [GENERATION, TOLD],
    )?;
    Ok(())
}

/// See the module.
pub(super) struct Store {
    session: Session,
    journal: Journal,
    /// The journal's, as far as the database knows.
    generation: Option<u64>,
    positions: HashMap<i64, Position>,
    /// What the database has not been told.
    changed: HashSet<i64>,
    /// Numbers and sequences of the differences that are stored.
    kept: Vec<(u32, i64)>,
    last_number: u32,
    told: Told,
    ahead: Ahead,
}

/// What was handled of an object that is not through.
#[derive(Default)]
struct Told {
    digests: Vec<u64>,
    /// The database has some.
    stored: bool,
}

impl Store {
    /// Reads where the handling was left, also by a process that was killed.
    pub(super) fn open(session: Session, layer: i32) -> Result<(Store, Vec<Kept>), Error> {
        let database = session.database();
        let (mut positions, generation, rows, told, mut ahead) =
            database.with("read the state of updates", |connection| {
                Ok((
                    positions(connection)?,
                    generation(connection)?,
                    differences(connection)?,
                    setting(connection, TOLD)?,
                    Ahead::read(connection)?,
                ))
            })?;
        let mut told = Told {
            stored: told.is_some(),
            digests: told.as_deref().map(digests).unwrap_or_default(),
        };
        // Without a generation no record counts, whatever the file has.
        let (journal, records) = session.journal(generation.unwrap_or_else(random))?;
        let mut changed = HashSet::new();
        for record in records.iter().filter(|_| generation.is_some()) {
            match Record::decode(record) {
                Record::Told(digest) => told.digests.push(digest),
                Record::Ahead(key, identity) => ahead.restore(key, identity),
                Record::At(key, position) => {
                    changed.insert(key);
                    let former = positions.insert(key, position);
                    told.moved(key, former.as_ref(), &position);
                }
            }
        }
        let numbers = positions.values().map(|position| position.number);
        let last_number = numbers
            .chain(rows.iter().map(|row| row.number))
            .max()
            .unwrap_or(0);
        let kept = rows.iter().map(|row| (row.number, row.key)).collect();
        let mut unfinished = Vec::new();
        for row in rows {
            let Some(position) = positions.get_mut(&row.key) else {
                continue;
            };
            if is_through(position, row.number) {
                continue;
            }
            if row.layer != layer {
                // It cannot be read: what was not handled of it is fetched again.
                position.active |= row.key != ACCOUNT;
                continue;
            }
            let begun = position.number == row.number;
            unfinished.push(Kept {
                key: row.key,
                number: row.number,
                handled: if begun { position.index } else { 0 },
                base: row.base,
                answer: row.answer.into(),
            });
        }
        let mut store = Store {
            session,
            journal,
            generation,
            positions,
            changed,
            kept,
            last_number,
            told,
            ahead,
        };
        let active: Vec<i64> = store
            .positions
            .iter()
            .filter(|(_, position)| position.active)
            .map(|(key, _)| *key)
            .collect();
        store.fold(&active.into_iter().collect(), std::iter::empty())?;
        Ok((store, unfinished))
    }

    /// Where each sequence is.
    pub(super) fn positions(&self) -> impl Iterator<Item = (i64, &Position)> {
        self.positions
            .iter()
            .map(|(key, position)| (*key, position))
    }

    /// What [`Step::Told`] said of an object that is not through.
    pub(super) fn told(&self) -> impl Iterator<Item = u64> {
        self.told.digests.iter().copied()
    }

    /// What [`Step::Ahead`] said in earlier lives, of sequences that have not caught up.
    pub(super) fn ahead(&self) -> impl Iterator<Item = (i64, u64)> {
        self.ahead.before()
    }

    /// Whether [`Store::fold`] must come before the next step.
    pub(super) fn is_full(&self) -> bool {
        self.journal.is_full()
    }

    /// Notes a step; it is there when the process is killed the moment after.
    pub(super) fn apply(&mut self, mark: Mark) -> Result<(), Error> {
        let Mark { key, step } = mark;
        match step {
            Step::Told(digest) => {
                self.journal.append(&Record::Told(digest).encode())?;
                self.told.digests.push(digest);
                return Ok(());
            }
            Step::Ahead(identity) => {
                self.journal
                    .append(&Record::Ahead(key, identity).encode())?;
                self.ahead.add(key, identity);
                return Ok(());
            }
            // For the next fold: nothing new is taken for what a later life finds till then.
            Step::CaughtUp => {
                self.ahead.caught_up(key);
                return Ok(());
            }
            _ => {}
        }
        // Of a channel that is new, or was gone, no earlier difference counts.
        let new = Position {
            number: self.last_number,
            index: Position::THROUGH,
            ..Position::default()
        };
        let known = self.positions.get(&key).copied();
        let former = match step {
            Step::Gone { .. } => new,
            _ => known.unwrap_or(new),
        };
        let position = after(former, step);
        if known == Some(position) {
            return Ok(());
        }
        self.journal.append(&Record::At(key, position).encode())?;
        self.changed.insert(key);
        self.positions.insert(key, position);
        self.told.moved(key, known.as_ref(), &position);
        Ok(())
    }

    /// Stores the difference from `base` on before anything of it is delivered. Gives its number.
    pub(super) fn keep(
        &mut self,
        key: i64,
        base: State,
        layer: i32,
        answer: &[u8],
    ) -> Result<u32, Error> {
        let State {
            pts,
            qts,
            date,
            seq,
        } = base;
        let number = self.last_number.wrapping_add(1).max(1);
        self.write("store missed updates", |connection| {
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO update_difference (number, channel, layer, pts, qts, date, seq, answer)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                )?
                // Another try has the same number.
                .execute(params![number, key, layer, pts, qts, date, seq, answer])
        })?;
        self.session.database().flush(false)?;
        self.last_number = number;
        self.kept.push((number, key));
        Ok(number)
    }

    /// Tells the database all of it, so that the journal begins anew. Of channels that are not `active` nothing is on
    /// its way; `ahead` was handled before its turn, which has not come.
    pub(super) fn fold(
        &mut self,
        active: &HashSet<i64>,
        ahead: impl Iterator<Item = Mark>,
    ) -> Result<(), Error> {
        for (key, position) in &mut self.positions {
            if position.active && !active.contains(key) {
                position.active = false;
                self.changed.insert(*key);
            }
        }
        let generation = random();
        let (through, kept): (Vec<_>, Vec<_>) =
            self.kept
                .iter()
                .copied()
                .partition(|(number, key)| match self.positions.get(key) {
                    Some(position) => is_through(position, *number),
                    None => true,
                });
        let (changed, positions, told) = (&self.changed, &self.positions, &self.told);
        let (early, mut rows) = (&self.ahead, 0);
        self.write("store the state of updates", |connection| {
            for key in changed {
                write(connection, *key, positions.get(key))?;
            }
            for (number, _) in &through {
                connection
                    .prepare_cached("DELETE FROM update_difference WHERE number = ?")?
                    .execute([number])?;
            }
            if told.digests.is_empty() && told.stored {
                connection.execute("DELETE FROM setting WHERE name = ?", [TOLD])?;
            } else if !told.digests.is_empty() {
                set(connection, TOLD, &told.bytes())?;
            }
            rows = early.write(connection, ahead)?;
            set(connection, GENERATION, &generation.to_le_bytes())
        })?;
        self.generation = Some(generation);
        self.journal.begin(generation);
        self.changed.clear();
        self.kept = kept;
        self.told.stored = !self.told.digests.is_empty();
        self.ahead.written(rows);
        self.session.database().flush(false)
    }

    /// Changes the database, unless somebody else has gone on with the updates since this was read: then what is known here
    /// is older.
    fn write<T>(
        &self,
        what: &'static str,
        statements: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let written = self.session.database().with(what, |connection| {
            let transaction = connection.transaction()?;
            if generation(&transaction)? != self.generation {
                return Ok(None);
            }
            let value = statements(&transaction)?;
            transaction.commit()?;
            Ok(Some(value))
        })?;
        written.ok_or(Error::SessionClosed {
            what: "another listener or machine has gone on with its updates",
        })
    }
}

impl Told {
    /// A sequence has moved: what the account's objects before it had, no difference brings again.
    fn moved(&mut self, key: i64, former: Option<&Position>, position: &Position) {
        if key == ACCOUNT && former.map(|it| it.state.seq) != Some(position.state.seq) {
            self.digests.clear();
        }
    }

    fn bytes(&self) -> Vec<u8> {
        self.digests
            .iter()
            .flat_map(|it| it.to_le_bytes())
            .collect()
    }
}

fn digests(bytes: &[u8]) -> Vec<u64> {
    let words = bytes.as_chunks::<8>().0.iter().copied();
    words.map(u64::from_le_bytes).collect()
}

pub(super) fn after(mut position: Position, step: Step) -> Position {
    match step {
        Step::Pts(pts) => position.state.pts = pts,
        Step::Channel { pts, top } => (position.state.pts, position.state.qts) = (pts, top),
        Step::Qts(qts) => position.state.qts = qts,
        Step::Seq { seq, date } => (position.state.seq, position.state.date) = (seq, date),
        Step::Part { number, index } => (position.number, position.index) = (number, index),
        Step::Through { number, state } => {
            position.state = state;
            if number != 0 {
                (position.number, position.index) = (number, Position::THROUGH);
            }
        }
        Step::Unseen { since } => {
            position.state = State {
                date: since,
                ..State::of_channel(1)
            };
            position.active = true;
        }
        Step::Active => position.active = true,
        Step::Gone { pts } => position.state = State::of_channel(pts),
        Step::Told(_) | Step::Ahead(_) | Step::CaughtUp => {}
    }
    position
}

/// Whether a difference of that number was handled to its end.
pub(super) fn is_through(position: &Position, number: u32) -> bool {
    number < position.number || number == position.number && position.index == Position::THROUGH
}

fn random() -> u64 {
    let mut bytes = [0; 8];
    OsRandom.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

struct Row {
    number: u32,
    key: i64,
    layer: i32,
    base: State,
    answer: Vec<u8>,
}

fn differences(connection: &Connection) -> rusqlite::Result<Vec<Row>> {
    connection
        .prepare(
            "SELECT number, channel, layer, answer, pts, qts, date, seq FROM update_difference ORDER BY number",
        )?
        .query_map((), |row| {
            let base = State {
                pts: row.get(4)?,
                qts: row.get(5)?,
                date: row.get(6)?,
                seq: row.get(7)?,
            };
            Ok(Row {
                number: row.get(0)?,
                key: row.get(1)?,
                layer: row.get(2)?,
                base,
                answer: row.get(3)?,
            })
        })?
        .collect()
}

fn positions(connection: &Connection) -> rusqlite::Result<HashMap<i64, Position>> {
    connection
        .prepare("SELECT channel, pts, qts, date, seq, number, part, active FROM update_state")?
        .query_map((), |row| {
            let state = State {
                pts: row.get(1)?,
                qts: row.get(2)?,
                date: row.get(3)?,
                seq: row.get(4)?,
            };
            let position = Position {
                state,
                number: row.get(5)?,
                index: row.get(6)?,
                active: row.get(7)?,
            };
            Ok((row.get(0)?, position))
        })?
        .collect()
}

fn generation(connection: &Connection) -> rusqlite::Result<Option<u64>> {
    let stored = setting(connection, GENERATION)?;
    Ok(stored
        .and_then(|bytes| bytes.try_into().ok())
        .map(u64::from_le_bytes))
}

fn setting(connection: &Connection, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    let query = "SELECT value FROM setting WHERE name = ?";
    connection
        .query_row(query, [name], |row| row.get(0))
        .optional()
}

fn set(connection: &Connection, name: &str, value: &[u8]) -> rusqlite::Result<usize> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)")?
        .execute(params![name, value])
}

fn write(
    connection: &Connection,
    key: i64,
    position: Option<&Position>,
) -> rusqlite::Result<usize> {
    let Some(position) = position else {
        return connection
            .prepare_cached("DELETE FROM update_state WHERE channel = ?")?
            .execute([key]);
    };
    let State {
        pts,
        qts,
        date,
        seq,
    } = position.state;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO update_state (channel, pts, qts, date, seq, number, part, active)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            key,
            pts,
            qts,
            date,
            seq,
            position.number,
            position.index,
            position.active
        ])
}
