//! The client's end of a stream.

use super::codec::{Codec, Inbound, Role};
use super::obfuscated::{self, Ciphers};
use super::{DEFAULT_MAX_FRAME, Error, Frame, Kind, Obfuscation, abridged, intermediate, tls};
use crate::random::Random;

/// The client's end of a stream.
pub struct Client {
    codec: Codec,
    /// Sent before the first frame.
    header: Vec<u8>,
    ciphers: Option<Ciphers>,
    tls: Option<tls::Records>,
    inbound: Inbound,
    max_frame: usize,
    failed: Option<Error>,
}

impl Client {
    /// A stream without obfuscation.
    pub fn new(kind: Kind) -> Self {
        let header = match kind {
            Kind::Abridged => abridged::TAG.to_vec(),
            Kind::Intermediate => intermediate::TAG.to_vec(),
            Kind::PaddedIntermediate => intermediate::PADDED_TAG.to_vec(),
            Kind::Full => Vec::new(),
        };
        Self::with_header(kind, header, None)
    }

    /// An obfuscated stream. `Full` has no tag and can't be obfuscated: an error.
    pub fn obfuscated(
        kind: Kind,
        obfuscation: &Obfuscation,
        random: &mut dyn Random,
    ) -> Result<Self, Error> {
        let (header, ciphers) = obfuscated::client_header(kind, obfuscation, random)?;
        Ok(Self::with_header(kind, header.to_vec(), Some(ciphers)))
    }

    /// Puts the stream into TLS records, for an MTProxy whose [greeting](super::tls::Client) is done.
    #[must_use]
    pub fn within_tls(mut self) -> Self {
        self.tls = Some(tls::Records::client());
        self
    }

    /// Sets the largest frame that is accepted, in bytes; [`DEFAULT_MAX_FRAME`] otherwise.
    #[must_use]
    pub fn with_max_frame(mut self, max_frame: usize) -> Self {
        self.max_frame = max_frame;
        self
    }

    /// The largest frame that is accepted, in bytes.
    pub fn max_frame(&self) -> usize {
        self.max_frame
    }

    /// Changes the largest frame that is accepted, for what is read from now on.
    pub fn set_max_frame(&mut self, max_frame: usize) {
        self.max_frame = max_frame;
    }

    /// Appends one frame, and before the first one the header that names the transport, to `out`.
    ///
    /// `quick_ack` asks the server to answer with [`Frame::QuickAck`] as soon as it has the frame.
    pub fn send(
        &mut self,
        payload: &[u8],
        quick_ack: bool,
        random: &mut dyn Random,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let before = out.len();
        out.extend_from_slice(&self.header);
        let start = out.len();
        if let Err(error) = self.codec.encode(payload, quick_ack, random, out) {
            out.truncate(before);
            return Err(error);
        }
        self.header = Vec::new();
        if let Some(ciphers) = &mut self.ciphers
            && let Some(frame) = out.get_mut(start..)
        {
            ciphers.encrypt(frame);
        }
        if let Some(records) = &mut self.tls {
            let frame = out.split_off(before);
            records.wrap(&frame, out);
        }
        Ok(())
    }

    /// Takes in bytes from the stream.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        let mut unwrapped = Vec::new();
        let bytes = match &mut self.tls {
            None => bytes,
            Some(records) => {
                if let Err(error) = records.unwrap(bytes, &mut unwrapped) {
                    self.failed = Some(Error::Tls(error));
                }
                &unwrapped
            }
        };
        let fresh = self.inbound.feed(bytes);
        if let Some(ciphers) = &mut self.ciphers {
            ciphers.decrypt(fresh);
        }
    }

    /// How many bytes the frame at the front lacks: that many may be taken in with [`Client::read`]. 0 when its length
    /// is not known yet.
    pub fn missing(&self) -> usize {
        match &self.tls {
            None if self.failed.is_none() => self.inbound.missing(),
            // Records are unwrapped first.
            _ => 0,
        }
    }

    /// As [`Client::feed`], but `read` puts the bytes where the frame at the front lacks them, and says how many.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn read<E>(
        &mut self,
        read: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<usize, E> {
        let room = match self.missing() {
            0 => &mut [],
            _ => self.inbound.room(),
        };
        let count = read(room)?;
        let fresh = self.inbound.came(count);
        if let Some(ciphers) = &mut self.ciphers {
            ciphers.decrypt(fresh);
        }
        Ok(count)
    }

    /// The next complete frame; `None` until more is fed. An error is final: the stream can't be continued.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        match self
            .codec
            .decode(self.inbound.pending(), Role::Client, self.max_frame)
        {
            Ok(decoded) => Ok(self.inbound.take(decoded)),
            Err(error) => {
                self.inbound.clear();
                self.failed = Some(error.clone());
                Err(error)
            }
        }
    }

    fn with_header(kind: Kind, header: Vec<u8>, ciphers: Option<Ciphers>) -> Self {
        Self {
            codec: Codec::new(kind),
            header,
            ciphers,
            tls: None,
            inbound: Inbound::default(),
            max_frame: DEFAULT_MAX_FRAME,
            failed: None,
        }
    }
}
