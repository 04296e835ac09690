//! Peers: how they look, who may use them, and which of them a result mentions.

use std::collections::BTreeSet;

use madeline_tl::{Value, object};
use sha2::{Digest, Sha256};

use super::State;
use crate::error::{RpcError, bad_request};

/// A user, basic group or channel by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Peer {
    User(i64),
    Chat(i64),
    Channel(i64),
}

impl Peer {
    /// As `Peer`.
    pub(crate) fn value(self) -> Value {
        match self {
            Peer::User(id) => object!("peerUser", user_id: id),
            Peer::Chat(id) => object!("peerChat", chat_id: id),
            Peer::Channel(id) => object!("peerChannel", channel_id: id),
        }
    }
}

/// Users and groups that a result mentions and therefore lists.
#[derive(Debug, Default)]
pub(crate) struct PeerSet {
    peers: BTreeSet<Peer>,
}

impl PeerSet {
    pub(crate) fn add(&mut self, peer: Peer) {
        self.peers.insert(peer);
    }

    /// Adds every `Peer` and every id of a user in these objects.
    pub(crate) fn collect(&mut self, values: &[Value]) {
        for value in values {
            self.collect_one(value);
        }
    }

    fn collect_one(&mut self, value: &Value) {
        match value {
            Value::List(list) => self.collect(list),
            Value::Object(object) => {
                for (key, value) in object.fields() {
                    match (key, value) {
                        ("user_id" | "inviter_id" | "via_bot_id", Value::Int(id)) => {
                            self.add(Peer::User(*id));
                        }
                        ("chat_id", Value::Int(id)) => self.add(Peer::Chat(*id)),
                        ("channel_id", Value::Int(id)) => self.add(Peer::Channel(*id)),
                        ("users", Value::List(ids)) => {
                            for id in ids {
                                if let Value::Int(id) = id {
                                    self.add(Peer::User(*id));
                                }
                            }
                        }
                        (_, value) => self.collect_one(value),
                    }
                }
            }
            _ => {}
        }
    }

    /// `users` as `viewer` sees them.
    pub(crate) fn users(&self, state: &State, viewer: i64) -> Vec<Value> {
        let users = self.peers.iter().filter_map(|peer| match peer {
            Peer::User(id) => state.user_value(viewer, *id),
            _ => None,
        });
        users.collect()
    }

    /// `chats` as `viewer` sees them.
    pub(crate) fn chats(&self, state: &State, viewer: i64) -> Vec<Value> {
        let chats = self.peers.iter().filter_map(|peer| match peer {
            Peer::User(_) => None,
            Peer::Chat(id) => state.chat_value(viewer, *id),
            Peer::Channel(id) => state.channel_value(viewer, *id),
        });
        chats.collect()
    }
}

impl State {
    /// The access hash `viewer` has for a user or channel; everybody has another.
    pub(crate) fn access_hash(&self, viewer: i64, peer: Peer) -> i64 {
        let (kind, id) = match peer {
            Peer::User(id) => (b'u', id),
            Peer::Chat(id) => (b'c', id),
            Peer::Channel(id) => (b'n', id),
        };
        let digest = Sha256::new()
            .chain_update(self.secret)
            .chain_update(viewer.to_le_bytes())
            .chain_update([kind])
            .chain_update(id.to_le_bytes())
            .finalize();
        let (words, _) = digest.as_slice().as_chunks::<8>();
        words.first().map_or(1, |word| i64::from_le_bytes(*word))
    }

    /// An `InputPeer` as `viewer` may use it for reading or writing.
    pub(crate) fn input_peer(&self, viewer: i64, input: &Value) -> Result<Peer, RpcError> {
        match input.name() {
            "inputPeerSelf" => Ok(Peer::User(viewer)),
            "inputPeerUser" => self
                .known_user(viewer, input)
                .map(Peer::User)
                .ok_or_else(|| bad_request("PEER_ID_INVALID")),
            "inputPeerChat" => {
                let id = int(input, "chat_id");
                let chat = self
                    .chats
                    .get(&id)
                    .ok_or_else(|| bad_request("PEER_ID_INVALID"))?;
                if chat.members.contains_key(&viewer) {
                    Ok(Peer::Chat(id))
                } else {
                    Err(bad_request("PEER_ID_INVALID"))
                }
            }
            "inputPeerChannel" => self.channel_by_hash(viewer, input).map(Peer::Channel),
            "inputPeerUserFromMessage" => self.user_from_message(viewer, input).map(Peer::User),
            "inputPeerChannelFromMessage" => {
                self.channel_from_message(viewer, input).map(Peer::Channel)
            }
            _ => Err(bad_request("PEER_ID_INVALID")),
        }
    }

    /// An `InputUser`.
    pub(crate) fn input_user(&self, viewer: i64, input: &Value) -> Result<i64, RpcError> {
        match input.name() {
            "inputUserSelf" => Ok(viewer),
            "inputUser" => self
                .known_user(viewer, input)
                .ok_or_else(|| bad_request("USER_ID_INVALID")),
            "inputUserFromMessage" => self.user_from_message(viewer, input),
            _ => Err(bad_request("USER_ID_INVALID")),
        }
    }

