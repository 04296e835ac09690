//! The client's key exchange over TCP.

use std::net::SocketAddr;
use std::time::Duration;

use crate::RsaKey;
use crate::handshake::NewAuthKey;
use crate::transport::{Kind, Obfuscation};

/// How to speak to a server.
#[derive(Clone, Debug)]
pub struct Transport {
    /// The framing.
    pub kind: Kind,
    /// Obfuscation, when wanted.
    pub obfuscation: Option<Obfuscation>,
}

/// Why no key was created: the step, the address and the cause.
#[derive(Debug)]
pub struct Error {}

/// Connects to `address` and agrees on a new authorization key within `deadline` (from now, connecting included).
///
/// `dc` is the DC's number; +10000 for test DCs, negative for media DCs.
pub async fn create_auth_key(address: SocketAddr, transport: &Transport, keys: &[RsaKey], dc: i16, deadline: Duration) -> Result<NewAuthKey, Error> {
    todo!()
}
