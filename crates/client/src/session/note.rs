//! What was found out of the ordinary when a session was opened, for its log.

use std::fmt;
use std::path::PathBuf;

/// Something that whoever opened the session should know. `Display` is the sentence for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The login comes from a session of MadelineProto, whose files are as they were.
    Imported {
        /// Its file.
        file: PathBuf,
        /// Who is logged in.
        user: i64,
    },
    /// The database was damaged: what could be read of it is in a new one.
    Recovered {
        /// Where the damaged one is now.
        kept: PathBuf,
        /// How many users, groups and channels are in the new one.
        peers: u64,
    },
    /// Nothing can be written into the directory: what changes is lost when the session is closed.
    ReadOnly {
        /// The directory.
        directory: PathBuf,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Imported { file, user } => write!(
                f,
                "Logged in as user {user} with the session of MadelineProto in {}, which stays as it is",
                file.display()
            ),
            Note::Recovered { kept, peers } => write!(
                f,
                "The session's database was damaged. Its login and {peers} peers were saved, other things may be missing; \
                 the damaged database is kept as {}",
                kept.display()
            ),
            Note::ReadOnly { directory } => write!(
                f,
                "{} cannot be written to: what changes is forgotten when the session is closed",
                directory.display()
            ),
        }
    }
}
