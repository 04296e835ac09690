//! <https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector>

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Side;
use crate::{AuthKey, sha256};

/// SHA256 of a part of the key and the padded plaintext.
pub(super) fn msg_key_large(key: &AuthKey, plaintext: &[u8], writer: Side) -> [u8; 32] {
    sha256::digest(&msg_key_part(key, writer), plaintext)
}

/// The same for several plaintexts, faster than one after the other.
pub(super) fn msg_keys_large(key: &AuthKey, plaintexts: &[&[u8]], writer: Side) -> Vec<[u8; 32]> {
    sha256::digests(&msg_key_part(key, writer), plaintexts)
}

/// The part of the key that is hashed in front of the plaintext.
pub(super) fn msg_key_part(key: &AuthKey, writer: Side) -> Zeroizing<[u8; 32]> {
    let mut wanted = Zeroizing::new([0; 32]);
    copy(&mut *wanted, part(key, 88 + offset(writer), 32).iter());
    wanted
}

/// The middle of [`msg_key_large`].
pub(super) fn msg_key(large: &[u8; 32]) -> [u8; 16] {
    let mut msg_key = [0; 16];
    copy(&mut msg_key, large.iter().skip(8));
    msg_key
}

/// The first word of [`msg_key_large`] with the highest bit set.
pub(super) fn quick_ack(large: &[u8; 32]) -> u32 {
    let [a, b, c, d, ..] = *large;
    u32::from_le_bytes([a, b, c, d]) | 1 << 31
}

/// AES key and initialization vector for one message.
pub(super) fn aes(
    key: &AuthKey,
    msg_key: &[u8; 16],
    writer: Side,
) -> (Zeroizing<[u8; 32]>, Zeroizing<[u8; 32]>) {
    let x = offset(writer);
    let a: [u8; 32] = Sha256::new()
        .chain_update(msg_key)
        .chain_update(part(key, x, 36))
        .finalize()
        .into();
    let b: [u8; 32] = Sha256::new()
        .chain_update(part(key, 40 + x, 36))
        .chain_update(msg_key)
        .finalize()
        .into();
    (
        Zeroizing::new(interleave(&a, &b)),
        Zeroizing::new(interleave(&b, &a)),
    )
}

fn offset(writer: Side) -> usize {
    match writer {
        Side::Client => 0,
        Side::Server => 8,
    }
}

fn part(key: &AuthKey, from: usize, len: usize) -> &[u8] {
    key.as_bytes().get(from..from + len).unwrap_or_default()
}

/// Bytes 0…8 and 24…32 of `ends`, bytes 8…24 of `middle`.
fn interleave(ends: &[u8; 32], middle: &[u8; 32]) -> [u8; 32] {
    let mut mixed = *ends;
    for (to, from) in mixed.iter_mut().zip(middle).skip(8).take(16) {
        *to = *from;
    }
    mixed
}

fn copy<'a>(to: &mut [u8], from: impl Iterator<Item = &'a u8>) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}
