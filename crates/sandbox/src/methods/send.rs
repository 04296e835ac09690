//! Sending: `messages.sendMessage`, `messages.forwardMessages`, `messages.setTyping`, and bots' scripted replies.

use madeline_tl::{Value, object};

use super::{Call, Outcome, int, ints};
use crate::error::{RpcError, bad_request, forbidden};
use crate::state::{Body, Draft, Forward, Peer, Switch};

/// Most messages forwarded by one call.
const FORWARDED_MAX: usize = 100;

/// `messages.sendMessage`.
pub(super) fn message(call: &mut Call<'_>, query: &Value) -> Outcome {
    let to = call.writable_peer(query.get("peer"))?;
    let body = call.body(query)?;
    if *query.get("schedule_date") != Value::Null {
        return Err(bad_request("SCHEDULE_DATE_INVALID"));
    }
    let random_id = call.fresh_random_id(query.get("random_id"))?;
    let mut draft = Draft::new(call.user, to, body, call.state.now);
    draft.reply_to = call.reply_to(to, query.get("reply_to"))?;
    draft.silent = query.flag("silent");
    draft.noforwards = query.flag("noforwards") && call.state.is_bot(call.user);
    draft.topic = call.topic(to, draft.reply_to, query.get("reply_to"))?;
    let text = draft.body.text.clone();
    let (id, own) = call.state.deliver(draft, Some(call.session));
    let mut updates = vec![object!("updateMessageID", id: id, random_id: random_id)];
    updates.extend(own);
    let result = call.state.updates_value(call.user, updates);
    if let Peer::User(bot) = to
        && bot != call.user
    {
        call.scripted_replies(bot, &text);
    }
    Ok(result.into())
}

/// `messages.forwardMessages`.
pub(super) fn forward(call: &mut Call<'_>, query: &Value) -> Outcome {
    let from = call.state.input_peer(call.user, query.get("from_peer"))?;
    let to = call.writable_peer(query.get("to_peer"))?;
    let ids = ints(query, "id");
    let random_ids = query.list("random_id").unwrap_or_default();
    if ids.is_empty() {
        return Err(bad_request("MESSAGE_IDS_EMPTY"));
    }
    if ids.len() != random_ids.len() || ids.len() > FORWARDED_MAX {
        return Err(bad_request("RANDOM_ID_INVALID"));
    }
    let topic = call.known_topic(to, int(query, "top_msg_id"))?;
    let mut drafts = Vec::new();
    for (id, random_id) in ids.into_iter().zip(random_ids) {
        let message = call
            .state
            .message(call.user, from, id)
            .filter(|message| message.body.action.is_none())
            .ok_or_else(|| bad_request("MESSAGE_ID_INVALID"))?;
        if message.noforwards || call.is_protected(from) {
            return Err(bad_request("CHAT_FORWARDS_RESTRICTED"));
        }
        let forward = message.forward.clone().unwrap_or_else(|| Forward {
            from: message.from.unwrap_or(message.peer),
            date: message.date,
            channel_post: message.from.is_none().then_some(message.id),
        });
        let body = Body {
            markup: None,
            ..message.body.clone()
        };
        let mut draft = Draft::new(call.user, to, body, call.state.now);
        draft.forward = (!query.flag("drop_author")).then_some(forward);
        draft.silent = query.flag("silent");
        draft.topic = topic;
        drafts.push((draft, random_id));
    }
    let mut updates = Vec::new();
    for (draft, random_id) in drafts {
        let random_id = call.fresh_random_id(random_id)?;
        let (id, own) = call.state.deliver(draft, Some(call.session));
        updates.push(object!("updateMessageID", id: id, random_id: random_id));
        updates.extend(own);
    }
    Ok(call.state.updates_value(call.user, updates).into())
}

/// `messages.setTyping`.
pub(super) fn typing(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.writable_peer(query.get("peer"))?;
    let action = query.get("action").clone();
    let from = Peer::User(call.user).value();
    let top = Some(int(query, "top_msg_id")).filter(|top| *top != 0);
    match peer {
        Peer::User(other) if other == call.user => {}
        Peer::User(other) => {
            let update = object!("updateUserTyping", user_id: call.user, action: action);
            call.state.notify(other, None, vec![update]);
        }
        Peer::Chat(id) => {
            let update =
                object!("updateChatUserTyping", chat_id: id, from_id: from, action: action);
            let members = call
                .state
                .chats
                .get(&id)
                .map(|chat| chat.members.keys().copied().collect());
            call.tell_others(members, &update);
        }
        Peer::Channel(id) => {
            let update = object!("updateChannelUserTyping",
                channel_id: id, top_msg_id: top, from_id: from, action: action);
            let members = call
                .state
                .channels
                .get(&id)
                .map(|channel| channel.members.keys().copied().collect());
            call.tell_others(members, &update);
        }
    }
    Ok(Value::Bool(true).into())
}

