//! Peers: every user, group and channel that was ever seen, in the session's database.
//!
//! Telegram wants an `access_hash` beside most ids; it is known only from users and chats that the server sent.
//! The decoder reports the bytes of each of them, and [`Peers::learn`] keeps what calls need later: the hash, the
//! usernames, and the constructor itself for `getInfo()`.

mod cache;
mod facts;
mod id;
mod store;
#[cfg(test)]
mod tests;

pub use facts::Batch;
pub use id::{PeerId, PeerKind};
pub use store::{ChannelKind, Constructor, Peer, Peers, SCHEMA};