    /// An `InputChannel` that `viewer` may read.
    pub(crate) fn input_channel(&self, viewer: i64, input: &Value) -> Result<i64, RpcError> {
        match input.name() {
            "inputChannel" => self.channel_by_hash(viewer, input),
            "inputChannelFromMessage" => self.channel_from_message(viewer, input),
            _ => Err(bad_request("CHANNEL_INVALID")),
        }
    }

    /// An `InputChannel` that exists, whether `viewer` may read it or not.
    pub(crate) fn existing_channel(&self, viewer: i64, input: &Value) -> Result<i64, RpcError> {
        let id = int(input, "channel_id");
        let hash = int(input, "access_hash");
        let known = self
            .channels
            .get(&id)
            .is_some_and(|channel| !channel.deleted);
        let hash_fits = hash == self.access_hash(viewer, Peer::Channel(id))
            || (hash == 0 && self.is_bot(viewer) && self.is_member(viewer, id));
        if input.name().ends_with("Channel") && known && hash_fits {
            Ok(id)
        } else {
            Err(bad_request("CHANNEL_INVALID"))
        }
    }

    fn channel_by_hash(&self, viewer: i64, input: &Value) -> Result<i64, RpcError> {
        let id = self.existing_channel(viewer, input)?;
        if self.may_read(viewer, id) {
            Ok(id)
        } else {
            Err(bad_request("CHANNEL_PRIVATE"))
        }
    }

    /// Bots may leave the hash out for people they have a chat with.
    pub(crate) fn known_user(&self, viewer: i64, input: &Value) -> Option<i64> {
        let id = int(input, "user_id");
        let hash = int(input, "access_hash");
        self.users.get(&id)?;
        let known = hash == self.access_hash(viewer, Peer::User(id))
            || id == viewer
            || (hash == 0 && self.is_bot(viewer) && self.has_met(viewer, id));
        known.then_some(id)
    }

    fn has_met(&self, viewer: i64, user: i64) -> bool {
        let private = self
            .users
            .get(&viewer)
            .is_some_and(|viewer| viewer.mailbox.has_dialog(Peer::User(user)));
        private
            || self.channels.values().any(|channel| {
                channel.members.contains_key(&viewer) && channel.members.contains_key(&user)
            })
            || self
                .chats
                .values()
                .any(|chat| chat.members.contains_key(&viewer) && chat.members.contains_key(&user))
    }

    fn user_from_message(&self, viewer: i64, input: &Value) -> Result<i64, RpcError> {
        let id = int(input, "user_id");
        if self.message_mentions(viewer, input, Peer::User(id))? {
            Ok(id)
        } else {
            Err(bad_request("USER_ID_INVALID"))
        }
    }

    fn channel_from_message(&self, viewer: i64, input: &Value) -> Result<i64, RpcError> {
        let id = int(input, "channel_id");
        let known = self
            .channels
            .get(&id)
            .is_some_and(|channel| !channel.deleted);
        if !known || !self.message_mentions(viewer, input, Peer::Channel(id))? {
            return Err(bad_request("CHANNEL_INVALID"));
        }
        if self.may_read(viewer, id) {
            Ok(id)
        } else {
            Err(bad_request("CHANNEL_PRIVATE"))
        }
    }

    fn message_mentions(&self, viewer: i64, input: &Value, wanted: Peer) -> Result<bool, RpcError> {
        let place = self.input_peer(viewer, input.get("peer"))?;
        let message = self
            .message(viewer, place, int(input, "msg_id") as i32)
            .ok_or_else(|| bad_request("MSG_ID_INVALID"))?;
        let mut mentioned = PeerSet::default();
        mentioned.collect(&[message.value(viewer)]);
        Ok(mentioned.peers.contains(&wanted))
    }

    /// Whether `viewer` may read a channel: as a member, or because it is public and nobody banned them.
    pub(crate) fn may_read(&self, viewer: i64, channel: i64) -> bool {
        self.channels.get(&channel).is_some_and(|channel| {
            !channel.is_banned(viewer, self.now)
                && (channel.username.is_some() || channel.members.contains_key(&viewer))
        })
    }

    /// Whether `viewer` is in a channel.
    pub(crate) fn is_member(&self, viewer: i64, channel: i64) -> bool {
        self.channels
            .get(&channel)
            .is_some_and(|channel| channel.members.contains_key(&viewer))
    }

    /// Whether that user is a bot.
    pub(crate) fn is_bot(&self, user: i64) -> bool {
        self.users
            .get(&user)
            .is_some_and(|user| user.bot().is_some())
    }
}

/// An integer of an object; 0 where there is none.
pub(crate) fn int(object: &Value, key: &str) -> i64 {
    match object.get(key) {
        Value::Int(number) => *number,
        _ => 0,
    }
}
