//! What the transports have in common: choosing one, and the buffer of bytes that are no whole frame yet.

use std::ops::Range;

use bytes::{Buf, Bytes, BytesMut};

use super::{Error, Frame, Kind, abridged, full, intermediate};
use crate::random::Random;

/// Memory that is kept between frames, and from which on a frame is worth memory of its own instead of a copy.
const KEPT: usize = 64 << 10;
const LARGE: usize = 16 << 10;
/// Room that is made for a frame before more of it has come: what it announces may never come.
const ROOM: usize = 1 << 20;

/// Which end of the stream decodes: servers get requests for quick acknowledgements, clients the acknowledgements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Client,
    Server,
}

/// What is at the front of a stream.
#[derive(Debug)]
pub(super) enum Decoded {
    /// A frame, and the bytes it took.
    Whole { frame: Found, consumed: usize },
    /// The beginning of one, and how many bytes it has in all; 0 while it does not say.
    Part { bytes: usize },
}

/// A frame in the bytes it came in.
#[derive(Debug)]
pub(super) enum Found {
    Payload {
        range: Range<usize>,
        quick_ack: bool,
    },
    QuickAck(u32),
    Error(i32),
}

impl Decoded {
    /// Its length is not known yet.
    pub(super) const UNKNOWN: Decoded = Decoded::Part { bytes: 0 };
}

/// A transport in operation.
#[derive(Clone, Debug)]
pub(super) struct Codec {
    kind: Kind,
    sent: u32,
    received: u32,
}

impl Codec {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            sent: 0,
            received: 0,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Appends one frame. Nothing is appended when that is an error.
    pub(super) fn encode(
        &mut self,
        payload: &[u8],
        quick_ack: bool,
        random: &mut dyn Random,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        match self.kind {
            Kind::Abridged => abridged::encode(payload, quick_ack, out),
            Kind::Intermediate => intermediate::encode(payload, quick_ack, out),
            Kind::PaddedIntermediate => {
                intermediate::encode_padded(payload, quick_ack, random, out)
            }
            Kind::Full if quick_ack => Err(Error::NotInFullTransport),
            Kind::Full => {
                full::encode(payload, self.sent, out)?;
                self.sent = self.sent.wrapping_add(1);
                Ok(())
            }
        }
    }

    pub(super) fn encode_quick_ack(&self, token: u32, out: &mut Vec<u8>) -> Result<(), Error> {
        let token = token | 1 << 31;
        match self.kind {
            Kind::Abridged => out.extend_from_slice(&token.to_be_bytes()),
            Kind::Intermediate | Kind::PaddedIntermediate => {
                out.extend_from_slice(&token.to_le_bytes());
            }
            Kind::Full => return Err(Error::NotInFullTransport),
        }
        Ok(())
    }

    pub(super) fn encode_error(
        &mut self,
        code: i32,
        random: &mut dyn Random,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        match self.kind {
            Kind::Full => {
                full::encode_error(code, out);
                Ok(())
            }
            _ => self.encode(&code.to_le_bytes(), false, random, out),
        }
    }

    /// Finds the frame at the front of `input`.
    pub(super) fn decode(
        &mut self,
        input: &[u8],
        role: Role,
        max_frame: usize,
    ) -> Result<Decoded, Error> {
        match self.kind {
            Kind::Abridged => abridged::decode(input, role, max_frame),
            Kind::Intermediate => intermediate::decode(input, role, max_frame),
            Kind::PaddedIntermediate => intermediate::decode_padded(input, role, max_frame),
            Kind::Full => {
                let decoded = full::decode(input, self.received, role, max_frame)?;
                if matches!(decoded, Decoded::Whole { .. }) {
                    self.received = self.received.wrapping_add(1);
                }
                Ok(decoded)
            }
        }
    }
}

/// The payload that ends a frame of `bytes` bytes and begins at `start`, or on the client's side the transport error in
/// its place.
pub(super) fn payload(
    input: &[u8],
    start: usize,
    bytes: usize,
    role: Role,
    quick_ack: bool,
) -> Decoded {
    let range = start..bytes;
    match input.get(range.clone()) {
        None => Decoded::Part { bytes },
        Some(payload) => Decoded::Whole {
            frame: payload_or_error(payload, range, role, quick_ack),
            consumed: bytes,
        },
    }
}

