//! The side of the session's own database: triggers note the keys of rows that change, in the transaction that changes them.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::Row;
use crate::error::Cause;

/// Settings of this directory alone. They begin so, or are the difference between two clocks.
pub(super) const PRIVATE: &str = "storage.";
const CLOCK: &str = "clock.offset";
/// That the session was used without its server since.
pub(super) const LEFT: &str = "storage.left";

/// The keys of rows that the server has not been told of.
const CHANGES: &str = "storage_change";
/// The most columns that a key has.
const WIDEST: usize = 3;

/// A table that is carried to the server.
pub(super) struct Table {
    name: String,
    keys: Vec<String>,
    others: Vec<String>,
}

/// The tables of the database.
pub(super) fn tables(connection: &Connection) -> rusqlite::Result<Vec<Table>> {
    let names = connection
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> ?
             ORDER BY name",
        )?
        .query_map([CHANGES], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    names
        .into_iter()
        .map(|name| {
            let columns = connection
                .prepare("SELECT name, pk FROM pragma_table_info(?) ORDER BY pk, cid")?
                .query_map([&name], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? > 0)))?
                .collect::<rusqlite::Result<Vec<(String, bool)>>>()?;
            let (keys, others): (Vec<_>, Vec<_>) = columns.into_iter().partition(|(_, key)| *key);
            let names = |columns: Vec<(String, bool)>| columns.into_iter().map(|(name, _)| name);
            let mut keys: Vec<_> = names(keys).collect();
            if keys.is_empty() {
                keys.push("rowid".to_owned());
            }
            Ok(Table {
                name,
                keys,
                others: names(others).collect(),
            })
        })
        .collect()
}

/// Begins to note changes.
pub(super) fn install(connection: &Connection, tables: &[Table]) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {CHANGES} (n INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, k1, k2, k3)"
    ))?;
    for table in tables {
        for (event, row) in [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")] {
            let condition = if table.name == "setting" {
                format!("WHEN {row}.name NOT LIKE '{PRIVATE}%' AND {row}.name <> '{CLOCK}'")
            } else {
                String::new()
            };
            let mut keys: Vec<_> = table
                .keys
                .iter()
                .map(|key| format!("{row}.{key}"))
                .collect();
            keys.resize(WIDEST, "NULL".to_owned());
            connection.execute_batch(&format!(
                "CREATE TRIGGER IF NOT EXISTS storage_{name}_{event} AFTER {event} ON {name} {condition}
                 BEGIN INSERT INTO {CHANGES} (name, k1, k2, k3) VALUES ('{name}', {keys}); END",
                name = table.name,
                keys = keys.join(", "),
            ))?;
        }
    }
    Ok(())
}

/// Notes nothing any more, if anything was noted: the session is not shared now.
pub(in crate::session) fn uninstall(connection: &Connection) -> rusqlite::Result<()> {
    if !is_installed(connection)? {
        return Ok(());
    }
    let triggers = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'storage_%'")?
        .query_map((), |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    for trigger in triggers {
        connection.execute_batch(&format!("DROP TRIGGER {trigger}"))?;
    }
    connection.execute(
        "INSERT OR REPLACE INTO setting (name, value) VALUES (?, x'01')",
        [LEFT],
    )?;
    connection.execute_batch(&format!("DROP TABLE {CHANGES}"))
}

fn is_installed(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?)")?
        .query_row([CHANGES], |row| row.get(0))
}

/// Whether the server was not told of something.
pub(super) fn is_pending(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(is_installed(connection)? && last(connection)?.is_some())
}

/// Rows that have changed, as they are now, and the number of the last change; `None` where nothing has changed.
pub(super) fn changes(
    connection: &Connection,
    tables: &[Table],
) -> rusqlite::Result<Option<(Vec<Row>, i64)>> {
    // Of several changes of a row the last counts.
    let changed = connection
        .prepare_cached(&format!(
            "SELECT name, k1, k2, k3, max(n) FROM {CHANGES} GROUP BY name, k1, k2, k3 ORDER BY max(n)"
        ))?
        .query_map((), |row| {
            let keys: [Value; WIDEST] = [row.get(1)?, row.get(2)?, row.get(3)?];
            Ok((row.get::<_, String>(0)?, keys, row.get(4)?))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let Some(last) = changed.last().map(|(.., number)| *number) else {
        return Ok(None);
    };
    let mut rows = Vec::with_capacity(changed.len());
    for (name, keys, _) in changed {
        let Some(table) = tables.iter().find(|table| table.name == name) else {
            continue;
        };
        let keys = keys.get(..table.keys.len()).unwrap_or_default();
        let query = format!(
            "SELECT {} FROM {name} WHERE {}",
            listed(&table.others),
            table.condition()
        );
        let value = connection
            .prepare_cached(&query)?
            .query_row(params_from_iter(keys), |row| table.value(row, 0))
            .optional()?;
        rows.push(Row {
            table: name,
            key: encode_key(keys),
            value,
        });
    }
    Ok(Some((rows, last)))
}

/// The number of the last change.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection.query_row(&format!("SELECT max(n) FROM {CHANGES}"), (), |row| {
        row.get(0)
    })
}

/// Forgets the changes up to a number.
pub(super) fn told(connection: &Connection, last: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(&format!("DELETE FROM {CHANGES} WHERE n <= ?"))?
        .execute([last])
        .map(drop)
}

