//! Decrypting: in the memory in which the frame came, of which the body stays a part.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use zeroize::{Zeroize, Zeroizing};

use super::{Error, Header, INNER_HEADER, OUTER_HEADER, Opened, Side, checks, keys};
use crate::ige::{self, Job};
use crate::wire::Reader;
use crate::{AuthKey, MsgId, unseal};

/// [`decrypt_in_place`] for a frame that is needed afterwards: decrypts a copy.
pub fn decrypt(key: &AuthKey, writer: Side, frame: &[u8]) -> Result<Opened, Error> {
    decrypt_in_place(key, writer, Bytes::copy_from_slice(frame))
}

/// Decrypts a message that `writer` wrote and makes all checks that need nothing but the key.
///
/// Left to the session, which knows what to compare with: [`checks::session_id`], [`checks::origin`], the salt, the
/// age of the message and whether it was seen before.
///
/// The frame's memory is used when nobody else holds it; otherwise it is copied.
pub fn decrypt_in_place(
    key: &AuthKey,
    writer: Side,
    frame: impl Into<Bytes>,
) -> Result<Opened, Error> {
    let mut closed = Closed::new(key, writer, frame.into())?;
    let hashes = unseal::decrypt_and_hash(&keys::msg_key_part(key, writer), &mut [closed.job()?]);
    // There is one for each job.
    closed.decrypted(hashes.first().ok_or(Error::MsgKey)?)
}

/// [`decrypt_in_place`] for several frames, faster than one after the other: see [`unseal`]. Gives what comes
/// of each, in the same order.
pub fn decrypt_all(
    key: &AuthKey,
    writer: Side,
    frames: impl IntoIterator<Item = Bytes>,
) -> Vec<Result<Opened, Error>> {
    let mut closed: Vec<_> = frames
        .into_iter()
        .map(|frame| Closed::new(key, writer, frame))
        .collect();
    let mut jobs: Vec<Job<'_>> = closed.iter_mut().flatten().flat_map(Closed::job).collect();
    let part = keys::msg_key_part(key, writer);
    let mut msg_keys = unseal::decrypt_and_hash(&part, &mut jobs).into_iter();
    closed
        .into_iter()
        .map(|closed| {
            let closed = closed?;
            // There is one for each that was decrypted.
            let computed = msg_keys.next().ok_or(Error::MsgKey)?;
            closed.decrypted(&computed)
        })
        .collect()
}

/// A frame whose outer header is in order.
struct Closed {
    frame: BytesMut,
    msg_key: [u8; 16],
    aes_key: Zeroizing<[u8; 32]>,
    aes_iv: Zeroizing<[u8; 32]>,
}

impl Closed {
    fn new(key: &AuthKey, writer: Side, frame: Bytes) -> Result<Self, Error> {
        let frame = BytesMut::from(frame);
        checks::frame_length(&frame)?;
        let mut outer = Reader::new(&frame);
        let too_short = |_| Error::FrameLength { bytes: frame.len() };
        checks::auth_key_id(outer.long().map_err(too_short)?, key.id())?;
        let msg_key = outer.array().map_err(too_short)?;
        let (aes_key, aes_iv) = keys::aes(key, &msg_key, writer);
        Ok(Self {
            frame,
            msg_key,
            aes_key,
            aes_iv,
        })
    }

    fn job(&mut self) -> Result<Job<'_>, Error> {
        let bytes = self.frame.len();
        let encrypted = self.frame.get_mut(OUTER_HEADER..).unwrap_or_default();
        Ok(Job {
            blocks: ige::blocks(encrypted).map_err(|_| Error::FrameLength { bytes })?,
            key: &self.aes_key,
            iv: &self.aes_iv,
        })
    }

    /// What is encrypted; the plaintext, once the [`Self::job`] is done.
    fn encrypted(&self) -> &[u8] {
        self.frame.get(OUTER_HEADER..).unwrap_or_default()
    }

    /// To be called when the [`Self::job`] is done, with the hash of what it has made. What is not accepted is
    /// overwritten.
    fn decrypted(mut self, msg_key_large: &[u8; 32]) -> Result<Opened, Error> {
        match self.read(msg_key_large) {
            Ok((header, body, quick_ack)) => Ok(Opened {
                header,
                body: self.frame.freeze().slice(body),
                quick_ack,
            }),
            Err(error) => {
                self.frame.zeroize();
                Err(error)
            }
        }
    }

    /// The header, where in the frame the body is, and the token of the quick acknowledgement.
    fn read(&self, msg_key_large: &[u8; 32]) -> Result<(Header, Range<usize>, u32), Error> {
        let plaintext = self.encrypted();
        // Nothing in the plaintext may be looked at, and no error may depend on it, before this has succeeded.
        checks::msg_key(&self.msg_key, &keys::msg_key(msg_key_large))?;

        let mut inner = Reader::new(plaintext);
        let too_short = |_| Error::FrameLength {
            bytes: self.frame.len(),
        };
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
        let start = OUTER_HEADER + INNER_HEADER;
        Ok((header, start..start + len, keys::quick_ack(msg_key_large)))
    }
}
