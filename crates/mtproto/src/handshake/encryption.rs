//! The temporary key of an exchange, which encrypts the Diffie–Hellman values:
//! <https://core.telegram.org/mtproto/auth_key#dh-exchange-initiation>, 6.

use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use super::{Error, NewNonce, Nonce, Step, checks};
use crate::ige;
use crate::random::{Random, bytes};

/// `tmp_aes_key` and `tmp_aes_iv`.
pub(super) struct TemporaryKey {
    key: Zeroizing<[u8; 32]>,
    iv: Zeroizing<[u8; 32]>,
}

impl TemporaryKey {
    pub(super) fn new(server_nonce: &Nonce, new_nonce: &NewNonce) -> Self {
        let new_nonce = new_nonce.as_slice();
        // Telegram's substrings of these hashes, one behind the other, are the hashes again.
        let mut parts = sha1(new_nonce, server_nonce)
            .into_iter()
            .chain(sha1(server_nonce, new_nonce))
            .chain(sha1(new_nonce, new_nonce))
            .chain(new_nonce.iter().copied());
        let mut next = || {
            let mut bytes = Zeroizing::new([0; 32]);
            for (to, from) in bytes.iter_mut().zip(&mut parts) {
                *to = from;
            }
            bytes
        };
        Self {
            key: next(),
            iv: next(),
        }
    }

    /// The data behind its SHA1, padded and encrypted.
    pub(super) fn encrypt(&self, data: &[u8], random: &mut dyn Random) -> Vec<u8> {
        let mut buffer = Vec::with_capacity(data.len() + 36);
        buffer.extend_from_slice(&Sha1::digest(data));
        buffer.extend_from_slice(data);
        let padding = buffer.len().wrapping_neg() % 16;
        buffer.extend(bytes::<16>(random).into_iter().take(padding));
        // The padding leaves no part of a block.
        let (blocks, _) = buffer.as_chunks_mut();
        ige::encrypt(blocks, &self.key, &self.iv);
        buffer
    }

    /// The data, once its SHA1 is found to be right.
    pub(super) fn decrypt(
        &self,
        encrypted: &[u8],
        step: Step,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        checks::encrypted_length(encrypted, step)?;
        let mut buffer = Zeroizing::new(encrypted.to_vec());
        let partial = |ige::PartialBlock { bytes }| Error::EncryptedLength { step, bytes };
        let blocks = ige::blocks(&mut buffer).map_err(partial)?;
        ige::decrypt(blocks, &self.key, &self.iv);
        checks::data_hash(&buffer, step).map(|data| Zeroizing::new(data.to_vec()))
    }
}

fn sha1(first: &[u8], second: &[u8]) -> [u8; 20] {
    Sha1::new()
        .chain_update(first)
        .chain_update(second)
        .finalize()
        .into()
}
