//! The checks of the key exchange, one function each, in the order of the exchange:
//! <https://core.telegram.org/mtproto/auth_key> and
//! <https://core.telegram.org/mtproto/security_guidelines#diffie-hellman-key-exchange>.

use num_bigint::BigUint;
use num_traits::{One, ToPrimitive};
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

use super::{Error, NewNonce, Nonce, Step};
use crate::AuthKey;
use crate::prime::is_prime;
use crate::random::Random;
use crate::rsa::RsaKey;

/// Bits of `dh_prime`.
const PRIME_BITS: u64 = 2048;
/// Public values keep 2^{2048−64} away from both ends.
const SAFE_DISTANCE: u64 = PRIME_BITS - 64;

/// The `nonce` of an answer is the one of the request.
pub fn nonce(got: &Nonce, expected: &Nonce, step: Step) -> Result<(), Error> {
    if got == expected {
        Ok(())
    } else {
        Err(Error::Nonce(step))
    }
}

/// The `server_nonce` is the one of `resPQ`.
pub fn server_nonce(got: &Nonce, expected: &Nonce, step: Step) -> Result<(), Error> {
    if got == expected {
        Ok(())
    } else {
        Err(Error::ServerNonce(step))
    }
}

/// The first offered key that we know.
pub fn known_key<'k>(offered: &[i64], keys: &'k [RsaKey]) -> Result<&'k RsaKey, Error> {
    offered
        .iter()
        .find_map(|&fingerprint| keys.iter().find(|key| key.fingerprint() == fingerprint))
        .ok_or_else(|| Error::UnknownFingerprints {
            offered: offered.to_vec(),
            known: keys.iter().map(RsaKey::fingerprint).collect(),
        })
}

/// `new_nonce_hash` of `server_DH_params_fail`: the lower 128 bits of the SHA1 of `new_nonce`. In constant time.
pub fn new_nonce_hash(got: &[u8; 16], new_nonce: &NewNonce) -> Result<(), Error> {
    let expected = lower_128(Sha1::digest(new_nonce.as_slice()).into());
    if bool::from(got.ct_eq(&expected)) {
        Ok(())
    } else {
        Err(Error::NewNonceHash(Step::ServerDhParams))
    }
}

/// `encrypted_answer` and `encrypted_data` are whole cipher blocks and have room for a hash.
pub fn encrypted_length(encrypted: &[u8], step: Step) -> Result<(), Error> {
    let bytes = encrypted.len();
    if bytes >= 32 && bytes.is_multiple_of(16) {
        Ok(())
    } else {
        Err(Error::EncryptedLength { step, bytes })
    }
}

/// The SHA1 in front of decrypted data is that of the data with at most 15 bytes of padding left off. Gives the data,
/// nothing of which was looked at before. In constant time for each length of the padding.
pub fn data_hash(decrypted: &[u8], step: Step) -> Result<&[u8], Error> {
    let (got, padded) = decrypted
        .split_first_chunk::<20>()
        .ok_or(Error::DataHash(step))?;
    (0..16)
        .filter_map(|padding| padded.get(..padded.len().checked_sub(padding)?))
        .find(|data| <[u8; 20]>::from(Sha1::digest(data)).ct_eq(got).into())
        .ok_or(Error::DataHash(step))
}

/// `dh_prime` has 2048 bits: 2^2047 < p < 2^2048.
pub fn dh_prime_size(prime: &BigUint) -> Result<(), Error> {
    if prime.bits() == PRIME_BITS {
        Ok(())
    } else {
        Err(Error::PrimeSize { bits: prime.bits() })
    }
}

/// `dh_prime` is a safe prime: it and (p − 1) / 2 are prime.
pub fn dh_prime(prime: &BigUint, random: &mut dyn Random) -> Result<(), Error> {
    let half = prime >> 1u8;
    if is_prime(prime, random) && is_prime(&half, random) {
        Ok(())
    } else {
        Err(Error::PrimeNotSafe)
    }
}

/// `g` generates a cyclic subgroup of prime order (p − 1) / 2: it is a quadratic residue modulo p, which for 2…7 can
/// be seen from p modulo 4·g.
pub fn generator(g: i32, prime: &BigUint) -> Result<(), Error> {
    let modulo = |modulus: u32| (prime % modulus).to_u32().unwrap_or(0);
    let is_residue = match g {
        2 => modulo(8) == 7,
        3 => modulo(3) == 2,
        4 => true,
        5 => matches!(modulo(5), 1 | 4),
        6 => matches!(modulo(24), 19 | 23),
        7 => matches!(modulo(7), 3 | 5 | 6),
        _ => false,
    };
    if is_residue {
        Ok(())
    } else {
        Err(Error::Generator { g })
    }
}

/// `g_a` or `g_b` is greater than 1 and less than p − 1, and between 2^{2048−64} and p − 2^{2048−64}.
pub fn public_value(value: &BigUint, prime: &BigUint, step: Step) -> Result<(), Error> {
    let one = BigUint::one();
    let distance = &one << SAFE_DISTANCE;
    // Sums instead of differences: a prime of an attacker may be smaller than what would be subtracted.
    let inside = *value > one && value + &one < *prime;
    let safe = *value >= distance && value + &distance <= *prime;
    if inside && safe {
        Ok(())
    } else {
        Err(Error::PublicValue { step })
    }
}

/// `new_nonce_hash1` (`dh_gen_ok`), `2` (`dh_gen_retry`) or `3` (`dh_gen_fail`). In constant time.
pub fn new_nonce_hash_number(
    got: &[u8; 16],
    number: u8,
    new_nonce: &NewNonce,
    key: &AuthKey,
) -> Result<(), Error> {
    let expected = numbered_hash(number, new_nonce, key);
    if bool::from(got.ct_eq(&expected)) {
        Ok(())
    } else {
        Err(Error::NewNonceHash(Step::DhGen))
    }
}

/// The server's side of the proof of work: `p` and `q` are those it has multiplied.
pub fn factors(got: (u64, u64), expected: (u64, u64)) -> Result<(), Error> {
    if got == expected {
        Ok(())
    } else {
        Err(Error::Factors)
    }
}

/// `retry_id` is 0 at first, and then the auxiliary hash of the key that was refused.
pub fn retry_id(got: i64, refused: Option<i64>) -> Result<(), Error> {
    if got == refused.unwrap_or(0) {
        Ok(())
    } else {
        Err(Error::RetryId)
    }
}

/// The hash that the last answer of the server carries.
pub(super) fn numbered_hash(number: u8, new_nonce: &NewNonce, key: &AuthKey) -> [u8; 16] {
    let hash = Sha1::new()
        .chain_update(new_nonce.as_slice())
        .chain_update([number])
        .chain_update(key.aux_hash().to_le_bytes())
        .finalize();
    lower_128(hash.into())
}

fn lower_128(hash: [u8; 20]) -> [u8; 16] {
    let [_, _, _, _, lower @ ..] = hash;
    lower
}
