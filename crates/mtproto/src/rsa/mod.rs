//! RSA keys of servers: reading and writing them, fingerprints, and the padding of the key exchange.

use crate::random::Random;

/// A server's public RSA key (2048 bits).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaKey {}

impl RsaKey {
    /// Reads the first public key of a PEM text: `RSA PUBLIC KEY` (PKCS#1) or `PUBLIC KEY` (SPKI).
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        todo!()
    }

    /// Reads every public key of a PEM text; an error when there is none.
    pub fn all_from_pem(text: &str) -> Result<Vec<Self>, Error> {
        todo!()
    }

    /// The key as PKCS#1 PEM (`RSA PUBLIC KEY`).
    pub fn to_pem(&self) -> String {
        todo!()
    }

    /// The 64 lower-order bits of the SHA1 of the key as TL `rsa_public_key n:bytes e:bytes`.
    pub fn fingerprint(&self) -> i64 {
        todo!()
    }

    /// The keys of Telegram's production and test servers.
    pub fn telegram() -> Vec<Self> {
        todo!()
    }
}

/// A server's private RSA key.
pub struct RsaPrivateKey {}

impl RsaPrivateKey {
    /// Makes a new 2048-bit key.
    pub fn generate(random: &mut dyn Random) -> Self {
        todo!()
    }

    /// Reads `RSA PRIVATE KEY` (PKCS#1) or `PRIVATE KEY` (PKCS#8).
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        todo!()
    }

    /// The key as PKCS#1 PEM (`RSA PRIVATE KEY`).
    pub fn to_pem(&self) -> String {
        todo!()
    }

    /// Its public half.
    pub fn public(&self) -> &RsaKey {
        todo!()
    }
}

/// Why a key can't be read or used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The text has no PEM block of a wanted kind.
    NoKey,
}
