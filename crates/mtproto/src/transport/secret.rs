//! The secret of an MTProxy in the forms in which links and settings have it.
//!
//! <https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation>. Sixteen bytes are the key; `dd` before
//! them asks for random padding, `ee` before them and a domain behind them for a stream that looks like TLS to that
//! domain.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64Unpadded, Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

/// What a proxy and its clients share, and how they disguise their stream. `Debug` does not show the key.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    key: Zeroizing<[u8; 16]>,
    disguise: Disguise,
}

/// How a stream to an MTProxy looks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Disguise {
    /// Obfuscated, nothing more.
    None,
    /// Obfuscated, with random padding after each frame (`dd`).
    Padding,
    /// As TLS to a domain (`ee`), with padding as well.
    Tls {
        /// The domain, which is sent in the clear.
        domain: String,
    },
}

/// The longest domain for which the greeting keeps the length that proxies expect.
pub const MAX_DOMAIN: usize = 182;

const KEY: usize = 16;
const PADDED: u8 = 0xdd;
const TLS: u8 = 0xee;

impl Secret {
    /// What a secret looks like, for messages.
    pub const EXPECTED: &'static str =
        "16 bytes, dd and 16 bytes, or ee, 16 bytes and a domain, as hexadecimal digits or base64";

    /// From its bytes: 16, or 17 beginning with `dd`, or more beginning with `ee`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SecretError> {
        let (disguise, key) = match bytes {
            [PADDED, key @ ..] if key.len() == KEY => (Disguise::Padding, key),
            [TLS, rest @ ..] if rest.len() >= KEY => {
                let (key, domain) = rest.split_at(KEY);
                let domain = domain_name(domain)?.to_owned();
                (Disguise::Tls { domain }, key)
            }
            key => (Disguise::None, key),
        };
        let key = key
            .try_into()
            .map_err(|_| SecretError::Length { bytes: bytes.len() })?;
        Ok(Self {
            key: Zeroizing::new(key),
            disguise,
        })
    }

    /// The key.
    pub fn key(&self) -> &[u8; 16] {
        &self.key
    }

    /// How the stream looks.
    pub fn disguise(&self) -> &Disguise {
        &self.disguise
    }
}

impl FromStr for Secret {
    type Err = SecretError;

    /// From hexadecimal digits or base64, the standard or the URL alphabet, with or without `=` at its end.
    fn from_str(text: &str) -> Result<Self, SecretError> {
        let text = text.trim();
        // Digits of 16 bytes in base64 may all be hexadecimal digits as well: what gives a secret counts.
        let as_hex = match from_hex(text).map(|bytes| Self::from_bytes(&bytes)) {
            Some(Ok(secret)) => return Ok(secret),
            failure => failure.and_then(Result::err),
        };
        let unpadded = text.trim_end_matches('=');
        let decoded = Base64UrlUnpadded::decode_vec(unpadded)
            .or_else(|_| Base64Unpadded::decode_vec(unpadded))
            .map(Zeroizing::new);
        match decoded.map(|bytes| Self::from_bytes(&bytes)) {
            Ok(Ok(secret)) => Ok(secret),
            Ok(Err(error)) => Err(as_hex.unwrap_or(error)),
            Err(_) => Err(as_hex.unwrap_or(SecretError::Digits)),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Secret")
            .field("key", &"…")
            .field("disguise", &self.disguise)
            .finish()
    }
}

/// Text or bytes that are no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretError {
    /// Neither hexadecimal digits nor base64.
    Digits,
    /// Not one of the three forms.
    Length {
        /// How many bytes there are.
        bytes: usize,
    },
    /// After `ee` and the key there is no domain, or one that is too long or has impossible characters.
    Domain,
}

