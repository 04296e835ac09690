//! What connections remember between processes so that the next one starts with a single round trip: temporary keys,
//! salts and the server's clock.

use madeline_mtproto::AuthKey;
use madeline_mtproto::service::FutureSalt;
use rusqlite::{OptionalExtension, params};

use super::Session;
use crate::{DcId, Error};

/// The setting with the seconds by which the server's clock is ahead of ours.
const CLOCK: &str = "clock.offset";
/// Bytes of one stored salt: the times from and until which it is good, and the salt.
const SALT: usize = 16;

/// The tables, a part of the session's second version.
pub(super) const SCHEMA: &str = "
    CREATE TABLE temporary_key (
        dc INTEGER NOT NULL,
        test INTEGER NOT NULL,
        key BLOB NOT NULL CHECK (length(key) = 256),
        permanent_id INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        PRIMARY KEY (dc, test)
    ) WITHOUT ROWID;
    CREATE TABLE salts (
        key_id INTEGER PRIMARY KEY,
        salts BLOB NOT NULL
    );
";

/// A temporary key that is bound to a permanent one (<https://core.telegram.org/api/pfs>).
#[derive(Clone, Debug)]
pub(crate) struct TemporaryKey {
    pub(crate) key: AuthKey,
    /// Unix time of the server after which it is good for nothing.
    pub(crate) expires_at: i64,
}

impl Session {
    /// The temporary key of a DC that is bound to this permanent one.
    pub(crate) fn temporary_key(
        &self,
        dc: DcId,
        test: bool,
        permanent: &AuthKey,
    ) -> Result<Option<TemporaryKey>, Error> {
        self.database().with("read a temporary key", |connection| {
            connection
                .query_row(
                    "SELECT key, expires_at FROM temporary_key WHERE dc = ? AND test = ? AND permanent_id = ?",
                    params![dc.0, test, permanent.id()],
                    |row| {
                        Ok(TemporaryKey {
                            key: AuthKey::from_bytes(row.get(0)?),
                            expires_at: row.get(1)?,
                        })
                    },
                )
                .optional()
        })
    }

    /// Stores the temporary key of a DC in place of the former one; `None` forgets it.
    pub(crate) fn set_temporary_key(
        &self,
        dc: DcId,
        test: bool,
        permanent: &AuthKey,
        temporary: Option<&TemporaryKey>,
    ) -> Result<(), Error> {
        self.database().with("store a temporary key", |connection| {
            match temporary {
                Some(temporary) => connection.execute(
                    "INSERT OR REPLACE INTO temporary_key (dc, test, key, permanent_id, expires_at)
                     VALUES (?, ?, ?, ?, ?)",
                    params![
                        dc.0,
                        test,
                        temporary.key.as_bytes(),
                        permanent.id(),
                        temporary.expires_at
                    ],
                )?,
                None => connection.execute(
                    "DELETE FROM temporary_key WHERE dc = ? AND test = ?",
                    params![dc.0, test],
                )?,
            };
            Ok(())
        })
    }

    /// The salts that a key's server has announced.
    pub(crate) fn salts(&self, key: &AuthKey) -> Result<Vec<FutureSalt>, Error> {
        let stored: Option<Vec<u8>> = self.database().with("read the salts", |connection| {
            connection
                .query_row(
                    "SELECT salts FROM salts WHERE key_id = ?",
                    [key.id()],
                    |row| row.get(0),
                )
                .optional()
        })?;
        Ok(stored
            .unwrap_or_default()
            .chunks_exact(SALT)
            .filter_map(read_salt)
            .collect())
    }

    /// Stores the salts of a key, and forgets those of keys that are gone.
    pub(crate) fn set_salts(&self, key: &AuthKey, salts: &[FutureSalt]) -> Result<(), Error> {
        let mut bytes = Vec::with_capacity(salts.len() * SALT);
        for salt in salts {
            bytes.extend_from_slice(&salt.valid_since.to_le_bytes());
            bytes.extend_from_slice(&salt.valid_until.to_le_bytes());
            bytes.extend_from_slice(&salt.salt.to_le_bytes());
        }
        self.database().with("store the salts", |connection| {
            connection.execute(
                "INSERT OR REPLACE INTO salts (key_id, salts) VALUES (?, ?)",
                params![key.id(), bytes],
            )?;
            // More than there are DCs means that keys were replaced; what is lost by that is one round trip.
            connection.execute(
                "DELETE FROM salts WHERE (SELECT count(*) FROM salts) > 32 AND key_id <> ?",
                [key.id()],
            )?;
            Ok(())
        })
    }

    /// Seconds by which the server's clock is ahead of this machine's, as last seen; `None` when it never was.
    pub(crate) fn clock_offset(&self) -> Result<Option<i64>, Error> {
        let stored = self.setting(CLOCK)?;
        Ok(stored
            .and_then(|bytes| bytes.try_into().ok())
            .map(i64::from_le_bytes))
    }

    pub(crate) fn set_clock_offset(&self, seconds: i64) -> Result<(), Error> {
        self.set_setting(CLOCK, Some(&seconds.to_le_bytes()))
    }
}

fn read_salt(bytes: &[u8]) -> Option<FutureSalt> {
    let (since, rest) = bytes.split_first_chunk()?;
    let (until, salt) = rest.split_first_chunk()?;
    Some(FutureSalt {
        valid_since: i32::from_le_bytes(*since),
        valid_until: i32::from_le_bytes(*until),
        salt: i64::from_le_bytes(salt.try_into().ok()?),
    })
}
