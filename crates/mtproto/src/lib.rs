//! The MTProto protocol as sans-IO state machines, client and server.
//!
//! Bytes, time and randomness are arguments: nothing in here owns a socket, reads a clock or asks the operating
//! system for entropy, except [`random::OsRandom`] and what is behind the `tokio` feature: `dial` and `driver`. Time is a
//! [`Duration`](std::time::Duration) since the Unix epoch.
//!
//! From the wire upwards: [`transport`] cuts a byte stream into frames, [`envelope`] opens and seals the messages in
//! them, [`handshake`] agrees on an [`AuthKey`], [`service`] names the messages of the protocol itself;
//! [`client`] and [`server`] are the two sides of an encrypted session.

pub mod auth_key;
pub mod cdn;
pub mod client;
pub mod container;
#[cfg(feature = "tokio")]
pub mod dial;
#[cfg(feature = "tokio")]
pub mod driver;
pub mod envelope;
pub mod gzip;
pub mod handshake;
pub mod ige;
pub mod message_id;
mod prime;
pub mod proxy;
pub mod random;
pub mod rsa;
pub mod server;
pub mod service;
mod sha256;
pub mod transport;
mod unseal;
mod wire;

pub use auth_key::AuthKey;
pub use message_id::MsgId;
pub use random::Random;
pub use rsa::{RsaKey, RsaPrivateKey};
