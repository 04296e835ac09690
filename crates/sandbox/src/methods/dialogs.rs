//! Lists of chats: `messages.getDialogs`, `messages.getPeerDialogs`, `messages.getChats`, `messages.getFullChat`.

use madeline_tl::{Value, object};

use super::channels::positive;
use super::history::mentioned;
use super::{Call, Outcome, int};
use crate::error::bad_request;
use crate::state::{Message, Peer, PeerSet};

/// Most dialogs in one answer.
const LIMIT: usize = 100;

/// `messages.getDialogs`.
pub(super) fn dialogs(call: &mut Call<'_>, query: &Value) -> Outcome {
    let folder = int(query, "folder_id");
    if !(0..=1).contains(&folder) {
        return Err(bad_request("FOLDER_ID_INVALID"));
    }
    let mut all = if folder == 0 {
        call.all_dialogs()
    } else {
        Vec::new()
    };
    all.sort_by_key(|(peer, top)| std::cmp::Reverse((top.date, top.id, *peer)));
    let (date, id) = (int(query, "offset_date"), int(query, "offset_id"));
    let start = if date == 0 && id == 0 {
        0
    } else {
        let is_older = |top: &Message| {
            if date > 0 {
                (top.date, top.id) < (date, id)
            } else {
                top.id < id
            }
        };
        all.iter()
            .position(|(_, top)| is_older(top))
            .unwrap_or(all.len())
    };
    let limit = usize::try_from(int(query, "limit"))
        .unwrap_or(0)
        .clamp(1, LIMIT);
    let part: Vec<(Peer, &Message)> = all.iter().skip(start).take(limit).copied().collect();
    let count = all.len() as i32;
    let (dialogs, messages, mentioned) = call.dialog_values(&part);
    let (users, chats) = (
        mentioned.users(call.state, call.user),
        mentioned.chats(call.state, call.user),
    );
    if part.len() == all.len() {
        return Ok(object!("messages.dialogs", dialogs: dialogs, messages: messages, chats: chats, users: users).into());
    }
    Ok(object!("messages.dialogsSlice",
        count: count, dialogs: dialogs, messages: messages, chats: chats, users: users)
    .into())
}

/// `messages.getPeerDialogs`.
pub(super) fn peer_dialogs(call: &mut Call<'_>, query: &Value) -> Outcome {
    let mut wanted = Vec::new();
    for input in query.list("peers").unwrap_or_default() {
        if input.name() != "inputDialogPeer" {
            return Err(bad_request("FOLDER_ID_INVALID"));
        }
        wanted.push(call.state.input_peer(call.user, input.get("peer"))?);
    }
    let part: Vec<(Peer, &Message)> = call
        .all_dialogs()
        .into_iter()
        .filter(|(peer, _)| wanted.contains(peer))
        .collect();
    let (dialogs, messages, mentioned) = call.dialog_values(&part);
    Ok(object!("messages.peerDialogs",
        dialogs: dialogs,
        messages: messages,
        chats: mentioned.chats(call.state, call.user),
        users: mentioned.users(call.state, call.user),
        state: call.state.state_value(call.user),
    )
    .into())
}

/// `messages.getChats`: basic groups the caller is in.
pub(super) fn chats(call: &mut Call<'_>, query: &Value) -> Outcome {
    let mut chats = Vec::new();
    for id in query.list("id").unwrap_or_default() {
        let Value::Int(id) = id else { continue };
        let is_member = call
            .state
            .chats
            .get(id)
            .is_some_and(|chat| chat.members.contains_key(&call.user));
        if !is_member {
            return Err(bad_request("CHAT_ID_INVALID"));
        }
        chats.extend(call.state.chat_value(call.user, *id));
    }
    Ok(object!("messages.chats", chats: chats).into())
}

