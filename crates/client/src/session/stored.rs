//! Keys, addresses and settings: what a session stores besides the login.

use madeline_mtproto::AuthKey;
use rusqlite::{Connection, OptionalExtension, params};

use super::Session;
use crate::{DcId, DcList, Error, updates};

impl Session {
    /// The authorization key shared with a DC; production and test DCs have different ones.
    pub(crate) fn auth_key(&self, dc: DcId, test: bool) -> Result<Option<AuthKey>, Error> {
        self.database()
            .with("read an authorization key", |connection| {
                connection
                    .query_row(
                        "SELECT key FROM auth_key WHERE dc = ? AND test = ?",
                        params![dc.0, test],
                        |row| row.get(0),
                    )
                    .optional()
                    .map(|key| key.map(AuthKey::from_bytes))
            })
    }

    /// Stores a key; it is on the disk when this returns.
    pub(crate) fn set_auth_key(&self, dc: DcId, test: bool, key: &AuthKey) -> Result<(), Error> {
        self.database()
            .durably("store an authorization key", |connection| {
                write_key(connection, dc, test, Some(key))
            })
    }

    /// Forgets a key that the server does not know or has invalidated.
    pub(crate) fn remove_auth_key(&self, dc: DcId, test: bool) -> Result<(), Error> {
        self.database()
            .durably("remove an authorization key", |connection| {
                write_key(connection, dc, test, None)
            })
    }

    /// Forgets what belongs to an account: how far its updates are, and the keys of all DCs but those `kept`.
    /// Returns the DCs whose keys are gone.
    pub(crate) fn forget_account(&self, kept: &[DcId], test: bool) -> Result<Vec<DcId>, Error> {
        self.database()
            .durably("forget the former account", |connection| {
                updates::forget(connection)?;
                let keys = connection
                    .prepare("SELECT dc, test FROM auth_key")?
                    .query_map((), |row| Ok((DcId(row.get(0)?), row.get::<_, bool>(1)?)))?
                    .collect::<rusqlite::Result<Vec<_>>>()?;
                let mut gone = Vec::new();
                for (dc, of_test) in keys {
                    if of_test != test || !kept.contains(&dc) {
                        write_key(connection, dc, of_test, None)?;
                        gone.push(dc);
                    }
                }
                Ok(gone)
            })
    }

    /// A value that the layer above stored under this name.
    pub fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        self.database().with("read a setting", |connection| {
            connection
                .prepare_cached("SELECT value FROM setting WHERE name = ?")?
                .query_row([name], |row| row.get(0))
                .optional()
        })
    }

    /// Stores a value for the layer above; `None` removes it.
    pub fn set_setting(&self, name: &str, value: Option<&[u8]>) -> Result<(), Error> {
        self.database().with("store a setting", |connection| {
            write_setting(connection, name, value)
        })
    }

    /// The addresses that `help.getConfig` gave, in the server's order.
    pub(crate) fn dc_addresses(&self, test: bool) -> Result<DcList, Error> {
        let rows =
            self.database()
                .with("read the DC addresses", |connection| {
                    connection
                .prepare("SELECT dc, address FROM dc_address WHERE test = ? ORDER BY dc, position")?
                .query_map([test], |row| Ok((DcId(row.get(0)?), row.get::<_, String>(1)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()
                })?;
        Ok(rows
            .into_iter()
            .filter_map(|(dc, address)| Some((dc, address.parse().ok()?)))
            .collect())
    }

    pub(crate) fn set_dc_addresses(&self, list: &DcList, test: bool) -> Result<(), Error> {
        self.database()
            .with("store the DC addresses", |connection| {
                let transaction = connection.transaction()?;
                transaction.execute("DELETE FROM dc_address WHERE test = ?", [test])?;
                for dc in list.ids() {
                    for (position, address) in list.addresses(dc).iter().enumerate() {
                        transaction.execute(
                        "INSERT INTO dc_address (dc, test, position, address) VALUES (?, ?, ?, ?)",
                        params![dc.0, test, position as i64, address.to_string()],
                    )?;
                    }
                }
                transaction.commit()
            })
    }
}

/// Stores a setting, or that there is none.
pub(super) fn write_setting(
    connection: &Connection,
    name: &str,
    value: Option<&[u8]>,
) -> rusqlite::Result<()> {
    match value {
        Some(value) => connection.execute(
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
            params![name, value],
        ),
        None => connection.execute("DELETE FROM setting WHERE name = ?", [name]),
    }
    .map(drop)
}

/// Stores a key, or that there is none.
pub(super) fn write_key(
    connection: &Connection,
    dc: DcId,
    test: bool,
    key: Option<&AuthKey>,
) -> rusqlite::Result<()> {
    // Temporary keys go with the permanent one that they are bound to.
    connection.execute(
        "DELETE FROM temporary_key WHERE dc IN (?, ?) AND test = ?",
        params![dc.main().0, dc.media().0, test],
    )?;
    match key {
        Some(key) => connection.execute(
            "INSERT OR REPLACE INTO auth_key (dc, test, key) VALUES (?, ?, ?)",
            params![dc.0, test, key.as_bytes()],
        ),
        None => connection.execute(
            "DELETE FROM auth_key WHERE dc = ? AND test = ?",
            params![dc.0, test],
        ),
    }
    .map(drop)
}