/// A payload, or on the client's side the transport error in its place.
pub(super) fn payload_or_error(
    payload: &[u8],
    range: Range<usize>,
    role: Role,
    quick_ack: bool,
) -> Found {
    if role == Role::Client
        && let Ok(code) = <[u8; 4]>::try_from(payload).map(i32::from_le_bytes)
        && code < 0
    {
        return Found::Error(code);
    }
    Found::Payload { range, quick_ack }
}

/// Frames consist of whole words, at least one.
pub(super) fn check_length(bytes: usize, limit: usize) -> Result<(), Error> {
    if bytes < 4 || bytes > limit || !bytes.is_multiple_of(4) {
        return Err(Error::Length { bytes, limit });
    }
    Ok(())
}

/// Bytes that came and were not consumed yet.
#[derive(Debug, Default)]
pub(super) struct Inbound {
    /// From `filled` on it is room for more.
    bytes: BytesMut,
    filled: usize,
    /// What the frame at the front has in all, where that is known.
    wanted: usize,
}

impl Inbound {
    pub(super) fn feed(&mut self, bytes: &[u8]) -> &mut [u8] {
        let before = self.filled;
        self.bytes.truncate(before);
        self.bytes.extend_from_slice(bytes);
        self.filled = self.bytes.len();
        self.bytes.get_mut(before..).unwrap_or_default()
    }

    /// How many bytes the frame at the front lacks; 0 while it does not say.
    pub(super) fn missing(&self) -> usize {
        self.wanted.saturating_sub(self.filled)
    }

    /// Room for some of what the frame at the front lacks.
    pub(super) fn room(&mut self) -> &mut [u8] {
        let end = self.wanted.clamp(self.filled, self.filled + ROOM);
        if self.bytes.len() <= self.filled {
            // Not before: what comes in small pieces would have it grow with each.
            self.bytes.resize(end, 0);
        }
        let end = end.min(self.bytes.len());
        self.bytes.get_mut(self.filled..end).unwrap_or_default()
    }

    /// So many bytes of the room have come. Gives them.
    pub(super) fn came(&mut self, count: usize) -> &mut [u8] {
        let before = self.filled;
        self.filled = (before + count).min(self.bytes.len());
        self.bytes.get_mut(before..self.filled).unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    pub(super) fn pending(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }

    pub(super) fn pending_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.filled).unwrap_or_default()
    }

    pub(super) fn consume(&mut self, count: usize) {
        let count = count.min(self.filled);
        self.bytes.advance(count);
        self.filled -= count;
        self.wanted = 0;
        if self.filled == 0 {
            self.clear();
        }
    }

    /// Takes what a codec has found at the front.
    pub(super) fn take(&mut self, decoded: Decoded) -> Option<Frame> {
        let (found, consumed) = match decoded {
            Decoded::Part { bytes } => {
                self.wanted = bytes;
                return None;
            }
            Decoded::Whole { frame, consumed } => (frame, consumed),
        };
        Some(match found {
            Found::QuickAck(token) => {
                self.consume(consumed);
                Frame::QuickAck(token)
            }
            Found::Error(code) => {
                self.consume(consumed);
                Frame::Error(code)
            }
            Found::Payload { range, quick_ack } => Frame::Payload {
                bytes: self.payload(range, consumed),
                quick_ack,
            },
        })
    }

    /// A large payload leaves in the memory in which it came; a small one is copied, because it would keep what came
    /// with it in memory for as long as anything of it is used.
    fn payload(&mut self, range: Range<usize>, consumed: usize) -> Bytes {
        if range.len() < LARGE || consumed > self.filled {
            let payload = self.pending().get(range).unwrap_or_default();
            let payload = Bytes::copy_from_slice(payload);
            self.consume(consumed);
            return payload;
        }
        let mut whole = self.bytes.split_to(consumed);
        self.filled -= consumed;
        self.consume(0);
        whole.truncate(range.end);
        whole.advance(range.start.min(whole.len()));
        whole.freeze()
    }

    pub(super) fn clear(&mut self) {
        self.filled = 0;
        self.wanted = 0;
        if self.bytes.capacity() > KEPT {
            self.bytes = BytesMut::new();
        } else {
            self.bytes.clear();
        }
    }
}
