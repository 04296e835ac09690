//! The SQLite connection that a session's parts share.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::Error;

/// A shared SQLite connection. Each use holds a lock: keep uses short.
#[derive(Clone)]
pub struct Database {
    connection: Arc<Mutex<Connection>>,
}

impl Database {
    /// Runs statements; `what` names the purpose in errors, such as `"read a peer"`.
    pub fn with<T>(
        &self,
        what: &'static str,
        statements: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        statements(&mut connection).map_err(|source| todo!("{what} {source}"))
    }
}
