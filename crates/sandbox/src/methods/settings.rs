//! What holds for a whole chat: what its creator switches on and off, slow mode, the time messages stay, translation.
//! All of it is remembered and shown; only protected content has consequences here.

use std::collections::BTreeSet;

use madeline_tl::{Value, object};

use super::{Call, Outcome, int};
use crate::error::{RpcError, bad_request};
use crate::state::{Body, Channel, Draft, Peer, Switch};

/// Seconds of slow mode that there are.
const SLOW_MODES: [i32; 7] = [0, 10, 30, 60, 300, 900, 3600];
const DAY: i32 = 86_400;

/// The `channels.toggle…` methods with `enabled`.
pub(super) fn toggle(call: &mut Call<'_>, query: &Value, switch: Switch) -> Outcome {
    let enabled = *query.get("enabled") == Value::Bool(true);
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let channel = call.administered(id)?;
    // All of these are of supergroups.
    if !channel.megagroup {
        return Err(bad_request("CHANNEL_INVALID"));
    }
    if switch == Switch::Forum && channel.linked.is_some() {
        return Err(bad_request("CHAT_DISCUSSION_UNALLOWED"));
    }
    set(&mut channel.switches, switch, enabled)?;
    Ok(call.changed(id))
}

/// `channels.toggleSignatures`.
pub(super) fn signatures(call: &mut Call<'_>, query: &Value) -> Outcome {
    let enabled = query.flag("signatures_enabled");
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let channel = call.administered(id)?;
    if channel.megagroup {
        return Err(bad_request("CHANNEL_INVALID"));
    }
    set(&mut channel.switches, Switch::Signatures, enabled)?;
    Ok(call.changed(id))
}

/// `channels.toggleSlowMode`.
pub(super) fn slow_mode(call: &mut Call<'_>, query: &Value) -> Outcome {
    let seconds = int(query, "seconds");
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let channel = call.administered(id)?;
    if !channel.megagroup {
        return Err(bad_request("CHANNEL_INVALID"));
    }
    if !SLOW_MODES.contains(&seconds) {
        return Err(bad_request("SECONDS_INVALID"));
    }
    if channel.slow_mode == seconds {
        return Err(bad_request("CHAT_NOT_MODIFIED"));
    }
    channel.slow_mode = seconds;
    Ok(call.changed(id))
}

/// `messages.toggleNoForwards`: content that may not be forwarded.
pub(super) fn no_forwards(call: &mut Call<'_>, query: &Value) -> Outcome {
    let enabled = *query.get("enabled") == Value::Bool(true);
    match call.state.input_peer(call.user, query.get("peer"))? {
        Peer::User(_) => Err(bad_request("PEER_ID_INVALID")),
        Peer::Chat(id) => {
            let user = call.user;
            let chat = call
                .state
                .chats
                .get_mut(&id)
                .filter(|chat| chat.creator == user)
                .ok_or_else(|| bad_request("CHAT_ADMIN_REQUIRED"))?;
            set(&mut chat.switches, Switch::NoForwards, enabled)?;
            let updates = vec![object!("updateChat", chat_id: id)];
            Ok(call.state.updates_value(call.user, updates).into())
        }
        Peer::Channel(id) => {
            let switches = &mut call.administered(id)?.switches;
            set(switches, Switch::NoForwards, enabled)?;
            Ok(call.changed(id))
        }
    }
}

/// `messages.setHistoryTTL`. Days, as Telegram has it; no message goes because of it.
pub(super) fn history_ttl(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.writable_peer(query.get("peer"))?;
    let period = int(query, "period");
    if period % DAY != 0 || !(0..=365 * DAY).contains(&period) {
        return Err(bad_request("TTL_PERIOD_INVALID"));
    }
    let user = call.user;
    let place = match peer {
        Peer::User(other) => call
            .state
            .private_ttl
            .entry((user.min(other), user.max(other)))
            .or_default(),
        Peer::Chat(id) => match call.state.chats.get_mut(&id) {
            Some(chat) if chat.creator == user => &mut chat.ttl,
            _ => return Err(bad_request("CHAT_ADMIN_REQUIRED")),
        },
        Peer::Channel(id) => &mut call.administered(id)?.ttl,
    };
    if *place == period {
        return Err(bad_request("CHAT_NOT_MODIFIED"));
    }
    *place = period;
    call.state.private_ttl.retain(|_, period| *period > 0);
    let action = object!("messageActionSetMessagesTTL", period: period);
    Ok(call.announced(peer, action, None))
}

/// `messages.togglePeerTranslations`.
pub(super) fn translations(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.state.input_peer(call.user, query.get("peer"))?;
    if let Some(user) = call.state.users.get_mut(&call.user) {
        if query.flag("disabled") {
            user.untranslated.insert(peer);
        } else {
            user.untranslated.remove(&peer);
        }
    }
    Ok(Value::Bool(true).into())
}

/// `messages.sendScreenshotNotification`.
pub(super) fn screenshot(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.writable_peer(query.get("peer"))?;
    if !matches!(peer, Peer::User(_)) {
        return Err(bad_request("PEER_ID_INVALID"));
    }
    call.fresh_random_id(query.get("random_id"))?;
    Ok(call.announced(peer, object!("messageActionScreenshotTaken"), None))
}

fn set(switches: &mut BTreeSet<Switch>, switch: Switch, on: bool) -> Result<(), RpcError> {
    let is_new = if on {
        switches.insert(switch)
    } else {
        switches.remove(&switch)
    };
    is_new
        .then_some(())
        .ok_or_else(|| bad_request("CHAT_NOT_MODIFIED"))
}

impl Call<'_> {
    /// A channel whose administrator the caller is.
    pub(super) fn administered(&mut self, id: i64) -> Result<&mut Channel, RpcError> {
        let user = self.user;
        self.state
            .channels
            .get_mut(&id)
            .filter(|channel| channel.creator == user)
            .ok_or_else(|| bad_request("CHAT_ADMIN_REQUIRED"))
    }

    /// The result of what changes how a channel is.
    pub(super) fn changed(&mut self, id: i64) -> super::Answer {
        let updates = vec![object!("updateChannel", channel_id: id)];
        let members: Vec<i64> = self
            .state
            .channels
            .get(&id)
            .map(|channel| channel.members.keys().copied().collect())
            .unwrap_or_default();
        for member in members {
            self.state
                .notify(member, Some(self.session), updates.clone());
        }
        self.state.updates_value(self.user, updates).into()
    }

    /// The result of what a service message tells.
    pub(super) fn announced(
        &mut self,
        peer: Peer,
        action: Value,
        topic: Option<i32>,
    ) -> super::Answer {
        let mut draft = Draft::new(self.user, peer, Body::action(action), self.state.now);
        draft.topic = topic;
        let (_, updates) = self.state.deliver(draft, Some(self.session));
        self.state.updates_value(self.user, updates).into()
    }
}
