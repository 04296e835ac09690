//! Why a value cannot be converted: one kind for each exception class that MadelineProto throws.

use std::borrow::Cow;
use std::fmt;

use madeline_tl::wire::ReadError;
use madeline_tl::{DecodeError, DecodeErrorKind};

use super::Need;
use crate::Error;

/// Why a value cannot be converted. `Display` is the exception's message, word for word; where in the arguments it
/// happened is told by the [`madeline_tl::EncodeError`] around it.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConvertError {
    /// `danog\MadelineProto\TL\Exception`.
    Tl(Cow<'static, str>),
    /// `danog\MadelineProto\TL\Conversion\Exception`.
    Conversion(Cow<'static, str>),
    /// `danog\MadelineProto\Exception`.
    Madeline(Cow<'static, str>),
    /// `danog\MadelineProto\Exception` with code 2: a warning of PHP that MadelineProto throws.
    Warning(Cow<'static, str>),
    /// `danog\MadelineProto\PeerNotInDbException`: neither the session nor the server knows the peer.
    PeerNotInDb {
        /// The peer as the caller gave it.
        peer: String,
    },
    /// `AssertionError`.
    Assertion(Cow<'static, str>),
    /// `Webmozart\Assert\InvalidArgumentException`.
    InvalidArgument(Cow<'static, str>),
    /// `TypeError`.
    Type(Cow<'static, str>),
    /// `JsonException`.
    Json(&'static str),
    /// Not an error yet: the session does not know something that the server may know. Ask it, and encode again.
    Need(Need),
    /// The session could not be read.
    Session(Box<Error>),
}

impl ConvertError {
    /// What to ask the server for before encoding again.
    pub fn need(&self) -> Option<&Need> {
        match self {
            Self::Need(need) => Some(need),
            _ => None,
        }
    }
}

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tl(text)
            | Self::Conversion(text)
            | Self::Madeline(text)
            | Self::Warning(text)
            | Self::Assertion(text)
            | Self::InvalidArgument(text)
            | Self::Type(text) => f.write_str(text),
            Self::PeerNotInDb { .. } => {
                f.write_str("This peer is not present in the internal peer database")
            }
            Self::Json(text) => f.write_str(text),
            Self::Need(need) => write!(f, "{need} has to be asked from the server first"),
            Self::Session(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ConvertError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Session(error) => error.source(),
            _ => None,
        }
    }
}

impl From<Error> for ConvertError {
    fn from(error: Error) -> Self {
        Self::Session(Box::new(error))
    }
}

impl From<&DecodeError> for ConvertError {
    /// The exception for bytes that cannot be decoded.
    fn from(error: &DecodeError) -> Self {
        if let DecodeErrorKind::ChannelId { id } = error.kind() {
            return Self::Assertion(not_a_channel(*id));
        }
        Self::Tl(match error.kind() {
            DecodeErrorKind::Read(ReadError::Length) => "Length is too big".into(),
            // What MadelineProto says of the four bytes that are not there.
            DecodeErrorKind::Read(ReadError::End { wanted: 4, left: 0 }) if error.offset() == 0 => {
                "Could not extract type:  with id , you should update MadelineProto!".into()
            }
            DecodeErrorKind::UnknownConstructor { id } if error.offset() == 0 => format!(
                "Could not extract type:  with id {id:08x}, you should update MadelineProto!"
            )
            .into(),
            _ => error.to_string().into(),
        })
    }
}

/// MadelineProto's words for a channel whose id cannot be one, by where its bot-API form lies instead.
fn not_a_channel(id: i64) -> Cow<'static, str> {
    let id = (-1_000_000_000_000_i64).saturating_sub(id);
    let kind = match id {
        1.. => "USER",
        -999_999_999_999..=-1 => "CHAT",
        -1_000_000_000_000 => "SECRET_CHAT",
        _ => return format!("Invalid ID {id} provided!").into(),
    };
    format!("Expected a supergroup/channel ID, but produced the following type: {kind}").into()
}
