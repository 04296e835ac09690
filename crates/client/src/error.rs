//! Everything that can go wrong, one kind per reaction a caller may have.

use std::fmt;

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
    /// A login method was called in a state that it does not belong to; the text is MadelineProto's.
    LoginState(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Rpc { code, name, method } => write!(f, "{method}: Telegram answered {name} ({code})"),
            Error::LoginState(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}
