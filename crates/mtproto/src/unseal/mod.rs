//! Decrypting messages and hashing what comes out, in one pass.
//!
//! Whether a message is what its sender wrote is known when it is decrypted and its SHA-256 compared with the `msg_key`:
//! <https://core.telegram.org/mtproto/security_guidelines#mtproto-encrypted-messages>. A block waits for the one before it in
//! the cipher ([`crate::ige`]) and in the hash ([`crate::sha256`]), and each keeps only its own units of the processor busy. So
//! the hash of one piece is computed while the next one is decrypted, of several messages at once.

#[cfg(target_arch = "x86_64")]
mod x86;

use crate::ige::{self, Job};
use crate::sha256;

/// Decrypts all of them in place. Gives the SHA-256 of `prefix` and each plaintext behind it, in the same order.
pub(crate) fn decrypt_and_hash(prefix: &[u8; 32], jobs: &mut [Job<'_>]) -> Vec<[u8; 32]> {
    #[cfg(target_arch = "x86_64")]
    if let Some(digests) = x86::run(prefix, jobs) {
        return digests;
    }
    ige::decrypt_many(jobs);
    let plaintexts: Vec<&[u8]> = jobs.iter().map(|job| job.blocks.as_flattened()).collect();
    sha256::digests(prefix, &plaintexts)
}

#[cfg(test)]
mod tests;
