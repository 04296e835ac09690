//! Files of CDNs: AES-256 in counter mode, whose counter is the position, <https://core.telegram.org/cdn#decrypting-files>.

use aes::Aes256;
use ctr::cipher::{KeyIvInit, StreamCipher};

type Cipher = ctr::Ctr128BE<Aes256>;

/// Encrypts or decrypts bytes of a file in place. `offset` is where they begin, a multiple of 16; the last four bytes of
/// `iv` are the block's number instead.
pub fn apply(key: &[u8; 32], iv: &[u8; 16], offset: u64, bytes: &mut [u8]) {
    let mut counter = *iv;
    if let Some(number) = counter.last_chunk_mut() {
        // Files are far smaller than 2^36 bytes.
        *number = ((offset / 16) as u32).to_be_bytes();
    }
    Cipher::new(key.into(), &counter.into()).apply_keystream(bytes);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::apply;

    const PLAIN: &[u8; 54] = b"A file of a content delivery network, from its middle.";

    /// As `openssl enc -aes-256-ctr` has it, with the counter 6465…6f followed by 00006000.
    const SEALED: [u8; 54] = [
        0x08, 0x04, 0x52, 0x14, 0xa3, 0x23, 0x41, 0xc5, 0x06, 0xa7, 0x59, 0x0e, 0x0a, 0xf9, 0x55,
        0xfc, 0xc4, 0x1e, 0x60, 0xa3, 0x74, 0x40, 0x73, 0x90, 0xb4, 0xc3, 0xde, 0x76, 0x11, 0xaa,
        0x2a, 0xf3, 0xb2, 0xd6, 0x15, 0xd5, 0xf6, 0x78, 0xf3, 0x44, 0xab, 0x58, 0x12, 0xfb, 0xcc,
        0xd7, 0xc1, 0xfd, 0xfb, 0x88, 0x60, 0x0f, 0x73, 0x8d,
    ];

    fn key() -> ([u8; 32], [u8; 16]) {
        (
            std::array::from_fn(|at| at as u8),
            std::array::from_fn(|at| 100 + at as u8),
        )
    }

    #[test]
    fn bytes_are_encrypted_as_others_do_it() {
        let (key, iv) = key();
        let mut bytes = *PLAIN;
        apply(&key, &iv, 3 << 17, &mut bytes);
        assert_eq!(bytes, SEALED);
        apply(&key, &iv, 3 << 17, &mut bytes);
        assert_eq!(&bytes, PLAIN);
    }

    #[test]
    fn a_part_is_encrypted_as_within_the_whole() {
        let (key, iv) = key();
        let mut whole = vec![7; 4096];
        apply(&key, &iv, 0, &mut whole);
        let mut part = vec![7; 1024];
        apply(&key, &iv, 2048, &mut part);
        assert_eq!(part, whole.get(2048..3072).unwrap());
    }
}
