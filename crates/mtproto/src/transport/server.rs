//! The server's end of a stream: finds out from the first bytes what the client speaks.

use super::codec::{Codec, Inbound, Role};
use super::obfuscated::{self, Ciphers, FORBIDDEN, HEADER};
use super::{Error, Frame, Kind, abridged, intermediate, tls};
use crate::random::Random;

/// The server's end of a stream.
pub struct Server {
    secret: Option<[u8; 16]>,
    max_frame: usize,
    inbound: Inbound,
    codec: Option<Codec>,
    obfuscation: Option<(Ciphers, i16)>,
    tls: Option<tls::Records>,
    failed: Option<Error>,
}

impl Server {
    /// Accepts every transport. With a `secret`, as an MTProxy has one, only obfuscated streams made with it.
    ///
    /// `max_frame` is the largest frame accepted, in bytes; see [`super::DEFAULT_MAX_FRAME`].
    pub fn new(secret: Option<[u8; 16]>, max_frame: usize) -> Self {
        Self {
            secret,
            max_frame,
            inbound: Inbound::default(),
            codec: None,
            obfuscation: None,
            tls: None,
            failed: None,
        }
    }

    /// Expects the stream in TLS records, and sends it so, after a [greeting](tls::Server).
    #[must_use]
    pub fn within_tls(mut self) -> Self {
        self.tls = Some(tls::Records::server());
        self
    }

    /// What the client speaks, once known.
    pub fn kind(&self) -> Option<Kind> {
        self.codec.as_ref().map(Codec::kind)
    }

    /// The DC in the header of an obfuscated stream; `None` when the stream is not obfuscated.
    pub fn obfuscated_dc(&self) -> Option<i16> {
        self.obfuscation.as_ref().map(|&(_, dc)| dc)
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
        if let Some((ciphers, _)) = &mut self.obfuscation {
            ciphers.decrypt(fresh);
        }
    }

    /// The next complete frame; `None` until more is fed. An error is final: the stream can't be continued.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = self.try_next_frame();
        if let Err(error) = &result {
            self.inbound.clear();
            self.failed = Some(error.clone());
        }
        result
    }

    /// Appends one frame to `out`. An error as long as the client's transport is not known.
    pub fn send(
        &mut self,
        payload: &[u8],
        random: &mut dyn Random,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        self.encode(out, |codec, frame| {
            codec.encode(payload, false, random, frame)
        })
    }

    /// Appends the acknowledgement of a frame that asked for it ([`crate::envelope::Opened::quick_ack`]).
    pub fn send_quick_ack(&mut self, token: u32, out: &mut Vec<u8>) -> Result<(), Error> {
        self.encode(out, |codec, frame| codec.encode_quick_ack(token, frame))
    }

    /// Appends a transport error, see [`super::error_code`].
    pub fn send_error(
        &mut self,
        code: i32,
        random: &mut dyn Random,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        self.encode(out, |codec, frame| codec.encode_error(code, random, frame))
    }

    fn encode(
        &mut self,
        out: &mut Vec<u8>,
        encode: impl FnOnce(&mut Codec, &mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let codec = self.codec.as_mut().ok_or(Error::TransportNotKnownYet)?;
        let before = out.len();
        encode(codec, out)?;
        if let Some((ciphers, _)) = &mut self.obfuscation
            && let Some(frame) = out.get_mut(before..)
        {
            ciphers.encrypt(frame);
        }
        if let Some(records) = &mut self.tls {
            let frame = out.split_off(before);
            records.wrap(&frame, out);
        }
        Ok(())
    }

    fn try_next_frame(&mut self) -> Result<Option<Frame>, Error> {
        if self.codec.is_none() {
            match detect(self.inbound.pending(), self.secret.as_ref())? {
                Detected::NotYet => return Ok(None),
                Detected::Plain { kind, header } => {
                    self.inbound.consume(header);
                    self.codec = Some(Codec::new(kind));
                }
                Detected::Obfuscated {
                    kind,
                    dc,
                    mut ciphers,
                } => {
                    self.inbound.consume(HEADER);
                    ciphers.decrypt(self.inbound.pending_mut());
                    self.codec = Some(Codec::new(kind));
                    self.obfuscation = Some((*ciphers, dc));
                }
            }
        }
        let Some(codec) = &mut self.codec else {
            return Ok(None);
        };
        let decoded = codec.decode(self.inbound.pending(), Role::Server, self.max_frame)?;
        Ok(self.inbound.take(decoded))
    }
}

enum Detected {
    NotYet,
    Plain {
        kind: Kind,
        header: usize,
    },
    Obfuscated {
        kind: Kind,
        dc: i16,
        ciphers: Box<Ciphers>,
    },
}

/// Tells the transports apart. The header of an obfuscated stream avoids the beginnings of all others.
fn detect(input: &[u8], secret: Option<&[u8; 16]>) -> Result<Detected, Error> {
    if secret.is_none() && input.first_chunk() == Some(&abridged::TAG) {
        return Ok(Detected::Plain {
            kind: Kind::Abridged,
            header: abridged::TAG.len(),
        });
    }
    let Some(&first) = input.first_chunk() else {
        return Ok(Detected::NotYet);
    };
    match first {
        intermediate::TAG if secret.is_none() => {
            return Ok(Detected::Plain {
                kind: Kind::Intermediate,
                header: first.len(),
            });
        }
        intermediate::PADDED_TAG if secret.is_none() => {
            return Ok(Detected::Plain {
                kind: Kind::PaddedIntermediate,
                header: first.len(),
            });
        }
        _ if FORBIDDEN.contains(&first) => return Err(Error::UnknownTransport { first }),
        _ => {}
    }
    // The first frame of the full transport has the number 0.
    match input.first_chunk::<8>() {
        None => return Ok(Detected::NotYet),
        Some([.., 0, 0, 0, 0]) if secret.is_none() => {
            return Ok(Detected::Plain {
                kind: Kind::Full,
                header: 0,
            });
        }
        Some(_) => {}
    }
    let Some(header) = input.first_chunk() else {
        return Ok(Detected::NotYet);
    };
    let view = obfuscated::read_header(header, secret).ok_or(Error::UnknownTransport { first })?;
    Ok(Detected::Obfuscated {
        kind: view.kind,
        dc: view.dc,
        ciphers: Box::new(view.ciphers),
    })
}
