//! The key exchange of <https://core.telegram.org/mtproto/auth_key> as pure steps, for client and server.
//!
//! Each step takes the bytes of the other side's answer (the body of a plain message) and gives the bytes to send.

pub mod client;
pub mod server;

use crate::AuthKey;

/// What the exchange ends with.
#[derive(Debug)]
pub struct NewAuthKey {
    /// The key.
    pub key: AuthKey,
    /// The first server salt.
    pub first_salt: i64,
    /// Seconds by which the server's clock is ahead of ours.
    pub time_offset: i32,
}

/// Why an exchange ended without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The server knows none of our RSA keys.
    UnknownFingerprints {
        /// What the server offers.
        offered: Vec<i64>,
        /// What we know.
        known: Vec<i64>,
    },
}
