//! Envelopes: the plain messages of the key exchange and the encrypted ones of MTProto 2.0, both sides.
//!
//! <https://core.telegram.org/mtproto/description>

pub mod checks;
mod keys;
pub mod plain;

use std::fmt;

use grammers_crypto::aes;
use zeroize::Zeroize;

use crate::random::Random;
use crate::wire::{Reader, Write};
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
const BLOCK: usize = 16;

/// The `auth_key_id` at the front of a frame: 0 for a plain message, `None` when the frame is too short to have one.
pub fn auth_key_id(frame: &[u8]) -> Option<i64> {
    frame.first_chunk().map(|id| i64::from_le_bytes(*id))
}

/// Encrypts a message written by `writer`. `body` consists of whole words, as everything in TL does.
pub fn encrypt(
    key: &AuthKey,
    writer: Side,
    header: Header,
    body: &[u8],
    random: &mut dyn Random,
) -> Sealed {
    let unpadded = INNER_HEADER + body.len();
    let padding = MIN_PADDING + (unpadded + MIN_PADDING).wrapping_neg() % BLOCK;
    let mut plaintext = Vec::with_capacity(unpadded + padding);
    plaintext.long(header.salt);
    plaintext.long(header.session_id);
    plaintext.long(header.msg_id.0);
    plaintext.int(header.seq_no);
    plaintext.int(body.len() as i32);
    plaintext.raw(body);
    plaintext.resize(unpadded + padding, 0);
    if let Some(padding) = plaintext.get_mut(unpadded..) {
        random.fill(padding);
    }
    seal(key, writer, plaintext)
}

/// Decrypts a message that `writer` wrote and makes all checks that need nothing but the key.
///
/// Left to the session, which knows what to compare with: [`checks::session_id`], [`checks::origin`], the salt, the
/// age of the message and whether it was seen before.
pub fn decrypt(key: &AuthKey, writer: Side, frame: &[u8]) -> Result<Opened, Error> {
    checks::frame_length(frame)?;
    let mut outer = Reader::new(frame);
    let too_short = |_| Error::FrameLength { bytes: frame.len() };
    let key_id = outer.long().map_err(too_short)?;
    checks::auth_key_id(key_id, key.id())?;
    let msg_key: [u8; 16] = outer.array().map_err(too_short)?;

    let mut plaintext = outer.rest().to_vec();
    let (aes_key, aes_iv) = keys::aes(key, &msg_key, writer);
    aes::ige_decrypt(&mut plaintext, &aes_key, &aes_iv);
    let msg_key_large = keys::msg_key_large(key, &plaintext, writer);
    // Nothing in the plaintext may be looked at, and no error may depend on it, before this has succeeded.
    if let Err(error) = checks::msg_key(&msg_key, &keys::msg_key(&msg_key_large)) {
        plaintext.zeroize();
        return Err(error);
    }
    let quick_ack = keys::quick_ack(&msg_key_large);

    let mut inner = Reader::new(&plaintext);
    let header = Header {
        salt: inner.long().map_err(too_short)?,
        session_id: inner.long().map_err(too_short)?,
        msg_id: MsgId(inner.long().map_err(too_short)?),
        seq_no: inner.int().map_err(too_short)?,
    };
    let announced = inner.int().map_err(too_short)?;
    let available = inner.rest().len();
    let len = checks::data_length(announced, available)?;
    checks::padding(available - len)?;
    plaintext.truncate(INNER_HEADER + len);
    plaintext.drain(..INNER_HEADER);
    Ok(Opened {
        header,
        body: plaintext,
        quick_ack,
    })
}

/// Encrypts a whole plaintext: header, body and padding.
fn seal(key: &AuthKey, writer: Side, mut plaintext: Vec<u8>) -> Sealed {
    let msg_key_large = keys::msg_key_large(key, &plaintext, writer);
    let msg_key = keys::msg_key(&msg_key_large);
    let (aes_key, aes_iv) = keys::aes(key, &msg_key, writer);
    aes::ige_encrypt(&mut plaintext, &aes_key, &aes_iv);
    let mut bytes = Vec::with_capacity(OUTER_HEADER + plaintext.len());
    bytes.long(key.id());
    bytes.raw(&msg_key);
    bytes.raw(&plaintext);
    Sealed {
        bytes,
        quick_ack: keys::quick_ack(&msg_key_large),
    }
}

#[cfg(test)]
mod tests;