/// All rows.
pub(super) fn everything(connection: &Connection, tables: &[Table]) -> rusqlite::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for table in tables {
        let columns: Vec<_> = table.keys.iter().chain(&table.others).cloned().collect();
        let query = format!("SELECT {} FROM {}", columns.join(", "), table.name);
        let mut statement = connection.prepare(&query)?;
        let mut found = statement.query(())?;
        while let Some(row) = found.next()? {
            let keys = (0..table.keys.len())
                .map(|index| row.get(index))
                .collect::<rusqlite::Result<Vec<Value>>>()?;
            if table.name == "setting" && is_private(&keys) {
                continue;
            }
            rows.push(Row {
                table: table.name.clone(),
                key: encode_key(&keys),
                value: Some(table.value(row, table.keys.len())?),
            });
        }
    }
    Ok(rows)
}

/// Makes the database what the rows say; `anew` without what it had. What was noted of it is forgotten.
pub(super) fn apply(
    connection: &Connection,
    tables: &[Table],
    rows: &[Row],
    anew: bool,
) -> Result<(), Cause> {
    if anew {
        for table in tables {
            let kept = if table.name == "setting" {
                format!(" WHERE name NOT LIKE '{PRIVATE}%' AND name <> '{CLOCK}'")
            } else {
                String::new()
            };
            connection.execute(&format!("DELETE FROM {}{kept}", table.name), ())?;
        }
    }
    for row in rows {
        let table = tables
            .iter()
            .find(|table| table.name == row.table)
            .ok_or_else(|| format!("a row of the unknown table `{}` came", row.table))?;
        table.apply(connection, row)?;
    }
    connection.execute(&format!("DELETE FROM {CHANGES}"), ())?;
    Ok(())
}

impl Table {
    fn condition(&self) -> String {
        let tests: Vec<_> = self.keys.iter().map(|key| format!("{key} = ?")).collect();
        tests.join(" AND ")
    }

    fn apply(&self, connection: &Connection, row: &Row) -> Result<(), Cause> {
        let mut input = Input(&row.key);
        let mut values = Vec::new();
        for _ in &self.keys {
            values.push(input.value()?);
        }
        let Some(value) = &row.value else {
            let statement = format!("DELETE FROM {} WHERE {}", self.name, self.condition());
            connection
                .prepare_cached(&statement)?
                .execute(params_from_iter(values))?;
            return Ok(());
        };
        let mut columns: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        let mut input = Input(value);
        while !input.0.is_empty() {
            let name = input.name()?;
            let value = input.value()?;
            let column = self.others.iter().find(|column| **column == name);
            let column = column.ok_or_else(|| {
                format!(
                    "a row with the unknown column `{name}` of `{}` came",
                    self.name
                )
            })?;
            columns.push(column);
            values.push(value);
        }
        let statement = format!(
            "INSERT OR REPLACE INTO {} ({}) VALUES ({})",
            self.name,
            columns.join(", "),
            vec!["?"; columns.len()].join(", ")
        );
        connection
            .prepare_cached(&statement)?
            .execute(params_from_iter(values))?;
        Ok(())
    }

    /// The columns beside the key, which come from an index on.
    fn value(&self, row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for (index, name) in self.others.iter().enumerate() {
            bytes.push(name.len() as u8);
            bytes.extend_from_slice(name.as_bytes());
            encode(&mut bytes, row.get_ref(first + index)?);
        }
        Ok(bytes)
    }
}

/// The columns of a query, which may be none.
fn listed(columns: &[String]) -> String {
    if columns.is_empty() {
        "1".to_owned()
    } else {
        columns.join(", ")
    }
}

fn is_private(keys: &[Value]) -> bool {
    matches!(keys, [Value::Text(name)] if name.starts_with(PRIVATE) || name == CLOCK)
}

fn encode_key(keys: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for key in keys {
        encode(&mut bytes, key.into());
    }
    bytes
}

/// A byte for the type, the length where it has one, and what it says.
fn encode(bytes: &mut Vec<u8>, value: ValueRef<'_>) {
    let (kind, text) = match value {
        ValueRef::Null => return bytes.push(0),
        ValueRef::Integer(number) => {
            bytes.push(1);
            return bytes.extend_from_slice(&number.to_be_bytes());
        }
        ValueRef::Real(number) => {
            bytes.push(2);
            return bytes.extend_from_slice(&number.to_be_bytes());
        }
        ValueRef::Text(text) => (3, text),
        ValueRef::Blob(blob) => (4, blob),
    };
    bytes.push(kind);
    bytes.extend_from_slice(&(text.len() as u32).to_be_bytes());
    bytes.extend_from_slice(text);
}

/// What a server has given back.
struct Input<'i>(&'i [u8]);

impl<'i> Input<'i> {
    fn take(&mut self, length: usize) -> Result<&'i [u8], Cause> {
        let (taken, rest) = self
            .0
            .split_at_checked(length)
            .ok_or("a row that ends early came")?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Cause> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    fn name(&mut self) -> Result<&'i str, Cause> {
        let length = self.byte()?;
        Ok(std::str::from_utf8(self.take(length.into())?)?)
    }

    fn value(&mut self) -> Result<Value, Cause> {
        Ok(match self.byte()? {
            0 => Value::Null,
            1 => Value::Integer(i64::from_be_bytes(self.take(8)?.try_into()?)),
            2 => Value::Real(f64::from_be_bytes(self.take(8)?.try_into()?)),
            kind @ (3 | 4) => {
                let length = u32::from_be_bytes(self.take(4)?.try_into()?);
                let bytes = self.take(usize::try_from(length)?)?.to_vec();
                match kind {
                    3 => Value::Text(String::from_utf8(bytes)?),
                    _ => Value::Blob(bytes),
                }
            }
            kind => return Err(format!("a value of the unknown type {kind} came").into()),
        })
    }
}
