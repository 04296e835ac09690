//! What conversions need from the server: whom a name means, how to address an id (specification §2.6).

#[cfg(test)]
mod tests;

use madeline_tl::{Value, boxed_to_bytes, object};

use crate::ask::Answer;
use crate::convert::{Need, Resolution};
use crate::login::proof;
use crate::peers::{Peer, PeerId, PeerKind};
use crate::{Client, Error};

impl Client {
    /// Asks the server for what a conversion could not find.
    ///
    /// That a peer does not exist, or cannot be addressed, is an answer as well: [`Resolution::NotFound`].
    pub async fn resolve(&self, need: &Need) -> Result<Resolution, Error> {
        match need {
            Need::Username(name) => self.resolve_username(name).await,
            Need::Peer(id) => self.resolve_known_peer(*id).await,
            Need::Invite(hash) => self.resolve_invite(hash).await,
            Need::Support => self.resolve_support().await,
            Need::Password(password) => self.resolve_password(password).await,
        }
    }

    async fn resolve_username(&self, name: &str) -> Result<Resolution, Error> {
        let answer = match self
            .ask(object!("contacts.resolveUsername", username: name))
            .await
        {
            Err(error) if error.is_rpc("USERNAME_NOT_OCCUPIED") => return Ok(Resolution::NotFound),
            answer => answer?,
        };
        self.learn_of(&answer, &["users", "chats"])?;
        let peer = answer.value.get("peer");
        let id = match peer.name() {
            "peerUser" => PeerId::user(answer.read(|_| peer.int("user_id"))?),
            "peerChat" => PeerId::chat(answer.read(|_| peer.int("chat_id"))?),
            "peerChannel" => PeerId::channel(answer.read(|_| peer.int("channel_id"))?),
            other => return Err(answer.wrong(format!("a Peer was expected, `{other}` came"))),
        };
        self.found(id)
    }

    /// As [`Client::resolve_peer`], and where the configuration wants it, in the dialogs of a user. They are loaded once.
    async fn resolve_known_peer(&self, id: PeerId) -> Result<Resolution, Error> {
        let found = self.resolve_peer(id).await?;
        let looks = matches!(found, Resolution::NotFound)
            && self.config().cache_all_peers
            && !self.session().is_bot();
        if !looks || self.has_loaded_dialogs() {
            return Ok(found);
        }
        self.dialogs().await?;
        self.note_loaded_dialogs();
        self.found(Some(id))
    }

    /// Asks with access hash 0, which the server accepts from bots and for basic groups.
    async fn resolve_peer(&self, id: PeerId) -> Result<Resolution, Error> {
        let raw = id.raw();
        let request = match id.kind() {
            PeerKind::User => {
                object!("users.getUsers", id: vec![object!("inputUser", user_id: raw, access_hash: 0)])
            }
            PeerKind::Channel => {
                object!("channels.getChannels", id: vec![object!("inputChannel", channel_id: raw, access_hash: 0)])
            }
            PeerKind::Chat => object!("messages.getChats", id: vec![raw]),
            PeerKind::SecretChat => return Ok(Resolution::NotFound),
        };
        let answer = match self.ask(request).await {
            Err(Error::Rpc {
                code: 400 | 403 | 406,
                ..
            }) => return Ok(Resolution::NotFound),
            answer => answer?,
        };
        match answer.value.as_list() {
            Some(users) => self.learn_values(&answer, users)?,
            None => self.learn_of(&answer, &["chats"])?,
        }
        self.found(Some(id))
    }

    async fn resolve_invite(&self, hash: &str) -> Result<Resolution, Error> {
        let answer = self
            .ask(object!("messages.checkChatInvite", hash: hash))
            .await?;
        if !answer.value.is("chatInviteAlready") {
            return Ok(Resolution::NotJoined);
        }
        let chat = answer.read(|invite| invite.object("chat"))?;
        self.learn_values(&answer, std::slice::from_ref(chat))?;
        let id = answer.read(|_| chat.int("id"))?;
        let is_channel = chat.name().starts_with("channel");
        self.found(if is_channel {
            PeerId::channel(id)
        } else {
            PeerId::chat(id)
        })
    }

    async fn resolve_support(&self) -> Result<Resolution, Error> {
        let answer = self.ask(object!("help.getSupport")).await?;
        let user = answer.read(|support| support.object("user"))?;
        self.learn_values(&answer, std::slice::from_ref(user))?;
        self.found(PeerId::user(answer.read(|_| user.int("id"))?))
    }

    async fn resolve_password(&self, password: &[u8]) -> Result<Resolution, Error> {
        let answer = self.ask(object!("account.getPassword")).await?;
        let proof = proof(&answer.value, password).await?;
        let bytes =
            boxed_to_bytes(self.config().schema(), &proof).map_err(|error| answer.wrong(error))?;
        Ok(Resolution::Password(bytes))
    }

    /// A peer that the server spoke of, if it can be addressed now.
    fn found(&self, id: Option<PeerId>) -> Result<Resolution, Error> {
        let peer: Option<Peer> = id.map(|id| self.peers().find(id)).transpose()?.flatten();
        Ok(peer.map_or(Resolution::NotFound, Resolution::Peer))
    }

    pub(crate) fn learn_of(&self, answer: &Answer, lists: &[&str]) -> Result<(), Error> {
        for list in lists {
            self.learn_values(answer, answer.read(|value| value.list(list))?)?;
        }
        Ok(())
    }

    pub(crate) fn learn_values(&self, answer: &Answer, peers: &[Value]) -> Result<(), Error> {
        let schema = self.config().schema();
        let bytes = peers
            .iter()
            .map(|peer| answer.part_bytes(schema, peer))
            .collect::<Result<Vec<_>, _>>()?;
        self.learn(bytes.iter().map(Vec::as_slice))
    }
}
