//! Encrypting: the message is laid out once, where the finished envelope will be, and encrypted there.

use zeroize::Zeroizing;

use super::{BLOCK, Header, INNER_HEADER, MIN_PADDING, OUTER_HEADER, Sealed, Side, keys};
use crate::AuthKey;
use crate::ige::{self, Job};
use crate::random::Random;
use crate::wire::Write;

/// Encrypts a message written by `writer`. `body` consists of whole words, as everything in TL does.
pub fn encrypt(
    key: &AuthKey,
    writer: Side,
    header: Header,
    body: &[u8],
    random: &mut dyn Random,
) -> Sealed {
    seal(key, writer, laid_out(key, header, body, random))
}

/// Encrypts several messages written by `writer`, faster than one after the other: see [`ige::encrypt_many`]. Gives
/// their envelopes in the same order.
pub fn encrypt_all(
    key: &AuthKey,
    writer: Side,
    messages: &[(Header, impl AsRef<[u8]>)],
    random: &mut dyn Random,
) -> Vec<Sealed> {
    let laid_out = messages
        .iter()
        .map(|(header, body)| lay_out(key, *header, body.as_ref(), random))
        .collect();
    seal_all(key, writer, laid_out)
}

/// A message as it is encrypted: where its envelope will be, padded, with everything but the `msg_key`.
pub struct LaidOut(Vec<u8>);

/// Lays out a message, to be encrypted by [`seal_all`] with the same key.
pub fn lay_out(key: &AuthKey, header: Header, body: &[u8], random: &mut dyn Random) -> LaidOut {
    LaidOut(laid_out(key, header, body, random))
}

/// Encrypts messages that are laid out, all at once. Gives their envelopes in the same order.
pub fn seal_all(key: &AuthKey, writer: Side, messages: Vec<LaidOut>) -> Vec<Sealed> {
    if messages.len() < 2 {
        let alone = messages.into_iter();
        return alone
            .map(|LaidOut(bytes)| seal(key, writer, bytes))
            .collect();
    }
    let plaintexts: Vec<_> = messages.iter().map(|bytes| plaintext(&bytes.0)).collect();
    let msg_keys = keys::msg_keys_large(key, &plaintexts, writer);
    let mut drafts: Vec<Draft> = messages
        .into_iter()
        .zip(msg_keys)
        .map(|(LaidOut(bytes), msg_key_large)| Draft::new(key, writer, bytes, &msg_key_large))
        .collect();
    let mut jobs: Vec<Job<'_>> = drafts.iter_mut().map(Draft::job).collect();
    ige::encrypt_many(&mut jobs);
    drafts.into_iter().map(Draft::encrypted).collect()
}

/// Encrypts what is [`laid_out`].
pub(super) fn seal(key: &AuthKey, writer: Side, bytes: Vec<u8>) -> Sealed {
    let msg_key_large = keys::msg_key_large(key, plaintext(&bytes), writer);
    let mut draft = Draft::new(key, writer, bytes, &msg_key_large);
    ige::encrypt_many(&mut [draft.job()]);
    draft.encrypted()
}

/// The envelope with the whole plaintext in place of the ciphertext, and room for the `msg_key`.
fn laid_out(key: &AuthKey, header: Header, body: &[u8], random: &mut dyn Random) -> Vec<u8> {
    let unpadded = OUTER_HEADER + INNER_HEADER + body.len();
    let padding = MIN_PADDING + (INNER_HEADER + body.len() + MIN_PADDING).wrapping_neg() % BLOCK;
    let mut bytes = Vec::with_capacity(unpadded + padding);
    bytes.long(key.id());
    bytes.raw(&[0; 16]);
    bytes.long(header.salt);
    bytes.long(header.session_id);
    bytes.long(header.msg_id.0);
    bytes.int(header.seq_no);
    bytes.int(body.len() as i32);
    bytes.raw(body);
    bytes.resize(unpadded + padding, 0);
    if let Some(padding) = bytes.get_mut(unpadded..) {
        random.fill(padding);
    }
    bytes
}

fn plaintext(laid_out: &[u8]) -> &[u8] {
    laid_out.get(OUTER_HEADER..).unwrap_or_default()
}

/// All is ready for the cipher.
struct Draft {
    bytes: Vec<u8>,
    quick_ack: u32,
    aes_key: Zeroizing<[u8; 32]>,
    aes_iv: Zeroizing<[u8; 32]>,
}

impl Draft {
    fn new(key: &AuthKey, writer: Side, mut bytes: Vec<u8>, msg_key_large: &[u8; 32]) -> Self {
        let msg_key = keys::msg_key(msg_key_large);
        if let Some(room) = bytes.get_mut(OUTER_HEADER - msg_key.len()..OUTER_HEADER) {
            room.copy_from_slice(&msg_key);
        }
        let (aes_key, aes_iv) = keys::aes(key, &msg_key, writer);
        Self {
            bytes,
            quick_ack: keys::quick_ack(msg_key_large),
            aes_key,
            aes_iv,
        }
    }

    fn job(&mut self) -> Job<'_> {
        let plaintext = self.bytes.get_mut(OUTER_HEADER..).unwrap_or_default();
        // The padding leaves no part of a block.
        let (blocks, _) = plaintext.as_chunks_mut();
        Job {
            blocks,
            key: &self.aes_key,
            iv: &self.aes_iv,
        }
    }

    /// To be called when the [`Self::job`] is done.
    fn encrypted(self) -> Sealed {
        Sealed {
            bytes: self.bytes,
            quick_ack: self.quick_ack,
        }
    }
}
