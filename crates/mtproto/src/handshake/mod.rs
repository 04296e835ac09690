//! The key exchange of <https://core.telegram.org/mtproto/auth_key> as pure steps, for client and server.
//!
//! Each step takes the body of the other side's plain message and gives the body to send. [`client`] consumes itself
//! with every step, so that none can be repeated or left out; [`server`] is a machine, because it is the client who
//! decides what comes next. Every check of the page and of the security guidelines is a function of [`checks`].

pub mod checks;
pub mod client;
mod dh;
mod encryption;
mod error;
mod factorization;
mod messages;
pub mod server;
#[cfg(test)]
mod tests;

use crate::AuthKey;
use crate::wire::first_long;
pub use dh::DhGroup;
use encryption::TemporaryKey;
pub use error::{Error, Step};
pub use factorization::{FactorizationError, factorize};

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

/// `nonce` or `server_nonce`.
type Nonce = [u8; 16];
/// `new_nonce`: the secret that only the two sides know.
type NewNonce = zeroize::Zeroizing<[u8; 32]>;

/// The first eight bytes of `new_nonce`, xor those of `server_nonce`.
fn first_salt(new_nonce: &NewNonce, server_nonce: &Nonce) -> i64 {
    first_long(new_nonce.as_slice()) ^ first_long(server_nonce)
}
