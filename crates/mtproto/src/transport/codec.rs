//! What the transports have in common: choosing one, and the buffer of bytes that are no whole frame yet.

use super::{Error, Frame, Kind, abridged, full, intermediate};
use crate::random::Random;

/// Which end of the stream decodes: servers get requests for quick acknowledgements, clients the acknowledgements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Client,
    Server,
}

/// A whole frame and the bytes it took.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) frame: Frame,
    pub(super) consumed: usize,
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

    /// Takes a frame from the front of `input`; `None` when it is not whole yet.
    pub(super) fn decode(
        &mut self,
        input: &[u8],
        role: Role,
        max_frame: usize,
    ) -> Result<Option<Decoded>, Error> {
        match self.kind {
            Kind::Abridged => abridged::decode(input, role, max_frame),
            Kind::Intermediate => intermediate::decode(input, role, max_frame),
            Kind::PaddedIntermediate => intermediate::decode_padded(input, role, max_frame),
            Kind::Full => {
                let decoded = full::decode(input, self.received, role, max_frame)?;
                if decoded.is_some() {
                    self.received = self.received.wrapping_add(1);
                }
                Ok(decoded)
            }
        }
    }
}

/// A payload, or on the client's side the transport error in its place.
pub(super) fn payload_or_error(payload: &[u8], role: Role, quick_ack: bool) -> Frame {
    if role == Role::Client
        && let Ok(code) = <[u8; 4]>::try_from(payload).map(i32::from_le_bytes)
        && code < 0
    {
        return Frame::Error(code);
    }
    Frame::Payload {
        bytes: payload.to_vec(),
        quick_ack,
    }
}

/// Frames consist of whole words, at least one.
pub(super) fn check_length(bytes: usize, limit: usize) -> Result<(), Error> {
    if bytes < 4 || bytes > limit || !bytes.is_multiple_of(4) {
        return Err(Error::Length { bytes, limit });
    }
    Ok(())
}

/// Bytes that were fed and not consumed yet.
#[derive(Debug, Default)]
pub(super) struct Inbound {
    bytes: Vec<u8>,
    start: usize,
}

impl Inbound {
    pub(super) fn feed(&mut self, bytes: &[u8]) -> &mut [u8] {
        self.bytes.drain(..self.start);
        self.start = 0;
        let before = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.bytes.get_mut(before..).unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    pub(super) fn pending(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    pub(super) fn pending_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(self.start..).unwrap_or_default()
    }

    pub(super) fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.bytes.len());
        if self.start == self.bytes.len() {
            self.clear();
        }
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        // A single large frame must not keep its memory for as long as the connection lasts.
        self.bytes.shrink_to(64 << 10);
        self.start = 0;
    }
}