/// `messages.getFullChat`.
pub(super) fn full_chat(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = query.int("chat_id").unwrap_or(0);
    let state = &call.state;
    let chat = state
        .chats
        .get(&id)
        .filter(|chat| chat.members.contains_key(&call.user))
        .ok_or_else(|| bad_request("CHAT_ID_INVALID"))?;
    let participants = state.participants(id).unwrap_or(Value::Null);
    let mut mentioned = PeerSet::default();
    mentioned.add(Peer::Chat(id));
    mentioned.collect(std::slice::from_ref(&participants));
    let bots: Vec<Value> = chat
        .members
        .keys()
        .filter(|member| state.is_bot(**member))
        .map(|member| object!("botInfo", user_id: *member))
        .collect();
    let invite = chat.invite.as_ref().filter(|_| chat.creator == call.user).map(|hash| {
        object!("chatInviteExported",
            permanent: true, link: format!("https://t.me/+{hash}"), admin_id: chat.creator, date: chat.date)
    });
    let user = state.users.get(&call.user);
    let full = object!("chatFull",
        can_set_username: chat.creator == call.user,
        translations_disabled: user.is_some_and(|user| user.untranslated.contains(&Peer::Chat(id))),
        ttl_period: positive(chat.ttl),
        id: id,
        about: chat.about.clone(),
        participants: participants,
        notify_settings: object!("peerNotifySettings"),
        exported_invite: invite,
        bot_info: (!bots.is_empty()).then_some(bots),
    );
    Ok(object!("messages.chatFull",
        full_chat: full,
        chats: mentioned.chats(state, call.user),
        users: mentioned.users(state, call.user),
    )
    .into())
}

impl Call<'_> {
    /// Every chat with a message in it, with the newest.
    fn all_dialogs(&self) -> Vec<(Peer, &Message)> {
        let mailbox = self.state.users.get(&self.user).map(|user| &user.mailbox);
        let private = mailbox.into_iter().flat_map(|mailbox| {
            mailbox
                .dialogs()
                .filter_map(move |peer| Some((peer, mailbox.of(peer).next_back()?)))
        });
        let channels = self.state.channels.iter().filter_map(|(id, channel)| {
            channel.members.get(&self.user)?;
            Some((Peer::Channel(*id), channel.messages.values().next_back()?))
        });
        private.chain(channels).collect()
    }

    fn dialog_values(&self, part: &[(Peer, &Message)]) -> (Vec<Value>, Vec<Value>, PeerSet) {
        let mut dialogs = Vec::new();
        let mut messages = Vec::new();
        for (peer, top) in part {
            dialogs.push(self.dialog(*peer, top.id));
            messages.push(top.value(self.user));
        }
        let mut mentioned = mentioned(&messages);
        for (peer, _) in part {
            mentioned.add(*peer);
        }
        (dialogs, messages, mentioned)
    }

    fn dialog(&self, peer: Peer, top_message: i32) -> Value {
        let (read_inbox, read_outbox, unread, pts) = match peer {
            Peer::Channel(id) => self
                .state
                .channels
                .get(&id)
                .map_or((0, 0, 0, None), |channel| {
                    let read = channel.read.get(&self.user).copied().unwrap_or(0);
                    (read, 0, channel.unread(self.user), Some(channel.pts))
                }),
            _ => self
                .state
                .users
                .get(&self.user)
                .map_or((0, 0, 0, None), |user| {
                    let read = user.mailbox.dialog(peer);
                    (
                        read.read_inbox,
                        read.read_outbox,
                        user.mailbox.unread(self.user, peer),
                        None,
                    )
                }),
        };
        object!("dialog",
            peer: peer.value(),
            top_message: top_message,
            read_inbox_max_id: read_inbox,
            read_outbox_max_id: read_outbox,
            unread_count: unread,
            unread_mentions_count: 0,
            unread_reactions_count: 0,
            unread_poll_votes_count: 0,
            notify_settings: object!("peerNotifySettings"),
            pts: pts,
        )
    }
}
