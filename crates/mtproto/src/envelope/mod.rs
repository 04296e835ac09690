//! Envelopes: the plain messages of the key exchange and the encrypted ones of MTProto 2.0, both sides.
//!
//! <https://core.telegram.org/mtproto/description>

pub mod checks;
mod keys;
mod open;
pub mod plain;
mod seal;

use std::fmt;

use bytes::Bytes;

use crate::MsgId;
use crate::ige::Block;

pub use open::{decrypt, decrypt_all, decrypt_in_place};
pub use seal::{LaidOut, encrypt, encrypt_all, lay_out, seal_all};

/// Which side wrote a message: each direction has its own part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Written by the client.
    Client,
    /// Written by the server.
    Server,
}

/// What stands before the body of an encrypted message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The server salt.
    pub salt: i64,
    /// The session.
    pub session_id: i64,
    /// The message's identifier.
    pub msg_id: MsgId,
    /// Its sequence number.
    pub seq_no: i32,
}

/// A message that is ready for the transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The envelope.
    pub bytes: Vec<u8>,
    /// What the server's quick acknowledgement of this message will say.
    pub quick_ack: u32,
}

/// A message whose envelope was opened and found in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What stood before the body.
    pub header: Header,
    /// The body, without padding. It is a part of the frame's memory: keeping a slice of it keeps all of it.
    pub body: Bytes,
    /// The token with which a server acknowledges this message quickly.
    pub quick_ack: u32,
}

/// Why an envelope is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Too short, or its encrypted part is no whole number of cipher blocks.
    FrameLength {
        /// Length of the frame in bytes.
        bytes: usize,
    },
    /// The message is for another authorization key.
    AuthKeyId {
        /// The identifier it has.
        got: i64,
        /// The identifier of the key in use.
        expected: i64,
    },
    /// The message was changed on its way or made with another key.
    MsgKey,
    /// The length inside the message is negative, no multiple of 4 or more than there is.
    DataLength {
        /// The length it says.
        announced: i32,
        /// The bytes that follow.
        available: usize,
    },
    /// The padding is not 12…1024 bytes long.
    Padding {
        /// Its length in bytes.
        bytes: usize,
    },
    /// The message belongs to another session.
    SessionId {
        /// The session it names.
        got: i64,
        /// The session in use.
        expected: i64,
    },
    /// The two low bits of the message's identifier are not those of its writer.
    Origin {
        /// The identifier.
        msg_id: MsgId,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FrameLength { bytes } => write!(formatter, "{bytes} bytes can't be an envelope"),
            Self::AuthKeyId { got, expected } => {
                write!(
                    formatter,
                    "a message for the authorization key {got:#x}, in use is {expected:#x}"
                )
            }
            Self::MsgKey => formatter.write_str("the message key does not belong to the message"),
            Self::DataLength {
                announced,
                available,
            } => {
                write!(
                    formatter,
                    "a message says it has {announced} bytes, but {available} follow"
                )
            }
            Self::Padding { bytes } => write!(
                formatter,
                "{bytes} bytes of padding, permitted are 12 to 1024"
            ),
            Self::SessionId { got, expected } => {
                write!(
                    formatter,
                    "a message of session {got:#x}, in use is {expected:#x}"
                )
            }
            Self::Origin { msg_id } => write!(
                formatter,
                "the other side can't have made the message id {msg_id}"
            ),
        }
    }
}

impl std::error::Error for Error {}

/// `auth_key_id` and `msg_key`.
const OUTER_HEADER: usize = 24;
/// Salt, session, message identifier, sequence number and length.
const INNER_HEADER: usize = 32;
const MIN_PADDING: usize = 12;
const BLOCK: usize = size_of::<Block>();

/// The `auth_key_id` at the front of a frame: 0 for a plain message, `None` when the frame is too short to have one.
pub fn auth_key_id(frame: &[u8]) -> Option<i64> {
    frame.first_chunk().map(|id| i64::from_le_bytes(*id))
}

#[cfg(test)]
mod tests;
