//! Transport framing: [`Client`] and [`Server`] cut a TCP byte stream into frames.
//!
//! <https://core.telegram.org/mtproto/mtproto-transports>. Bytes are fed in any portions, frames are taken out; bytes
//! to be sent are appended to a buffer of the caller. Nothing is read beyond what was fed, and no more is kept than
//! one frame of the permitted length and one portion.

use crate::random::Random;

/// How frames are delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Lengths in words, one or four bytes.
    Abridged,
    /// Lengths in bytes, four bytes.
    Intermediate,
    /// [`Kind::Intermediate`] with 0–15 random bytes after each frame.
    PaddedIntermediate,
    /// Lengths, sequence numbers and CRC32 checksums.
    Full,
}

/// One unit that came over the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// An envelope.
    Payload {
        /// The envelope, without transport padding.
        bytes: Vec<u8>,
        /// On the server's side: the client wants a quick acknowledgement of this frame.
        quick_ack: bool,
    },
    /// On the client's side: the token of a frame whose receipt the server acknowledges.
    QuickAck(u32),
    /// On the client's side: a transport error such as −404 or −429.
    Error(i32),
}

/// Transport errors that servers send.
pub mod error_code {
    /// The authorization key or the session is unknown, or the message could not be decrypted.
    pub const NOT_FOUND: i32 = -404;
    /// Too many connections from this address.
    pub const FLOOD: i32 = -429;
    /// The DC in the obfuscated header or in the key exchange is not this one.
    pub const INVALID_DC: i32 = -444;
}

/// Largest frame accepted unless told otherwise: 16 MiB.
pub const DEFAULT_MAX_FRAME: usize = 16 << 20;

/// Obfuscation of the stream as a client asks for it.
#[derive(Clone, Debug, Default)]
pub struct Obfuscation {
    /// The 16-byte secret of an MTProxy, without its `dd` prefix; `None` towards Telegram itself.
    pub secret: Option<[u8; 16]>,
    /// The DC that a proxy shall connect to (negative: media DC; +10000: test DC); ignored by Telegram itself.
    pub dc: i16,
}

/// A stream that can't be continued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A frame announces a length that its transport does not permit.
    Length {
        /// The announced length in bytes.
        announced: u64,
        /// The largest permitted one.
        limit: usize,
    },
}

/// The client's end of a stream.
pub struct Client {}

impl Client {
    /// A stream without obfuscation.
    pub fn new(kind: Kind) -> Self {
        todo!()
    }

    /// An obfuscated stream. `Full` has no tag and can't be obfuscated: an error.
    pub fn obfuscated(kind: Kind, obfuscation: &Obfuscation, random: &mut dyn Random) -> Result<Self, Error> {
        todo!()
    }

    /// Appends one frame, and before the first one the header that names the transport, to `out`.
    pub fn send(&mut self, payload: &[u8], quick_ack: bool, random: &mut dyn Random, out: &mut Vec<u8>) -> Result<(), Error> {
        todo!()
    }

    /// Takes in bytes from the stream.
    pub fn feed(&mut self, bytes: &[u8]) {
        todo!()
    }

    /// The next complete frame; `None` until more is fed.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, Error> {
        todo!()
    }
}

/// The server's end of a stream: finds out from the first bytes what the client speaks.
pub struct Server {}

impl Server {
    /// Accepts every transport; `secret` is what an MTProxy would have given its users.
    pub fn new(secret: Option<[u8; 16]>, max_frame: usize) -> Self {
        todo!()
    }

    /// What the client speaks, once known.
    pub fn kind(&self) -> Option<Kind> {
        todo!()
    }

    /// The DC in the header of an obfuscated stream; `None` when the stream is not obfuscated.
    pub fn obfuscated_dc(&self) -> Option<i16> {
        todo!()
    }

    /// Takes in bytes from the stream.
    pub fn feed(&mut self, bytes: &[u8]) {
        todo!()
    }

    /// The next complete frame; `None` until more is fed.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, Error> {
        todo!()
    }

    /// Appends one frame to `out`. An error as long as the client's transport is not known.
    pub fn send(&mut self, payload: &[u8], random: &mut dyn Random, out: &mut Vec<u8>) -> Result<(), Error> {
        todo!()
    }

    /// Appends the acknowledgement of a frame that asked for it ([`crate::envelope::Opened::quick_ack`]).
    pub fn send_quick_ack(&mut self, token: u32, out: &mut Vec<u8>) -> Result<(), Error> {
        todo!()
    }

    /// Appends a transport error, see [`error_code`].
    pub fn send_error(&mut self, code: i32, random: &mut dyn Random, out: &mut Vec<u8>) -> Result<(), Error> {
        todo!()
    }
}
