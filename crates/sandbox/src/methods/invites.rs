//! Joining and leaving: invite links, `channels.joinChannel`, `channels.leaveChannel`.

use madeline_tl::{Value, object};

use super::{Call, Outcome, text};
use crate::error::{RpcError, bad_request};
use crate::state::{Body, Draft, Peer};

/// `messages.checkChatInvite`.
pub(super) fn check(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.invited_to(query)?;
    let state = &call.state;
    if call.is_in(peer) {
        let chat = match peer {
            Peer::Channel(id) => state.channel_value(call.user, id),
            Peer::Chat(id) | Peer::User(id) => state.chat_value(call.user, id),
        };
        let chat = chat.ok_or_else(|| bad_request("INVITE_HASH_INVALID"))?;
        return Ok(object!("chatInviteAlready", chat: chat).into());
    }
    let photo = object!("photoEmpty", id: 0_i64);
    let described = |about: &String| (!about.is_empty()).then(|| about.clone());
    let invite = match peer {
        Peer::Channel(id) => state.channels.get(&id).map(|channel| {
            object!("chatInvite",
                channel: true,
                broadcast: !channel.megagroup,
                public: channel.username.is_some(),
                megagroup: channel.megagroup,
                title: channel.title.clone(),
                about: described(&channel.about),
                photo: photo.clone(),
                participants_count: channel.members.len() as i32,
                color: 0,
            )
        }),
        Peer::Chat(id) | Peer::User(id) => state.chats.get(&id).map(|chat| {
            object!("chatInvite",
                title: chat.title.clone(),
                about: described(&chat.about),
                photo: photo.clone(),
                participants_count: chat.members.len() as i32,
                color: 0,
            )
        }),
    };
    invite
        .map(Into::into)
        .ok_or_else(|| bad_request("INVITE_HASH_INVALID"))
}

/// `messages.importChatInvite`.
pub(super) fn import(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.invited_to(query)?;
    if call.is_in(peer) {
        return Err(bad_request("USER_ALREADY_PARTICIPANT"));
    }
    let updates = match peer {
        Peer::Channel(id) => call.enter_channel(id),
        Peer::Chat(id) | Peer::User(id) => call.enter_chat(id),
    };
    Ok(call.joined(updates))
}

/// `channels.joinChannel`.
pub(super) fn join_channel(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let updates = if call.state.is_member(call.user, id) {
        Vec::new()
    } else {
        call.enter_channel(id)
    };
    Ok(call.joined(updates))
}

/// `channels.leaveChannel`.
pub(super) fn leave_channel(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let user = call.user;
    let channel = call
        .state
        .channels
        .get_mut(&id)
        .ok_or_else(|| bad_request("CHANNEL_INVALID"))?;
    if channel.creator == user {
        return Err(bad_request("USER_CREATOR"));
    }
    if channel.members.remove(&user).is_none() {
        return Err(bad_request("USER_NOT_PARTICIPANT"));
    }
    let updates = vec![object!("updateChannel", channel_id: id)];
    call.state.notify(user, Some(call.session), updates.clone());
    Ok(call.state.updates_value(user, updates).into())
}

impl Call<'_> {
    /// The group of an invite link's hash.
    fn invited_to(&self, query: &Value) -> Result<Peer, RpcError> {
        let hash = text(query, "hash")?;
        if hash.is_empty() {
            return Err(bad_request("INVITE_HASH_EMPTY"));
        }
        let peer = self
            .state
            .invites
            .get(hash)
            .copied()
            .ok_or_else(|| bad_request("INVITE_HASH_INVALID"))?;
        let barred = match peer {
            Peer::Channel(id) => self.state.channels.get(&id).is_none_or(|channel| {
                channel.deleted || channel.is_banned(self.user, self.state.now)
            }),
            _ => false,
        };
        if barred {
            Err(bad_request("INVITE_HASH_EXPIRED"))
        } else {
            Ok(peer)
        }
    }

    fn is_in(&self, peer: Peer) -> bool {
        match peer {
            Peer::Channel(id) => self.state.is_member(self.user, id),
            Peer::Chat(id) => self
                .state
                .chats
                .get(&id)
                .is_some_and(|chat| chat.members.contains_key(&self.user)),
            Peer::User(_) => false,
        }
    }

    fn joined(&self, updates: Vec<Value>) -> super::Answer {
        let updates = self.state.updates_value(self.user, updates);
        object!("messages.chatInviteJoinResultOk", updates: updates).into()
    }

    fn enter_channel(&mut self, id: i64) -> Vec<Value> {
        let now = self.state.now;
        let Some(channel) = self.state.channels.get_mut(&id) else {
            return Vec::new();
        };
        channel.members.insert(self.user, now);
        let newest = channel.messages.keys().next_back().copied().unwrap_or(0);
        channel.read.insert(self.user, newest);
        let mut updates = vec![object!("updateChannel", channel_id: id)];
        self.state
            .notify(self.user, Some(self.session), updates.clone());
        if self
            .state
            .channels
            .get(&id)
            .is_some_and(|channel| channel.megagroup)
        {
            let users = vec![Value::from(self.user)];
            let body = Body::action(object!("messageActionChatAddUser", users: users));
            let draft = Draft::new(self.user, Peer::Channel(id), body, now);
            updates.extend(self.state.deliver(draft, Some(self.session)).1);
        }
        updates
    }

    fn enter_chat(&mut self, id: i64) -> Vec<Value> {
        let now = self.state.now;
        let Some(chat) = self.state.chats.get_mut(&id) else {
            return Vec::new();
        };
        chat.members.insert(self.user, now);
        chat.version += 1;
        let body = Body::action(object!("messageActionChatJoinedByLink", inviter_id: chat.creator));
        let members: Vec<i64> = chat.members.keys().copied().collect();
        let draft = Draft::new(self.user, Peer::Chat(id), body, now);
        let (_, mut updates) = self.state.deliver(draft, Some(self.session));
        if let Some(participants) = self.state.participants(id) {
            let update = object!("updateChatParticipants", participants: participants);
            for member in members {
                self.state
                    .notify(member, Some(self.session), vec![update.clone()]);
            }
            updates.insert(0, update);
        }
        updates
    }
}
