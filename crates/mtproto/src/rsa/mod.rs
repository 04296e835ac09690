//! RSA keys of servers: reading and writing them, fingerprints, and the padding of the key exchange.
//!
//! Only what <https://core.telegram.org/mtproto/auth_key> needs, no general RSA.

mod der;
mod pad;
mod pem;
mod private;
mod telegram;

use std::fmt;

use num_bigint::BigUint;
use num_integer::Integer;
use sha1::{Digest, Sha1};

use crate::random::Random;
use crate::wire::{Write, last_long};
pub use private::RsaPrivateKey;

/// Number of bits of every key: the padding is made for it.
const BITS: u64 = 2048;

/// A server's public RSA key (2048 bits).
#[derive(Clone, PartialEq, Eq)]
pub struct RsaKey {
    n: BigUint,
    e: BigUint,
    fingerprint: i64,
}

impl RsaKey {
    /// The key with a big-endian modulus and exponent. The modulus has 2048 bits, the exponent is odd and below it.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, Error> {
        Self::from_numbers(
            BigUint::from_bytes_be(modulus),
            BigUint::from_bytes_be(exponent),
        )
    }

    /// Reads the first public key of a PEM text: `RSA PUBLIC KEY` (PKCS#1) or `PUBLIC KEY` (SPKI).
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        pem::blocks(text)
            .find_map(|block| Self::from_block(&block))
            .unwrap_or(Err(Error::NoKey))
    }

    /// Reads every public key of a PEM text; an error when there is none.
    pub fn all_from_pem(text: &str) -> Result<Vec<Self>, Error> {
        let keys: Vec<_> = pem::blocks(text)
            .filter_map(|block| Self::from_block(&block))
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            Err(Error::NoKey)
        } else {
            Ok(keys)
        }
    }

    /// The key as PKCS#1 PEM (`RSA PUBLIC KEY`).
    pub fn to_pem(&self) -> String {
        pem::write("RSA PUBLIC KEY", &der::write_sequence([&self.n, &self.e]))
    }

    /// The 64 lower-order bits of the SHA1 of the key as TL `rsa_public_key n:bytes e:bytes`.
    pub fn fingerprint(&self) -> i64 {
        self.fingerprint
    }

    /// The keys of Telegram's production and test servers.
    pub fn telegram() -> Vec<Self> {
        telegram::KEYS
            .iter()
            .filter_map(|modulus| Self::new(modulus, &telegram::EXPONENT).ok())
            .collect()
    }

    /// `RSA_PAD`: encrypts `data`, at most [`Self::MAX_PADDED`] bytes, as the key exchange wants it.
    pub fn encrypt_padded(&self, data: &[u8], random: &mut dyn Random) -> Result<[u8; 256], Error> {
        pad::encrypt(self, data, random)
    }

    /// Most bytes that [`Self::encrypt_padded`] takes.
    pub const MAX_PADDED: usize = 144;

    fn from_block(block: &pem::Block<'_>) -> Option<Result<Self, Error>> {
        let numbers = match block.label {
            "RSA PUBLIC KEY" => block.decode().and_then(|der| der::read_public(&der)),
            "PUBLIC KEY" => block
                .decode()
                .and_then(|der| der::read_subject_public_key_info(&der)),
            _ => return None,
        };
        Some(numbers.and_then(|[n, e]| Self::from_numbers(n, e)))
    }

    fn from_numbers(n: BigUint, e: BigUint) -> Result<Self, Error> {
        if n.bits() != BITS || n.is_even() {
            return Err(Error::Modulus { bits: n.bits() });
        }
        if e.is_even() || e < BigUint::from(3u8) || e >= n {
            return Err(Error::Exponent);
        }
        let mut serialized = Vec::with_capacity(300);
        serialized.bytes(&n.to_bytes_be());
        serialized.bytes(&e.to_bytes_be());
        let fingerprint = last_long(&Sha1::digest(&serialized));
        Ok(Self { n, e, fingerprint })
    }
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RsaKey({:016x})", self.fingerprint)
    }
}

/// Why a key can't be read or used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The text has no PEM block of a wanted kind.
    NoKey,
    /// The text between the PEM lines is not Base64.
    Base64,
    /// The bytes are not the DER structure of such a key.
    Der,
    /// The modulus does not have 2048 bits, or is even.
    Modulus {
        /// How many it has.
        bits: u64,
    },
    /// The public exponent is even, below 3 or above the modulus.
    Exponent,
    /// The numbers of a private key do not belong together.
    Inconsistent,
    /// More data than the padding has room for.
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// The random bytes gave numbers above the modulus only: they are not random.
    NotRandom,
    /// The data was not encrypted for this key, or was changed.
    Decryption,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => formatter.write_str("the text has no RSA key in PEM format"),
            Self::Base64 => formatter.write_str("the PEM block is not valid Base64"),
            Self::Der => formatter.write_str("the PEM block holds no RSA key"),
            Self::Modulus { bits } => write!(
                formatter,
                "an odd modulus of 2048 bits is needed, not one of {bits}"
            ),
            Self::Exponent => formatter
                .write_str("the public exponent has to be odd, at least 3 and below the modulus"),
            Self::Inconsistent => {
                formatter.write_str("the numbers of the private key do not belong together")
            }
            Self::TooLong { bytes } => {
                write!(
                    formatter,
                    "{bytes} bytes can't be padded, at most {} can",
                    RsaKey::MAX_PADDED
                )
            }
            Self::NotRandom => formatter.write_str("the source of random bytes repeats itself"),
            Self::Decryption => formatter.write_str("the data was not encrypted for this key"),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests;
