//! The group of the Diffie–Hellman exchange.

use std::sync::{Mutex, PoisonError};

use num_bigint::BigUint;

use super::{Error, Step, checks};
use crate::AuthKey;
use crate::random::Random;

/// <https://core.telegram.org/mtproto/security_guidelines#checking-dh-parameters> lets known primes be kept.
const KNOWN_PRIMES: usize = 16;

/// Draws of a secret exponent. One that leads outside of the safe range has a probability of about 2^-63.
const ATTEMPTS: usize = 8;

/// The prime that Telegram's servers have used since 2013.
#[rustfmt::skip]
const TELEGRAM: [u8; 256] = [
    0xc7, 0x1c, 0xae, 0xb9, 0xc6, 0xb1, 0xc9, 0x04, 0x8e, 0x6c, 0x52, 0x2f, 0x70, 0xf1, 0x3f, 0x73,
    0x98, 0x0d, 0x40, 0x23, 0x8e, 0x3e, 0x21, 0xc1, 0x49, 0x34, 0xd0, 0x37, 0x56, 0x3d, 0x93, 0x0f,
    0x48, 0x19, 0x8a, 0x0a, 0xa7, 0xc1, 0x40, 0x58, 0x22, 0x94, 0x93, 0xd2, 0x25, 0x30, 0xf4, 0xdb,
    0xfa, 0x33, 0x6f, 0x6e, 0x0a, 0xc9, 0x25, 0x13, 0x95, 0x43, 0xae, 0xd4, 0x4c, 0xce, 0x7c, 0x37,
    0x20, 0xfd, 0x51, 0xf6, 0x94, 0x58, 0x70, 0x5a, 0xc6, 0x8c, 0xd4, 0xfe, 0x6b, 0x6b, 0x13, 0xab,
    0xdc, 0x97, 0x46, 0x51, 0x29, 0x69, 0x32, 0x84, 0x54, 0xf1, 0x8f, 0xaf, 0x8c, 0x59, 0x5f, 0x64,
    0x24, 0x77, 0xfe, 0x96, 0xbb, 0x2a, 0x94, 0x1d, 0x5b, 0xcd, 0x1d, 0x4a, 0xc8, 0xcc, 0x49, 0x88,
    0x07, 0x08, 0xfa, 0x9b, 0x37, 0x8e, 0x3c, 0x4f, 0x3a, 0x90, 0x60, 0xbe, 0xe6, 0x7c, 0xf9, 0xa4,
    0xa4, 0xa6, 0x95, 0x81, 0x10, 0x51, 0x90, 0x7e, 0x16, 0x27, 0x53, 0xb5, 0x6b, 0x0f, 0x6b, 0x41,
    0x0d, 0xba, 0x74, 0xd8, 0xa8, 0x4b, 0x2a, 0x14, 0xb3, 0x14, 0x4e, 0x0e, 0xf1, 0x28, 0x47, 0x54,
    0xfd, 0x17, 0xed, 0x95, 0x0d, 0x59, 0x65, 0xb4, 0xb9, 0xdd, 0x46, 0x58, 0x2d, 0xb1, 0x17, 0x8d,
    0x16, 0x9c, 0x6b, 0xc4, 0x65, 0xb0, 0xd6, 0xff, 0x9c, 0xa3, 0x92, 0x8f, 0xef, 0x5b, 0x9a, 0xe4,
    0xe4, 0x18, 0xfc, 0x15, 0xe8, 0x3e, 0xbe, 0xa0, 0xf8, 0x7f, 0xa9, 0xff, 0x5e, 0xed, 0x70, 0x05,
    0x0d, 0xed, 0x28, 0x49, 0xf4, 0x7b, 0xf9, 0x59, 0xd9, 0x56, 0x85, 0x0c, 0xe9, 0x29, 0x85, 0x1f,
    0x0d, 0x81, 0x15, 0xf6, 0x35, 0xb1, 0x05, 0xee, 0x2e, 0x4e, 0x15, 0xd0, 0x4b, 0x24, 0x54, 0xbf,
    0x6f, 0x4f, 0xad, 0xf0, 0x34, 0xb1, 0x04, 0x03, 0x11, 0x9c, 0xd8, 0xe3, 0xb9, 0x2f, 0xcc, 0x5b,
];

