//! The private half of a server's key.

use std::fmt;

use num_bigint::BigUint;

use super::{BITS, Error, RsaKey, der, pad, pem};
use crate::prime;
use crate::random::Random;

const EXPONENT: u32 = 65537;

/// A server's private RSA key (2048 bits).
#[derive(Clone)]
pub struct RsaPrivateKey {
    public: RsaKey,
    d: BigUint,
    p: BigUint,
    q: BigUint,
}

impl RsaPrivateKey {
    /// Makes a new key with the exponent 65537.
    pub fn generate(random: &mut dyn Random) -> Self {
        loop {
            let (p, q) = (
                prime::generate(BITS / 2, random),
                prime::generate(BITS / 2, random),
            );
            let e = BigUint::from(EXPONENT);
            let n = &p * &q;
            if let Some(d) = e.modinv(&totient(&p, &q))
                && let Ok(key) = Self::from_numbers([n, e, d, p, q])
            {
                return key;
            }
        }
    }

    /// Reads the first `RSA PRIVATE KEY` (PKCS#1) or `PRIVATE KEY` (PKCS#8) of a text.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        pem::blocks(text)
            .find_map(|block| Self::from_block(&block))
            .unwrap_or(Err(Error::NoKey))
    }

    /// The key as PKCS#1 PEM (`RSA PRIVATE KEY`).
    pub fn to_pem(&self) -> String {
        let Self { public, d, p, q } = self;
        let (zero, one) = (BigUint::ZERO, BigUint::from(1u8));
        let coefficient = q.modinv(p).unwrap_or_default();
        let numbers = [
            &zero,
            &public.n,
            &public.e,
            d,
            p,
            q,
            &(d % (p - &one)),
            &(d % (q - &one)),
            &coefficient,
        ];
        pem::write("RSA PRIVATE KEY", &der::write_sequence(numbers))
    }

    /// Its public half.
    pub fn public(&self) -> &RsaKey {
        &self.public
    }

    /// Undoes [`RsaKey::encrypt_padded`]: the data, and random bytes up to 192.
    pub fn decrypt_padded(&self, encrypted: &[u8]) -> Result<[u8; 192], Error> {
        let number = BigUint::from_bytes_be(encrypted);
        if encrypted.len() != 256 || number >= self.public.n {
            return Err(Error::Decryption);
        }
        pad::decode(&number.modpow(&self.d, &self.public.n))
    }

    fn from_block(block: &pem::Block<'_>) -> Option<Result<Self, Error>> {
        let numbers = match block.label {
            "RSA PRIVATE KEY" => block.decode().and_then(|der| der::read_private(&der)),
            "PRIVATE KEY" => block
                .decode()
                .and_then(|der| der::read_private_key_info(&der)),
            _ => return None,
        };
        Some(numbers.and_then(Self::from_numbers))
    }

    #[expect(clippy::many_single_char_names, reason = "PKCS#1 names them so")]
    fn from_numbers([n, e, d, p, q]: [BigUint; 5]) -> Result<Self, Error> {
        let one = BigUint::from(1u8);
        if p <= one || q <= one || p == q || &p * &q != n || &e * &d % totient(&p, &q) != one {
            return Err(Error::Inconsistent);
        }
        Ok(Self {
            public: RsaKey::from_numbers(n, e)?,
            d,
            p,
            q,
        })
    }
}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RsaPrivateKey")
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

/// Carmichael's function of the modulus, which makes the smallest private exponents; OpenSSL's keys fit as well.
fn totient(p: &BigUint, q: &BigUint) -> BigUint {
    num_integer::lcm(p - 1u8, q - 1u8)
}
