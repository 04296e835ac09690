//! Transport framing: [`Client`] and [`Server`] cut a TCP byte stream into frames.
//!
//! <https://core.telegram.org/mtproto/mtproto-transports>. Bytes are fed in any portions, frames are taken out; bytes
//! to be sent are appended to a buffer of the caller. Nothing is read beyond what was fed, and no more is kept than
//! one frame of the permitted length and one portion.

mod abridged;
mod client;
mod codec;
mod full;
mod intermediate;
mod obfuscated;
mod secret;
mod server;
#[cfg(test)]
mod tests;
pub mod tls;

use std::fmt;

use bytes::Bytes;
use zeroize::Zeroize;

pub use client::Client;
pub use secret::{Disguise, MAX_DOMAIN, Secret, SecretError};
pub use server::Server;

/// How frames are delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Lengths in words, one or four bytes.
    Abridged,
    /// Lengths in bytes, four bytes.
    Intermediate,
    /// [`Kind::Intermediate`] with 0–15 random bytes after each frame.
    PaddedIntermediate,
    /// Lengths, sequence numbers and CRC32 checksums. Has no quick acknowledgements.
    Full,
}

/// One unit that came over the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// An envelope.
    Payload {
        /// The envelope, without transport padding.
        bytes: Bytes,
        /// On the server's side: the client wants a quick acknowledgement of this frame.
        quick_ack: bool,
    },
    /// On the client's side: the token of a frame whose receipt the server acknowledges.
    QuickAck(u32),
    /// On the client's side: a transport error, see [`error_code`].
    Error(i32),
}

/// Transport errors that servers send.
pub mod error_code {
    /// The authorization key is unknown, or the message could not be decrypted.
    pub const NOT_FOUND: i32 = -404;
    /// Too many connections from this address.
    pub const FLOOD: i32 = -429;
    /// The DC in the obfuscated header or in the key exchange is not this one.
    pub const INVALID_DC: i32 = -444;
}

/// Largest frame accepted unless told otherwise: 16 MiB.
pub const DEFAULT_MAX_FRAME: usize = 16 << 20;

/// Obfuscation of the stream as a client asks for it.
#[derive(Clone, Default)]
pub struct Obfuscation {
    /// The 16-byte secret of an MTProxy, without its `dd` prefix; `None` towards Telegram itself.
    pub secret: Option<[u8; 16]>,
    /// The DC that a proxy shall connect to (negative: media DC; +10000: test DC); ignored by Telegram itself.
    pub dc: i16,
}

impl Drop for Obfuscation {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl fmt::Debug for Obfuscation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Obfuscation")
            .field("secret", &self.secret.map(|_| "…"))
            .field("dc", &self.dc)
            .finish()
    }
}

/// A stream that can't be continued, or a frame that can't be put on it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A frame has, or announces, a length that its transport does not permit.
    Length {
        /// The length in bytes.
        bytes: usize,
        /// The largest permitted one.
        limit: usize,
    },
    /// A frame of the full transport is out of order.
    Sequence {
        /// The number it has.
        got: u32,
        /// The number it should have.
        expected: u32,
    },
    /// A frame of the full transport was damaged.
    Checksum {
        /// The CRC32 it has.
        got: u32,
        /// The CRC32 of its bytes.
        expected: u32,
    },
    /// The full transport has no tag, so it can't be obfuscated, and no quick acknowledgements.
    NotInFullTransport,
    /// The first bytes of the stream are those of another protocol or of no known transport.
    UnknownTransport {
        /// The first four bytes.
        first: [u8; 4],
    },
    /// The source of random bytes repeats itself.
    NotRandom,
    /// A frame is to be sent before the client has said which transport it speaks.
    TransportNotKnownYet,
    /// The records around the stream are broken.
    Tls(tls::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { bytes, limit } => {
                write!(
                    formatter,
                    "a frame of {bytes} bytes: between 4 and {limit} in whole words are permitted"
                )
            }
            Self::Sequence { got, expected } => write!(
                formatter,
                "frame number {got} came where {expected} was due"
            ),
            Self::Checksum { got, expected } => {
                write!(
                    formatter,
                    "a frame with checksum {got:#010x}, but its bytes give {expected:#010x}"
                )
            }
            Self::NotInFullTransport => formatter
                .write_str("the full transport has neither obfuscation nor quick acknowledgements"),
            Self::UnknownTransport { first } => {
                write!(
                    formatter,
                    "the first bytes {first:02x?} begin no known MTProto transport"
                )
            }
            Self::NotRandom => formatter.write_str("the source of random bytes repeats itself"),
            Self::TransportNotKnownYet => {
                formatter.write_str("the client has not said yet which transport it speaks")
            }
            Self::Tls(error) => write!(formatter, "the other side {error}"),
        }
    }
}

impl std::error::Error for Error {}