impl Call<'_> {
    /// A peer the caller may write to.
    pub(super) fn writable_peer(&self, input: &Value) -> Result<Peer, RpcError> {
        let peer = self.state.input_peer(self.user, input)?;
        match peer {
            Peer::User(other) if self.state.is_bot(self.user) && self.state.is_bot(other) => {
                Err(bad_request("USER_IS_BOT"))
            }
            Peer::Channel(id) => {
                let channel = self
                    .state
                    .channels
                    .get(&id)
                    .ok_or_else(|| bad_request("CHANNEL_INVALID"))?;
                if !channel.members.contains_key(&self.user) {
                    return Err(forbidden("CHAT_WRITE_FORBIDDEN"));
                }
                if !channel.megagroup && channel.creator != self.user {
                    return Err(forbidden("CHAT_ADMIN_REQUIRED"));
                }
                Ok(peer)
            }
            _ => Ok(peer),
        }
    }

    /// The `random_id` of a message, which no earlier one of this user may have had.
    pub(super) fn fresh_random_id(&mut self, value: &Value) -> Result<i64, RpcError> {
        let Value::Int(random_id) = value else {
            return Err(bad_request("RANDOM_ID_EMPTY"));
        };
        if *random_id == 0 {
            return Err(bad_request("RANDOM_ID_EMPTY"));
        }
        if !self.state.random_ids.insert((self.user, *random_id)) {
            return Err(RpcError::new(500, "RANDOM_ID_DUPLICATE"));
        }
        Ok(*random_id)
    }

    /// The topic of a forum that a message goes to: the one it names, or that of what it answers.
    pub(super) fn topic(
        &self,
        place: Peer,
        reply_to: Option<i32>,
        input: &Value,
    ) -> Result<Option<i32>, RpcError> {
        let named = self.known_topic(place, int(input, "top_msg_id"))?;
        let answered = reply_to.and_then(|id| {
            let message = self.state.message(self.user, place, id)?;
            message
                .topic
                .or_else(|| self.is_topic(place, id).then_some(id))
        });
        Ok(named.or(answered))
    }

    /// A topic by its number; none for the general one, and where there are no topics.
    fn known_topic(&self, place: Peer, id: i32) -> Result<Option<i32>, RpcError> {
        match id {
            0 | 1 => Ok(None),
            _ if self.is_topic(place, id) => Ok(Some(id)),
            _ => Err(bad_request("TOPIC_ID_INVALID")),
        }
    }

    fn is_topic(&self, place: Peer, id: i32) -> bool {
        match place {
            Peer::Channel(channel) => self
                .state
                .channels
                .get(&channel)
                .is_some_and(|channel| channel.topics.contains_key(&id)),
            _ => false,
        }
    }

    /// Whether what is in a group or channel may not be forwarded.
    fn is_protected(&self, place: Peer) -> bool {
        let switches = match place {
            Peer::User(_) => None,
            Peer::Chat(id) => self.state.chats.get(&id).map(|chat| &chat.switches),
            Peer::Channel(id) => self
                .state
                .channels
                .get(&id)
                .map(|channel| &channel.switches),
        };
        switches.is_some_and(|switches| switches.contains(&Switch::NoForwards))
    }

    pub(super) fn reply_to(&self, place: Peer, input: &Value) -> Result<Option<i32>, RpcError> {
        if input.name() != "inputReplyToMessage" {
            return if *input == Value::Null {
                Ok(None)
            } else {
                Err(bad_request("REPLY_TO_INVALID"))
            };
        }
        let id = int(input, "reply_to_msg_id");
        match self.state.message(self.user, place, id) {
            Some(_) => Ok(Some(id)),
            None => Err(bad_request("REPLY_MESSAGE_ID_INVALID")),
        }
    }

    /// What the world lets a bot say to a private message.
    fn scripted_replies(&mut self, bot: i64, text: &str) {
        let Some(script) = self.state.users.get(&bot).and_then(|user| user.bot()) else {
            return;
        };
        let word = text.split_whitespace().next().unwrap_or_default();
        let found = |wanted: &str| script.replies.iter().find(|(word, _)| word == wanted);
        let Some((_, contents)) = found(word).or_else(|| found("*")) else {
            return;
        };
        for content in contents.clone() {
            let body = self.state.body(&content);
            let draft = Draft::new(bot, Peer::User(self.user), body, self.state.now);
            self.state.deliver(draft, None);
        }
    }

    fn tell_others(&mut self, members: Option<Vec<i64>>, update: &Value) {
        for member in members.unwrap_or_default() {
            if member != self.user {
                self.state.notify(member, None, vec![update.clone()]);
            }
        }
    }
}
