//! A stream to an MTProxy that looks like TLS 1.3 to anybody who does not hold the secret (`ee`).
//!
//! The client's greeting is that of a browser, but its random number is an HMAC of the greeting under the proxy's
//! secret, with the time in it; the proxy proves the same way that it holds the secret. Afterwards both put the
//! obfuscated stream into records of application data. Nothing here is encryption: the stream within is obfuscated,
//! and `MTProto` protects the messages in it. There is no specification beside the sources of Telegram's applications
//! and of its [proxy](https://github.com/TelegramMessenger/MTProxy).
//!
//! [`Client`] and [`Server`] are the two sides of the greeting. Put [`super::Client::within_tls`] or
//! [`super::Server::within_tls`] over the stream after it.

mod client;
mod curve;
mod hello;
mod records;
mod server;
#[cfg(test)]
mod tests;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub use client::Client;
pub(super) use records::Records;
pub use server::{Accepted, MAX_CLOCK_DIFFERENCE, Server};

/// Kinds of records.
mod record {
    pub(super) const CHANGE_CIPHER_SPEC: u8 = 20;
    pub(super) const ALERT: u8 = 21;
    pub(super) const HANDSHAKE: u8 = 22;
    pub(super) const APPLICATION_DATA: u8 = 23;
}

/// Bytes before a record's content: its kind, the version, the length.
const RECORD_HEADER: usize = 5;
/// The most content of a record that is sent.
const MAX_CONTENT: usize = 1 << 14;
/// The most that is accepted: ciphertext may be this much longer, and some proxies make use of it.
const MAX_RECEIVED: usize = MAX_CONTENT + 256;
/// TLS 1.2, which all records but the first name.
const VERSION: [u8; 2] = [3, 3];
/// The only record of its kind.
const CHANGE_CIPHER_SPEC: [u8; 6] = [record::CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1];
/// Where the random number stands in the record of either greeting, and how long it is.
const RANDOM_AT: usize = RECORD_HEADER + 4 + 2;
const RANDOM: usize = 32;

/// A greeting or a record that is not as it should be, as a predicate of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The first byte begins no record of a greeting.
    NotTls {
        /// That byte.
        first: u8,
    },
    /// The other side ended the connection with an alert.
    Alert {
        /// Its number; 0 where it is not readable.
        description: u8,
    },
    /// The greeting is one of TLS, but not made with the secret.
    Secret,
    /// The greeting was made at another time: the clocks differ, or somebody repeats it.
    Clock {
        /// Its time minus ours, in seconds.
        difference: i64,
    },
    /// A record of a kind that has no place there.
    Record {
        /// Its kind.
        kind: u8,
    },
    /// A record that is empty or too long.
    Length {
        /// The length of its content in bytes.
        bytes: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTls { first } => write!(
                formatter,
                "does not speak TLS (it began with {first:#04x}): is this an `ee` secret for that proxy?"
            ),
            Self::Alert { description } => {
                write!(
                    formatter,
                    "ended TLS with alert {description}: wrong secret?"
                )
            }
            Self::Secret => formatter.write_str(
                "answered like a TLS server that does not hold the secret: wrong secret?",
            ),
            Self::Clock { difference } => {
                write!(formatter, "has a clock that differs by {difference} s")
            }
            Self::Record { kind } => write!(formatter, "sent an unexpected TLS record ({kind})"),
            Self::Length { bytes } => {
                write!(formatter, "sent a TLS record of {bytes} bytes")
            }
        }
    }
}

impl std::error::Error for Error {}

/// HMAC-SHA256 of these parts under the secret's key.
fn hmac(key: &[u8; 16], parts: &[&[u8]]) -> [u8; 32] {
    // Any length of key is permitted.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Kind and length of the record that begins with these bytes; `None` when its header is not whole.
fn record_header(bytes: &[u8]) -> Option<Result<(u8, usize), Error>> {
    let &[kind, _, _, high, low] = bytes.first_chunk::<RECORD_HEADER>()?;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length == 0 || length > MAX_RECEIVED {
        return Some(Err(Error::Length { bytes: length }));
    }
    Some(Ok((kind, length)))
}

/// Appends a record.
fn put_record(kind: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    out.extend(VERSION);
    out.extend((content.len() as u16).to_be_bytes());
    out.extend_from_slice(content);
}

/// Overwrites the random number of a greeting's record.
fn set_random(greeting: &mut [u8], random: [u8; RANDOM]) {
    for (to, from) in greeting.iter_mut().skip(RANDOM_AT).zip(random) {
        *to = from;
    }
}

/// The random number of a greeting's record.
fn random_of(greeting: &[u8]) -> Option<[u8; RANDOM]> {
    greeting.get(RANDOM_AT..)?.first_chunk().copied()
}
