//! Where a session lies.

use madeline_client::process;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use madeline_mtproto::Random;
use madeline_mtproto::random::OsRandom;

use crate::exceptions::Thrown;

/// A session's directory, and what the script calls it.
pub(crate) struct Place {
    name: String,
    directory: PathBuf,
    /// The process that removes it in the end: a session that never got a name.
    temporary_of: Option<u32>,
}

impl Place {
    /// A session that the script names; relative to its working directory as that stands now.
    pub(crate) fn named(name: String) -> Result<Self, Thrown> {
        if name.is_empty() {
            return Err(Thrown::Exception("the session's path is empty".to_owned()));
        }
        Ok(Self {
            directory: absolute(&name)?,
            name,
            temporary_of: None,
        })
    }

    /// A session that has no name yet, as releases 2 to 4 began: it is lost unless it gets one.
    pub(crate) fn unnamed() -> Self {
        let mut suffix = [0; 8];
        OsRandom.fill(&mut suffix);
        let suffix = u64::from_le_bytes(suffix);
        Self {
            name: String::new(),
            directory: env::temp_dir().join(format!("madelineproto-{suffix:016x}")),
            temporary_of: Some(process::id()),
        }
    }

    /// What the script calls it; empty where it has no name yet.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its directory.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Whether it has no name yet.
    pub(crate) fn is_temporary(&self) -> bool {
        self.temporary_of.is_some()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.temporary_of == Some(process::id()) {
            // Nobody is left to be told.
            drop(fs::remove_dir_all(&self.directory));
        }
    }
}

fn absolute(name: &str) -> Result<PathBuf, Thrown> {
    let path = Path::new(name);
    if path.is_absolute() {
        return Ok(path.to_owned());
    }
    env::current_dir()
        .map(|directory| directory.join(path))
        .map_err(|error| Thrown::Exception(format!("cannot find the working directory: {error}")))
}
