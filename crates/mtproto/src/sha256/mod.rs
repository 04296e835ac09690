//! SHA-256 of several messages at once.
//!
//! A message's hash is half of what it costs to seal or open it. The processor's SHA rounds have the same weakness as its
//! AES rounds ([`crate::ige`]): each waits for the one before, while a round of another message could run. So two messages
//! are hashed side by side.

#[cfg(target_arch = "x86_64")]
pub(crate) mod shani;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Bytes that the compression function takes at a time.
pub(crate) type Block = [u8; 64];

/// SHA-256 of `prefix` and each of the messages behind it.
pub(crate) fn digests(prefix: &[u8; 32], messages: &[&[u8]]) -> Vec<[u8; 32]> {
    let mut digests = Vec::with_capacity(messages.len());
    for pair in messages.chunks(2) {
        #[cfg(target_arch = "x86_64")]
        if let [first, second] = pair
            && let Some(both) = shani::pair(prefix, first, second)
        {
            digests.extend(both);
            continue;
        }
        digests.extend(pair.iter().map(|message| digest(prefix, message)));
    }
    digests
}

/// SHA-256 of `prefix` and the message behind it.
pub(crate) fn digest(prefix: &[u8; 32], message: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(prefix)
        .chain_update(message)
        .finalize()
        .into()
}

/// A message as blocks: the first, which begins with the prefix, those in the middle, which need not be copied, and the
/// last one or two with the padding (FIPS 180-4, 5.1.1).
struct Blocks<'a> {
    /// The prefix is a part of a key.
    first: Zeroizing<Block>,
    middle: &'a [Block],
    last: [Block; 2],
    last_count: usize,
}

impl<'a> Blocks<'a> {
    /// `None` for a message that is too short for a first block.
    fn new(prefix: &[u8; 32], message: &'a [u8]) -> Option<Self> {
        let (head, rest) = message.split_first_chunk::<32>()?;
        let mut first = Zeroizing::new([0; 64]);
        let (prefix_room, head_room) = first.split_at_mut(prefix.len());
        prefix_room.copy_from_slice(prefix);
        head_room.copy_from_slice(head);
        let (middle, tail) = rest.as_chunks();
        let mut last = [[0; 64]; 2];
        let padded = last.as_flattened_mut();
        let ended = tail.iter().chain(&[0x80]);
        for (room, byte) in padded.iter_mut().zip(ended) {
            *room = *byte;
        }
        let bits = (prefix.len() + message.len()) as u64 * 8;
        let last_count = if tail.len() + 1 + size_of_val(&bits) <= 64 {
            1
        } else {
            2
        };
        if let Some(room) = last
            .get_mut(last_count - 1)
            .and_then(|block| block.last_chunk_mut())
        {
            *room = bits.to_be_bytes();
        }
        Some(Self {
            first,
            middle,
            last,
            last_count,
        })
    }

    fn last(&self) -> &[Block] {
        self.last.get(..self.last_count).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
