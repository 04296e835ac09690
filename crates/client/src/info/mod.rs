//! What is known about peers beyond the constructors that come along: everything of one peer, the members of a group,
//! the list of dialogs.

mod dialogs;
mod full;
mod participants;
#[cfg(test)]
mod tests;

pub use dialogs::Dialog;
pub use full::{Full, SCHEMA};
pub use participants::{Participant, ParticipantFilter};

use madeline_tl::{Value, object};

use crate::ask::Answer;
use crate::peers::{PeerId, PeerKind};
use crate::{Client, Error};

impl Client {
    /// Asks for users, groups and channels anew; what the server says of them is stored.
    pub async fn refresh_peers(&self, ids: &[PeerId]) -> Result<(), Error> {
        for &id in ids {
            let request = match id.kind() {
                PeerKind::User => {
                    object!("users.getUsers", id: vec![self.input_user(id)?])
                }
                PeerKind::Channel => {
                    object!("channels.getChannels", id: vec![self.input_channel(id)?])
                }
                PeerKind::Chat => object!("messages.getChats", id: vec![id.raw()]),
                PeerKind::SecretChat => continue,
            };
            let answer = self.ask(request).await?;
            match answer.value.as_list() {
                Some(users) => self.learn_values(&answer, users)?,
                None => self.learn_of(&answer, &["chats"])?,
            }
        }
        Ok(())
    }

    /// Whom a username means, as the server says it; `None` where nobody has it. Boxed `contacts.resolvedPeer`.
    pub async fn resolve_name(&self, username: &str) -> Result<Option<Vec<u8>>, Error> {
        let name = username.strip_prefix('@').unwrap_or(username);
        match self
            .ask(object!("contacts.resolveUsername", username: name))
            .await
        {
            Ok(answer) => Ok(Some(answer.bytes.into())),
            Err(error)
                if error.is_rpc("USERNAME_NOT_OCCUPIED") || error.is_rpc("USERNAME_INVALID") =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn input_user(&self, id: PeerId) -> Result<Value, Error> {
        if self.session().own_id() == Some(id.raw()) {
            return Ok(object!("inputUserSelf"));
        }
        Ok(object!("inputUser", user_id: id.raw(), access_hash: self.access_hash(id)?))
    }

    fn input_channel(&self, id: PeerId) -> Result<Value, Error> {
        Ok(object!("inputChannel", channel_id: id.raw(), access_hash: self.access_hash(id)?))
    }

    fn input_peer(&self, id: PeerId) -> Result<Value, Error> {
        Ok(match id.kind() {
            PeerKind::User => {
                object!("inputPeerUser", user_id: id.raw(), access_hash: self.access_hash(id)?)
            }
            PeerKind::Channel => {
                object!("inputPeerChannel", channel_id: id.raw(), access_hash: self.access_hash(id)?)
            }
            PeerKind::Chat | PeerKind::SecretChat => object!("inputPeerChat", chat_id: id.raw()),
        })
    }

    fn access_hash(&self, id: PeerId) -> Result<i64, Error> {
        let stored = self.peers().find(id)?;
        Ok(stored.and_then(|peer| peer.access_hash).unwrap_or(0))
    }
}

/// The id of a `Peer` in an answer.
fn peer_id(answer: &Answer, peer: &Value) -> Result<PeerId, Error> {
    let id = |field: &str| answer.read(|_| peer.int(field));
    let known = match peer.name() {
        "peerUser" => PeerId::user(id("user_id")?),
        "peerChat" => PeerId::chat(id("chat_id")?),
        "peerChannel" => PeerId::channel(id("channel_id")?),
        _ => None,
    };
    known.ok_or_else(|| answer.wrong(format!("a Peer was expected, `{}` came", peer.name())))
}

/// The time, as Telegram counts it.
fn now() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |now| now.as_secs() as i64)
}
