//! Everything that can go wrong, one kind per reaction a caller may have.

use std::path::PathBuf;
use std::{fmt, io};

use crate::DcId;

/// The cause of an error, from whichever library it came.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What went wrong. `Display` names the thing, what was wanted and what came; `source` keeps the cause.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The server answered with an error.
    Rpc {
        /// Its code: 400, 401, 420, −503 …
        code: i32,
        /// Its text as sent, such as `FLOOD_WAIT_30`.
        name: String,
        /// The TL method that was called.
        method: String,
    },
    /// The server ended the login: the session is logged out and its files are removed.
    LoggedOut {
        /// The server's reason, such as `SESSION_REVOKED`.
        reason: String,
    },
    /// A login method was called in a state that it does not belong to; the text is MadelineProto's.
    LoginState(&'static str),

    /// No connection: nothing was sent.
    Connect {
        /// The DC.
        dc: DcId,
        /// The address that was tried last.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// The connection stood, but no key could be agreed on: nothing was sent.
    KeyExchange {
        /// The DC.
        dc: DcId,
        /// Where and why.
        source: Cause,
    },
    /// The connection ended before the answer came: whether the server executed the call is unknown.
    Lost {
        /// The DC.
        dc: DcId,
        /// The TL method that was called.
        method: String,
        /// Why.
        source: Cause,
    },
    /// No answer in time: whether the server executed the call is unknown.
    Timeout {
        /// The DC.
        dc: DcId,
        /// The TL method that was called.
        method: String,
        /// How long was waited.
        seconds: f64,
    },
    /// The server answered with a transport error (−404: it does not know the key, −429: too many connections).
    Transport {
        /// The DC.
        dc: DcId,
        /// The negative code.
        code: i32,
    },
    /// The request cannot be sent: too long, or not made of 32-bit words.
    RequestSize {
        /// The TL method.
        method: String,
        /// Its length in bytes.
        bytes: usize,
        /// The longest that can be sent.
        limit: usize,
    },
    /// The chosen engine cannot do what the configuration asks for.
    Engine {
        /// What it cannot do.
        what: &'static str,
    },
    /// No address of this DC is known.
    UnknownDc {
        /// The DC.
        dc: DcId,
        /// Those that are known.
        known: Vec<DcId>,
    },
    /// An imported key does not have 256 bytes.
    KeyLength {
        /// The DC it was given for.
        dc: DcId,
        /// Its length.
        bytes: usize,
    },
    /// An answer of the server is not what its method promises.
    Answer {
        /// The TL method.
        method: String,
        /// What is wrong with it.
        source: Cause,
    },
    /// A request of the client's own cannot be written with the schema in use.
    Request {
        /// The TL method.
        method: String,
        /// Why.
        source: Cause,
    },
    /// A security check of the protocol failed: what came must not be used.
    Security {
        /// Which check, and what came.
        what: String,
    },

    /// A file cannot be transferred, or is not what was announced.
    File {
        /// What is wrong.
        what: String,
    },

    /// A file stands where the session's directory should be.
    SessionIsFile {
        /// Where.
        path: PathBuf,
    },
    /// The session's directory or its files cannot be made, read or written.
    SessionAccess {
        /// The directory or file.
        path: PathBuf,
        /// What was tried, such as `create the session directory`.
        what: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// The session's directory or one of its files belongs to another user.
    SessionOwner {
        /// The directory or file.
        path: PathBuf,
        /// Its owner's user id.
        owner: u32,
        /// The user id that this process runs as.
        user: u32,
    },
    /// Another process holds the session.
    SessionLocked {
        /// The session's directory.
        path: PathBuf,
        /// The process, when its lock file says so.
        pid: Option<u32>,
        /// That process' command name, when it can be read.
        command: Option<String>,
        /// How long was waited.
        seconds: f64,
    },
    /// Another machine, or another directory, uses the session that a server keeps.
    SessionLeased {
        /// The session's directory.
        path: PathBuf,
        /// The server.
        server: String,
        /// Who has it: a machine and its directory.
        holder: String,
        /// How long was waited.
        seconds: f64,
    },
    /// The server that keeps the session failed.
    Storage {
        /// The server.
        server: String,
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: Cause,
    },
    /// The process that has the session's connections cannot be used.
    SessionHolder {
        /// The session's directory.
        path: PathBuf,
        /// The process, where it is known.
        pid: Option<u32>,
        /// That process' command name, when it can be read.
        command: Option<String>,
        /// What is wrong with it, such as `has not answered for 10 s`.
        what: String,
    },
    /// The process that has the session's connections could not use its files.
    SessionElsewhere {
        /// What it says.
        text: String,
    },
    /// Another process takes the session's updates.
    UpdatesTaken {
        /// The session's directory.
        path: PathBuf,
        /// The process, where it is known.
        pid: Option<u32>,
        /// That process' command name, when it can be read.
        command: Option<String>,
    },
    /// The database cannot be read any more.
    SessionCorrupt {
        /// The database file.
        file: PathBuf,
        /// Whether that turned out only after it was opened.
        in_use: bool,
        /// What SQLite says.
        source: Cause,
    },
    /// The database belongs to another program.
    SessionForeign {
        /// The database file.
        file: PathBuf,
    },
    /// A session of another client cannot be taken over.
    SessionImport {
        /// Its file, or what stands for one.
        source: String,
        /// Why not.
        why: Cause,
    },
    /// The database was written by a newer version.
    SessionVersion {
        /// The database file.
        file: PathBuf,
        /// The version of its tables.
        found: i64,
        /// The newest version that is understood.
        supported: i64,
    },
    /// The session object is not usable any more: it was logged out, or this process is a fork of its owner.
    SessionClosed {
        /// Which of the two.
        what: &'static str,
    },
    /// A statement on the database failed.
    Database {
        /// The database file.
        file: PathBuf,
        /// What was tried, such as `store an authorization key`.
        what: &'static str,
        /// What SQLite says.
        source: Cause,
    },
}

impl Error {
    /// Seconds that the server wants the caller to wait, of an error 420 such as `FLOOD_WAIT_30`.
    pub fn flood_seconds(&self) -> Option<i64> {
        match self {
            Error::Rpc {
                code: 420, name, ..
            } => trailing_number(name),
            _ => None,
        }
    }

    /// Whether the server answered with this error text.
    pub fn is_rpc(&self, text: &str) -> bool {
        matches!(self, Error::Rpc { name, .. } if name == text)
    }
}

/// The number at the end of an error text: 30 of `FLOOD_WAIT_30`.
pub(crate) fn trailing_number(text: &str) -> Option<i64> {
    text.rsplit('_').next()?.parse().ok()
}

impl fmt::Display for Error {
    #[expect(clippy::too_many_lines, reason = "one arm for each kind")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Rpc { code, name, method } => {
                write!(f, "{method}: Telegram answered {name} ({code})")
            }
            Error::LoggedOut { reason } => {
                write!(
                    f,
                    "Telegram ended this login ({reason}); the session is logged out, please log in again"
                )
            }
            Error::LoginState(text) => f.write_str(text),
            Error::Connect {
                dc,
                address,
                source,
            } => write!(f, "cannot connect to {dc} at {address}: {source}"),
            Error::KeyExchange { dc, source } => write!(f, "{dc}: {source}"),
            Error::Lost { dc, method, source } => write!(
                f,
                "{method}: the connection to {dc} ended before the answer came, so the server may or may not have \
                 executed it: {source}"
            ),
            Error::Timeout {
                dc,
                method,
                seconds,
            } => {
                write!(
                    f,
                    "{method}: {dc} did not answer within {seconds} s; it may still execute the call"
                )
            }
            Error::Transport { dc, code: -404 } => {
                write!(
                    f,
                    "{dc} does not know this session's authorization key (transport error -404)"
                )
            }
            Error::Transport { dc, code } => write!(f, "{dc} answered with transport error {code}"),
            Error::RequestSize {
                method,
                bytes,
                limit,
            } => write!(
                f,
                "{method}: a request of {bytes} bytes cannot be sent, it must be a multiple of 4 and at most {limit}"
            ),
            Error::Engine { what } => {
                write!(
                    f,
                    "the engine of grammers cannot {what}; use the native one"
                )
            }
            Error::UnknownDc { dc, known } => {
                write!(f, "no address of {dc} is known, only of {known:?}")
            }
            Error::KeyLength { dc, bytes } => {
                write!(
                    f,
                    "an authorization key of 256 bytes is wanted for {dc}, one of {bytes} was given"
                )
            }
            Error::Answer { method, source } => {
                write!(f, "{method}: the server's answer cannot be used: {source}")
            }
            Error::Request { method, source } => {
                write!(f, "{method} cannot be written with this schema: {source}")
            }
            Error::Security { what } => write!(f, "security check failed: {what}"),
            Error::File { what } => f.write_str(what),
            Error::SessionIsFile { path } => write!(
                f,
                "the session {} is a file, but a directory is wanted. It may be a session of a MadelineProto before \
                 version 8, which cannot be read: move it away and log in again",
                path.display()
            ),
            Error::SessionAccess { path, what, source } => {
                write!(f, "cannot {what} {}: {source}", path.display())
            }
            Error::SessionOwner { path, owner, user } => write!(
                f,
                "{} belongs to user {owner}, but this process runs as user {user}: run it as the owner, give the \
                 session to user {user} (chown -R {user} {}), or use another session path",
                path.display(),
                path.display()
            ),
            Error::SessionLocked {
                path,
                pid,
                command,
                seconds,
            } => {
                let process = process(*pid, command.as_deref());
                write!(
                    f,
                    "the session {} is in use by {process}; waited {seconds} s for it",
                    path.display()
                )
            }
            Error::SessionHolder {
                path,
                pid,
                command,
                what,
            } => {
                let process = process(*pid, command.as_deref());
                write!(
                    f,
                    "the session {} is connected by {process}, which {what}",
                    path.display()
                )
            }
            Error::SessionElsewhere { text } => {
                write!(f, "the process that has the session's connections: {text}")
            }
            Error::UpdatesTaken { path, pid, command } => {
                let process = process(*pid, command.as_deref());
                write!(
                    f,
                    "the updates of the session {} are taken by {process}: one process at a time can",
                    path.display()
                )
            }
            Error::SessionLeased {
                path,
                server,
                holder,
                seconds,
            } => write!(
                f,
                "the session {} ({server}) is in use by {holder}; waited {seconds} s for it",
                path.display()
            ),
            Error::Storage {
                server,
                what,
                source,
            } => write!(
                f,
                "{server}, which keeps the session: cannot {what}: {source}"
            ),
            Error::SessionCorrupt {
                file,
                in_use: true,
                source,
            } => write!(
                f,
                "the session database {} is damaged ({source}). Open the session again: what can be read of it is then put \
                 into a new one",
                file.display()
            ),
            Error::SessionCorrupt { file, source, .. } => write!(
                f,
                "the session database {} is damaged ({source}), and its login cannot be read any more. Nothing was changed: \
                 restore it from a backup, or move its directory away and log in again",
                file.display()
            ),
            Error::SessionForeign { file } => {
                write!(
                    f,
                    "{} is an SQLite database of another program, not a session",
                    file.display()
                )
            }
            Error::SessionImport { source, why } => {
                write!(f, "the login in {source} cannot be taken over: {why}")
            }
            Error::SessionVersion {
                file,
                found,
                supported,
            } => write!(
                f,
                "the session database {} has version {found}, written by a newer release; this one understands \
                 versions up to {supported}",
                file.display()
            ),
            Error::SessionClosed { what } => {
                write!(f, "this session object cannot be used any more: {what}")
            }
            Error::Database { file, what, source } => {
                write!(
                    f,
                    "cannot {what} in the session database {}: {source}",
                    file.display()
                )
            }
        }
    }
}

/// A process as messages name it.
fn process(pid: Option<u32>, command: Option<&str>) -> String {
    match (pid, command) {
        (Some(pid), Some(command)) => format!("process {pid} ({command})"),
        (Some(pid), None) => format!("process {pid}"),
        _ => "another process".to_owned(),
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Connect { source, .. } | Error::SessionAccess { source, .. } => Some(source),
            Error::KeyExchange { source, .. }
            | Error::Lost { source, .. }
            | Error::Answer { source, .. }
            | Error::Request { source, .. }
            | Error::SessionCorrupt { source, .. }
            | Error::SessionImport { why: source, .. }
            | Error::Storage { source, .. }
            | Error::Database { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}
