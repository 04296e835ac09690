//! The authorization key: the 2048-bit secret that both sides share after the key exchange.

use std::fmt;

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::wire::{first_long, last_long};

/// An [authorization key](https://core.telegram.org/mtproto/description#authorization-key).
///
/// Its bytes are overwritten when it is dropped and never appear in `Debug` output; comparison takes constant time.
#[derive(Clone)]
pub struct AuthKey {
    bytes: Box<Zeroizing<[u8; 256]>>,
    aux_hash: i64,
    id: i64,
}

impl AuthKey {
    /// Number of bytes of a key.
    pub const LEN: usize = 256;

    /// The key with the given bytes (big-endian number, as the key exchange computes it).
    pub fn from_bytes(bytes: [u8; 256]) -> Self {
        let bytes = Box::new(Zeroizing::new(bytes));
        let hash = Sha1::digest(bytes.as_slice());
        Self {
            bytes,
            aux_hash: first_long(&hash),
            id: last_long(&hash),
        }
    }

    /// The bytes of the key: handle with care.
    pub fn as_bytes(&self) -> &[u8; 256] {
        &self.bytes
    }

    /// `auth_key_id`: the 64 lower-order bits of the key's SHA1, as they stand at the front of encrypted messages.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// `auth_key_aux_hash`: the 64 higher-order bits of the key's SHA1; also the `retry_id` after a `dh_gen_retry`.
    pub fn aux_hash(&self) -> i64 {
        self.aux_hash
    }
}

impl PartialEq for AuthKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes.as_slice().ct_eq(other.bytes.as_slice()).into()
    }
}

impl Eq for AuthKey {}

impl fmt::Debug for AuthKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AuthKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting_key() -> [u8; 256] {
        std::array::from_fn(|index| index as u8)
    }

    #[test]
    fn id_and_aux_hash_are_the_ends_of_the_sha1() {
        let key = AuthKey::from_bytes(counting_key());
        assert_eq!(
            key.id().to_le_bytes(),
            [50, 209, 88, 110, 164, 87, 223, 200]
        );
        assert_eq!(
            key.aux_hash().to_le_bytes(),
            [73, 22, 214, 189, 183, 247, 142, 104]
        );
    }

    #[test]
    fn debug_output_has_no_key_bytes() {
        let key = AuthKey::from_bytes([0xab; 256]);
        let text = format!("{key:?}");
        assert_eq!(text, format!("AuthKey {{ id: {}, .. }}", key.id()));
    }

    #[test]
    fn keys_are_equal_when_all_their_bytes_are() {
        let mut other = counting_key();
        assert_eq!(
            AuthKey::from_bytes(counting_key()),
            AuthKey::from_bytes(other)
        );
        other[255] ^= 1;
        assert_ne!(
            AuthKey::from_bytes(counting_key()),
            AuthKey::from_bytes(other)
        );
    }
}
