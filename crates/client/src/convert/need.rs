//! What a conversion asks for when the session cannot answer, and the answers.

use std::collections::HashMap;
use std::fmt;

use crate::peers::{Peer, PeerId};

/// Something that only the server knows. The caller asks for it and encodes again with the answer.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Need {
    /// Whose username this is: contacts.resolveUsername. Lower case, without `@`.
    Username(String),
    /// The access hash of a peer: users.getUsers, channels.getChannels or messages.getChats with hash 0.
    Peer(PeerId),
    /// The chat behind an invite link: messages.checkChatInvite. The hash of the link.
    Invite(String),
    /// The support user: help.getSupport.
    Support,
    /// The proof of knowing a 2FA password: account.getPassword, then SRP. The plain password.
    Password(Vec<u8>),
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Username(name) => write!(f, "the peer @{name}"),
            Self::Peer(id) => write!(f, "the peer {id}"),
            Self::Invite(hash) => write!(f, "the chat of the invite link +{hash}"),
            Self::Support => f.write_str("the support user"),
            Self::Password(_) => f.write_str("the state of the 2FA password"),
        }
    }
}

// Passwords do not belong into logs.
impl fmt::Debug for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Username(name) => f.debug_tuple("Username").field(name).finish(),
            Self::Peer(id) => f.debug_tuple("Peer").field(id).finish(),
            Self::Invite(hash) => f.debug_tuple("Invite").field(hash).finish(),
            Self::Support => f.write_str("Support"),
            Self::Password(_) => f.write_str("Password(…)"),
        }
    }
}

/// The answer to a [`Need`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The peer, ready to be addressed.
    Peer(Peer),
    /// The server does not know it either.
    NotFound,
    /// The chat of an invite link is one that the user is not in.
    NotJoined,
    /// Boxed `inputCheckPasswordSRP`.
    Password(Vec<u8>),
}

/// The answers that were found while encoding one call.
#[derive(Clone, Debug, Default)]
pub struct Resolutions {
    answers: HashMap<Need, Resolution>,
}

impl Resolutions {
    /// Nothing was asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the answer to a need.
    pub fn insert(&mut self, need: Need, answer: Resolution) {
        self.answers.insert(need, answer);
    }

    /// The answer to a need; `None` when it was not asked yet.
    pub fn get(&self, need: &Need) -> Option<&Resolution> {
        self.answers.get(need)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        let need = Need::Password(b"secret".to_vec());
        assert!(!format!("{need:?} {need}").contains("secret"));
    }
}