impl SecretError {
    /// What came in place of [`Secret::EXPECTED`], without repeating it: messages end up in logs.
    pub fn found(&self) -> String {
        match self {
            Self::Digits => "other characters".to_owned(),
            Self::Length { bytes } => format!("{bytes} bytes"),
            Self::Domain => format!(
                "no domain of at most {MAX_DOMAIN} letters, digits, dots and hyphens after ee and 16 bytes"
            ),
        }
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "expected {}, got {}",
            Secret::EXPECTED,
            self.found()
        )
    }
}

impl std::error::Error for SecretError {}

fn domain_name(bytes: &[u8]) -> Result<&str, SecretError> {
    let is_permitted = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
    let fits = (1..=MAX_DOMAIN).contains(&bytes.len()) && bytes.iter().all(is_permitted);
    std::str::from_utf8(bytes)
        .ok()
        .filter(|_| fits)
        .ok_or(SecretError::Domain)
}

fn from_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let bytes: Option<Vec<u8>> = pairs
        .iter()
        .map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?))
        .collect();
    bytes.map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f";
    const KEY: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    fn read(text: &str) -> Result<Secret, SecretError> {
        text.parse()
    }

    #[test]
    fn the_three_forms_are_read_from_hexadecimal_digits() {
        assert_eq!(read(HEX).unwrap().disguise(), &Disguise::None);
        let padded = read(&format!("dd{HEX}")).unwrap();
        assert_eq!(padded.disguise(), &Disguise::Padding);
        let tls = read(&format!(" EE{}6578616d706c652e6f7267 ", HEX.to_uppercase())).unwrap();
        let domain = "example.org".to_owned();
        assert_eq!(tls.disguise(), &Disguise::Tls { domain });
        for secret in [padded, tls] {
            assert_eq!(secret.key(), &KEY);
        }
    }

    #[test]
    fn the_three_forms_are_read_from_base64_of_both_alphabets() {
        let mut bytes = vec![0xee];
        bytes.extend([0xfb; 16]);
        bytes.extend(b"example.org");
        for text in [
            Base64UrlUnpadded::encode_string(&bytes),
            Base64Unpadded::encode_string(&bytes),
            Base64UrlUnpadded::encode_string(&bytes) + "==",
        ] {
            assert_eq!(read(&text).unwrap(), Secret::from_bytes(&bytes).unwrap());
        }
        for bytes in [&KEY[..], &[&[0xdd][..], &KEY].concat()] {
            let text = Base64UrlUnpadded::encode_string(bytes);
            assert_eq!(read(&text).unwrap().key(), &KEY);
        }
    }

    #[test]
    fn base64_that_could_be_hexadecimal_digits_is_taken_for_what_has_the_right_length() {
        let text = "abcdefabcdefabcdefabcA";
        assert_eq!(read(text).unwrap().disguise(), &Disguise::None);
    }

    #[test]
    fn other_forms_are_refused_with_what_was_expected() {
        let refused = |text: &str| read(text).unwrap_err();
        assert_eq!(refused("not a secret!"), SecretError::Digits);
        assert_eq!(refused(""), SecretError::Length { bytes: 0 });
        assert_eq!(refused("0011"), SecretError::Length { bytes: 2 });
        assert_eq!(
            refused(&format!("cc{HEX}")),
            SecretError::Length { bytes: 17 }
        );
        assert_eq!(
            refused(&format!("dd{HEX}00")),
            SecretError::Length { bytes: 18 }
        );
        assert_eq!(refused(&format!("ee{HEX}")), SecretError::Domain);
        assert_eq!(refused(&format!("ee{HEX}ff00")), SecretError::Domain);
        let long = "61".repeat(MAX_DOMAIN + 1);
        assert_eq!(refused(&format!("ee{HEX}{long}")), SecretError::Domain);
        assert!(refused("0011").to_string().ends_with(", got 2 bytes"));
    }

    #[test]
    fn the_key_is_not_shown() {
        let shown = format!("{:?}", read(&format!("dd{HEX}")).unwrap());
        assert_eq!(shown, "Secret { key: \"…\", disguise: Padding }");
    }
}
