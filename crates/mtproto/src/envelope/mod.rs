//! Envelopes: the plain messages of the key exchange and the encrypted ones of MTProto 2.0, both sides.
//!
//! <https://core.telegram.org/mtproto/description>

pub mod plain {
    //! Messages without encryption: only the key exchange uses them.
    use super::Error;
    use crate::MsgId;

    /// A plain message.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Message<'a> {
        /// The message's identifier.
        pub msg_id: MsgId,
        /// The serialized function or answer.
        pub body: &'a [u8],
    }

    /// Puts `body` into a plain envelope.
    pub fn write(msg_id: MsgId, body: &[u8]) -> Vec<u8> {
        todo!()
    }

    /// Opens a plain envelope.
    pub fn read(frame: &[u8]) -> Result<Message<'_>, Error> {
        todo!()
    }
}

use crate::random::Random;
use crate::{AuthKey, MsgId};

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
    /// The body, without padding.
    pub body: Vec<u8>,
    /// The token with which a server acknowledges this message quickly.
    pub quick_ack: u32,
}

/// Why an envelope is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Too short, or not a multiple of the cipher's blocks.
    Length {
        /// Length of the frame.
        bytes: usize,
    },
}

/// The `auth_key_id` at the front of a frame: 0 for a plain message, `None` when the frame is too short to have one.
pub fn auth_key_id(frame: &[u8]) -> Option<i64> {
    todo!()
}

/// Encrypts a message written by `writer`.
pub fn encrypt(key: &AuthKey, writer: Side, header: Header, body: &[u8], random: &mut dyn Random) -> Sealed {
    todo!()
}

/// Decrypts a message that `writer` wrote and makes all checks that need nothing but the key.
pub fn decrypt(key: &AuthKey, writer: Side, frame: &[u8]) -> Result<Opened, Error> {
    todo!()
}
