//! AES-256 in infinite garble extension mode (IGE), which encrypts all that is encrypted in `MTProto`:
//! <https://core.telegram.org/mtproto/description#encrypted-message>.
//!
//! Each block waits for the one before it, in both directions: a single message goes as fast as the latency of the
//! processor's AES rounds permits. Messages do not wait for each other, so [`encrypt_many`] and [`decrypt_many`] work
//! on several at once and keep the AES units busy meanwhile.

#[cfg(target_arch = "x86_64")]
pub(crate) mod aesni;
mod portable;

use std::fmt;

/// What the cipher works on. That lengths are whole blocks is for the type to know, not for each function to check.
pub type Block = [u8; 16];

/// Bytes to encrypt or decrypt in place, independent of other jobs. Without `Debug`: it would show the key.
pub struct Job<'a> {
    /// The plaintext or ciphertext; see [`blocks`].
    pub blocks: &'a mut [Block],
    /// The AES key.
    pub key: &'a [u8; 32],
    /// What stands before the first block: of the ciphertext, then of the plaintext.
    pub iv: &'a [u8; 32],
}

/// The bytes are no whole number of blocks, which the mode has no meaning for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartialBlock {
    /// How many bytes there are.
    pub bytes: usize,
}

impl fmt::Display for PartialBlock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} bytes are no whole cipher blocks", self.bytes)
    }
}

impl std::error::Error for PartialBlock {}

/// The bytes as blocks.
pub fn blocks(bytes: &mut [u8]) -> Result<&mut [Block], PartialBlock> {
    let partial = PartialBlock { bytes: bytes.len() };
    match bytes.as_chunks_mut() {
        (blocks, []) => Ok(blocks),
        _ => Err(partial),
    }
}

/// Encrypts in place.
pub fn encrypt(blocks: &mut [Block], key: &[u8; 32], iv: &[u8; 32]) {
    encrypt_many(&mut [Job { blocks, key, iv }]);
}

/// Decrypts in place.
pub fn decrypt(blocks: &mut [Block], key: &[u8; 32], iv: &[u8; 32]) {
    decrypt_many(&mut [Job { blocks, key, iv }]);
}

/// Encrypts all of them in place, several times faster than one after the other where the processor has AES
/// instructions.
pub fn encrypt_many(jobs: &mut [Job<'_>]) {
    #[cfg(target_arch = "x86_64")]
    if aesni::run(Direction::Encrypt, jobs) {
        return;
    }
    portable::run(Direction::Encrypt, jobs);
}

/// Decrypts all of them in place; as [`encrypt_many`].
pub fn decrypt_many(jobs: &mut [Job<'_>]) {
    #[cfg(target_arch = "x86_64")]
    if aesni::run(Direction::Decrypt, jobs) {
        return;
    }
    portable::run(Direction::Decrypt, jobs);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Encrypt,
    Decrypt,
}

impl Direction {
    /// What stands before the first block of the output and of the input.
    pub(crate) fn before(self, iv: &[u8; 32]) -> (Block, Block) {
        let (mut ciphertext, mut plaintext) = (Block::default(), Block::default());
        let (first, second) = iv.split_at(ciphertext.len());
        ciphertext.copy_from_slice(first);
        plaintext.copy_from_slice(second);
        match self {
            Self::Encrypt => (ciphertext, plaintext),
            Self::Decrypt => (plaintext, ciphertext),
        }
    }
}

#[cfg(test)]
mod tests;
