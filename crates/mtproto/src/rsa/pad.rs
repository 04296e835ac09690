//! `RSA_PAD`: <https://core.telegram.org/mtproto/auth_key#presenting-proof-of-work-server-authentication>, 4.1.

use num_bigint::BigUint;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use super::{Error, RsaKey};
use crate::ige;
use crate::random::{Random, bytes};

/// Data and its random padding.
const PADDED: usize = 192;
const ZERO_IV: [u8; 32] = [0; 32];

/// A number is above the modulus with a probability below 1/2: that many in a row are no accident.
const ATTEMPTS: usize = 256;

pub(super) fn encrypt(
    key: &RsaKey,
    data: &[u8],
    random: &mut dyn Random,
) -> Result<[u8; 256], Error> {
    if data.len() > RsaKey::MAX_PADDED {
        return Err(Error::TooLong { bytes: data.len() });
    }
    let mut data_with_padding = Zeroizing::new(bytes::<PADDED>(random));
    for (to, from) in data_with_padding.iter_mut().zip(data) {
        *to = *from;
    }
    for _ in 0..ATTEMPTS {
        let temp_key = Zeroizing::new(bytes::<32>(random));
        let mut data_with_hash = data_with_padding.iter().rev().copied().collect::<Vec<u8>>();
        data_with_hash.extend_from_slice(&hash(&temp_key, data_with_padding.as_slice()));
        // 14 blocks.
        let (blocks, _) = data_with_hash.as_chunks_mut();
        ige::encrypt(blocks, &temp_key, &ZERO_IV);
        let aes_encrypted = data_with_hash;
        let mut key_aes_encrypted = xor(&temp_key, &Sha256::digest(&aes_encrypted).into()).to_vec();
        key_aes_encrypted.extend_from_slice(&aes_encrypted);
        let number = BigUint::from_bytes_be(&key_aes_encrypted);
        key_aes_encrypted.zeroize();
        if number < key.n {
            return Ok(to_array(&number.modpow(&key.e, &key.n)));
        }
    }
    Err(Error::NotRandom)
}

/// Undoes [`encrypt`] after the RSA step: the data with its random padding.
pub(super) fn decode(number: &BigUint) -> Result<[u8; PADDED], Error> {
    let key_aes_encrypted = Zeroizing::new(to_array::<256>(number));
    let (temp_key_xor, aes_encrypted) = key_aes_encrypted
        .split_first_chunk()
        .ok_or(Error::Decryption)?;
    let temp_key = Zeroizing::new(xor(temp_key_xor, &Sha256::digest(aes_encrypted).into()));
    let mut data_with_hash = Zeroizing::new(aes_encrypted.to_vec());
    let (blocks, _) = data_with_hash.as_chunks_mut();
    ige::decrypt(blocks, &temp_key, &ZERO_IV);
    let (reversed, got) = data_with_hash
        .split_first_chunk::<PADDED>()
        .ok_or(Error::Decryption)?;
    let mut data_with_padding = *reversed;
    data_with_padding.reverse();
    if bool::from(hash(&temp_key, &data_with_padding).as_slice().ct_eq(got)) {
        Ok(data_with_padding)
    } else {
        Err(Error::Decryption)
    }
}

/// The number as big-endian bytes with zeros in front; it is below a modulus of that size.
pub(super) fn to_array<const N: usize>(number: &BigUint) -> [u8; N] {
    let bytes = number.to_bytes_le();
    let mut array = [0; N];
    for (to, from) in array.iter_mut().rev().zip(bytes) {
        *to = from;
    }
    array
}

fn hash(temp_key: &[u8; 32], data_with_padding: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(temp_key)
        .chain_update(data_with_padding)
        .finalize()
        .into()
}

fn xor(a: &[u8; 32], b: &[u8; 32]) -> [u8; 32] {
    let mut xored = *a;
    for (to, from) in xored.iter_mut().zip(b) {
        *to ^= from;
    }
    xored
}
