//! The temporary key of an exchange, which encrypts the Diffie–Hellman values:
//! <https://core.telegram.org/mtproto/auth_key#dh-exchange-initiation>, 6.

use grammers_crypto::{aes, generate_key_data_from_nonce};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use super::{Error, NewNonce, Nonce, Step, checks};
use crate::random::{Random, bytes};

/// `tmp_aes_key` and `tmp_aes_iv`.
pub(super) struct TemporaryKey {
    key: Zeroizing<[u8; 32]>,
    iv: Zeroizing<[u8; 32]>,
}

impl TemporaryKey {
    pub(super) fn new(server_nonce: &Nonce, new_nonce: &NewNonce) -> Self {
        let (key, iv) = generate_key_data_from_nonce(server_nonce, new_nonce);
        Self {
            key: Zeroizing::new(key),
            iv: Zeroizing::new(iv),
        }
    }

    /// The data behind its SHA1, padded and encrypted.
    pub(super) fn encrypt(&self, data: &[u8], random: &mut dyn Random) -> Vec<u8> {
        let mut buffer = Vec::with_capacity(data.len() + 36);
        buffer.extend_from_slice(&Sha1::digest(data));
        buffer.extend_from_slice(data);
        let padding = buffer.len().wrapping_neg() % 16;
        buffer.extend(bytes::<16>(random).into_iter().take(padding));
        aes::ige_encrypt(&mut buffer, &self.key, &self.iv);
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
        aes::ige_decrypt(&mut buffer, &self.key, &self.iv);
        checks::data_hash(&buffer, step).map(|data| Zeroizing::new(data.to_vec()))
    }
}