/// The group of the Diffie–Hellman exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DhGroup {
    g: i32,
    prime: BigUint,
}

impl DhGroup {
    /// The group that `g` generates modulo a big-endian prime, when it is a safe one: see [`checks::dh_prime`] and
    /// [`checks::generator`]. Unknown primes take some hundred milliseconds.
    pub fn new(g: i32, prime: &[u8], random: &mut dyn Random) -> Result<Self, Error> {
        // Drawn also when the prime is known, so that what follows does not depend on what this process has seen.
        let mut seed = [0; 32];
        random.fill(&mut seed);
        let prime = BigUint::from_bytes_be(prime);
        checks::dh_prime_size(&prime)?;
        checks::generator(g, &prime)?;
        if !is_known(&prime) {
            checks::dh_prime(&prime, &mut Expanded::new(seed))?;
            remember(&prime);
        }
        Ok(Self { g, prime })
    }

    /// Telegram's prime with `g` = 3.
    pub fn telegram() -> Self {
        Self {
            g: 3,
            prime: telegram(),
        }
    }

    /// The generator.
    pub fn g(&self) -> i32 {
        self.g
    }

    /// The prime modulus. Two-step verification uses the same group.
    pub fn prime(&self) -> &BigUint {
        &self.prime
    }

    /// A secret exponent and the public value it gives, which is inside of the safe range.
    pub(super) fn draw(
        &self,
        step: Step,
        random: &mut dyn Random,
    ) -> Result<(BigUint, BigUint), Error> {
        let g = BigUint::from(self.g.unsigned_abs());
        for _ in 0..ATTEMPTS {
            let mut bytes = zeroize::Zeroizing::new([0; 256]);
            random.fill(bytes.as_mut_slice());
            let secret = BigUint::from_bytes_be(bytes.as_slice());
            let public = g.modpow(&secret, &self.prime);
            if checks::public_value(&public, &self.prime, step).is_ok() {
                return Ok((secret, public));
            }
        }
        Err(Error::NotRandom)
    }

    /// The key that our secret exponent and the other side's public value give.
    pub(super) fn agree(&self, secret: &BigUint, public: &BigUint) -> AuthKey {
        let number = public.modpow(secret, &self.prime);
        let mut bytes = [0; AuthKey::LEN];
        for (to, from) in bytes.iter_mut().rev().zip(number.to_bytes_le()) {
            *to = from;
        }
        AuthKey::from_bytes(bytes)
    }
}

fn telegram() -> BigUint {
    BigUint::from_bytes_be(&TELEGRAM)
}

/// Primes that were found safe in this process.
static VERIFIED: Mutex<Vec<BigUint>> = Mutex::new(Vec::new());

fn is_known(prime: &BigUint) -> bool {
    *prime == telegram()
        || VERIFIED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(prime)
}

fn remember(prime: &BigUint) {
    let mut verified = VERIFIED.lock().unwrap_or_else(PoisonError::into_inner);
    if verified.len() < KNOWN_PRIMES && !verified.contains(prime) {
        verified.push(prime.clone());
    }
}

/// As many random bytes as are wanted from 32: SHA256 of the seed and a counter.
struct Expanded {
    seed: [u8; 32],
    counter: u64,
}

impl Expanded {
    fn new(seed: [u8; 32]) -> Self {
        Self { seed, counter: 0 }
    }
}

impl Random for Expanded {
    fn fill(&mut self, bytes: &mut [u8]) {
        use sha2::{Digest, Sha256};
        for chunk in bytes.chunks_mut(32) {
            let block: [u8; 32] = Sha256::new()
                .chain_update(self.seed)
                .chain_update(self.counter.to_le_bytes())
                .finalize()
                .into();
            self.counter += 1;
            for (to, from) in chunk.iter_mut().zip(block) {
                *to = from;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telegrams_prime_is_safe_indeed() {
        let mut random = Expanded::new([1; 32]);
        assert_eq!(checks::dh_prime(&telegram(), &mut random), Ok(()));
        assert_eq!(checks::generator(3, &telegram()), Ok(()));
    }
}
