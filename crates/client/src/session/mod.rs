//! What survives the process: one directory with one database, held by one process at a time.

mod database;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Error;

pub use database::Database;

/// An open session.
#[derive(Clone)]
pub struct Session {
    directory: PathBuf,
    database: Database,
}

impl Session {
    /// Opens a session directory, creating it when it does not exist.
    pub async fn open(directory: &Path, lock_timeout: Duration) -> Result<Session, Error> {
        todo!("{directory:?} {lock_timeout:?}")
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The database, for tables that live beside the session's own.
    pub fn database(&self) -> &Database {
        &self.database
    }
}
