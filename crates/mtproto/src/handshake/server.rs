//! The server's side: a machine that takes one plain message body after the other.

use std::sync::Arc;
use std::time::Duration;

use super::Error;
use crate::random::Random;
use crate::{AuthKey, RsaPrivateKey};

/// The group of the Diffie-Hellman exchange.
#[derive(Clone, Debug)]
pub struct DhGroup {
    /// The generator.
    pub g: i32,
    /// `dh_prime`, big-endian.
    pub prime: Vec<u8>,
}

impl DhGroup {
    /// Telegram's published prime with `g` = 3.
    pub fn telegram() -> Self {
        todo!()
    }
}

/// The server's side of one exchange; a connection may go through several, one after the other.
pub struct Handshake {}

/// A key that the exchange agreed on, as the server stores it.
#[derive(Debug)]
pub struct CreatedKey {
    /// The key.
    pub key: AuthKey,
    /// The first server salt.
    pub first_salt: i64,
    /// The DC the client thinks it speaks to (+10000: test; negative: media); `None` in the oldest constructors.
    pub dc: Option<i32>,
    /// For a temporary key, the seconds it shall live.
    pub expires_in: Option<i32>,
}

/// What to do after a message.
#[derive(Debug)]
pub struct Reply {
    /// The body of the plain answer.
    pub body: Vec<u8>,
    /// The key, when this answer is `dh_gen_ok`.
    pub created: Option<CreatedKey>,
}

impl Handshake {
    /// Keys that may be offered, and the group.
    pub fn new(keys: Arc<[RsaPrivateKey]>, group: Arc<DhGroup>) -> Self {
        todo!()
    }

    /// Takes the body of a plain message. `is_taken` says whether a key with that id exists already: the client is
    /// told to retry then. After an error the connection is to be closed with transport error −404.
    pub fn receive(&mut self, body: &[u8], now: Duration, random: &mut dyn Random, is_taken: &dyn Fn(i64) -> bool) -> Result<Reply, Error> {
        todo!()
    }
}
