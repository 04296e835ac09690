//! What a session tells its owner.

use std::fmt;

use bytes::Bytes;

use super::{CallId, MAX_BODY};
use crate::service::FutureSalt;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A call was answered.
    Result {
        /// The call.
        id: CallId,
        /// Its result as TL bytes, unpacked. A part of the message it came in, which lives as long.
        body: Bytes,
    },
    /// A call was answered with an error.
    RpcError {
        /// The call.
        id: CallId,
        /// `error_code`.
        code: i32,
        /// `error_message`, as the server wrote it.
        message: String,
    },
    /// A call will have no answer.
    Failed {
        /// The call.
        id: CallId,
        /// Why.
        why: Failure,
    },
    /// An object that answers nothing: `Updates`, or something that is unknown here. In the server's order, unpacked.
    Object(Bytes),
    /// Objects may be missing: ask for the difference. The server forgot the session, or a message could not be
    /// verified or read.
    Gap,
    /// The server began to know this session: for the first time, or again after it forgot it (then [`Event::Gap`]
    /// follows). What it keeps for a session, such as where updates go, begins anew.
    NewSession,
    /// The salts to store: the one in use first.
    Salts(Vec<FutureSalt>),
    /// The server's time minus the local time, in seconds, to store.
    ClockOffset(i64),
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// It may or may not have been executed.
    Unknown(Cause),
    /// Not executed: the server refused each of the messages in which it was sent, the last time with this code of
    /// [`crate::service::bad_msg`].
    Refused(i32),
    /// Not sent: a function has whole words, at least one, and fits into a message.
    Unsendable {
        /// Its length in bytes.
        bytes: usize,
    },
    /// Executed, but the packed answer would grow beyond [`super::Config::max_inflated`].
    AnswerTooLong {
        /// That limit.
        limit: usize,
    },
    /// Executed, but the answer can't be unpacked.
    AnswerCorrupt,
}

/// Why nobody knows whether a call was executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The server forgot the session after the call was sent.
    SessionForgotten,
    /// The server no longer knows whether it received the call.
    MessageForgotten,
    /// The server answered, but did not keep the answer that was lost.
    AnswerLost,
    /// The session had to be replaced by another one.
    SessionReplaced,
    /// The server does not answer questions about the call.
    NoStates,
    /// The server says that the answer was dropped, which was not asked for.
    Dropped,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(cause) => write!(
                formatter,
                "the call may or may not have been executed: {cause}"
            ),
            Self::Refused(code) => write!(
                formatter,
                "the server refused the call's messages, the last with bad_msg_notification {code}"
            ),
            Self::Unsendable { bytes } => write!(
                formatter,
                "expected a function of whole words up to {MAX_BODY} bytes, got {bytes} bytes"
            ),
            Self::AnswerTooLong { limit } => {
                write!(formatter, "the packed answer grows beyond {limit} bytes")
            }
            Self::AnswerCorrupt => formatter.write_str("the answer can't be read"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SessionForgotten => "the server forgot the session",
            Self::MessageForgotten => "the server no longer knows whether it received it",
            Self::AnswerLost => "the server did not keep its answer",
            Self::SessionReplaced => "the session was replaced",
            Self::NoStates => "the server does not say what became of it",
            Self::Dropped => "the server dropped its answer",
        })
    }
}
