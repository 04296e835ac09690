//! Who is in a group, and what stays of what they wrote: bans, invitations, deleted histories, groups that become supergroups.

use std::collections::BTreeMap;

use madeline_tl::{Value, object};

use super::{Call, Outcome, int};
use crate::error::{bad_request, forbidden};
use crate::state::{Body, Draft, Peer};

/// A ban that ends sooner or later than that has no end.
const SHORTEST_BAN: i32 = 30;
const LONGEST_BAN: i32 = 366 * 86_400;

/// `channels.editBanned`: banning and lifting a ban; rights in between are `BANNED_RIGHTS_INVALID`.
pub(super) fn edit_banned(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let Ok(Peer::User(user)) = call.state.input_peer(call.user, query.get("participant")) else {
        return Err(bad_request("PARTICIPANT_ID_INVALID"));
    };
    let rights = query.get("banned_rights");
    let until = int(rights, "until_date");
    let is_restricted = rights.flag("send_messages") || rights.flag("send_media");
    let now = call.state.now;
    let channel = call.administered(id)?;
    if user == channel.creator {
        return Err(bad_request("USER_ADMIN_INVALID"));
    }
    if rights.flag("view_messages") {
        let lasts = until.saturating_sub(now);
        let until = if (SHORTEST_BAN..=LONGEST_BAN).contains(&lasts) {
            until
        } else {
            i32::MAX
        };
        channel.members.remove(&user);
        channel.banned.insert(user, until);
        let update = object!("updateChannel", channel_id: id);
        call.state.notify(user, None, vec![update]);
    } else if is_restricted {
        return Err(bad_request("BANNED_RIGHTS_INVALID"));
    } else {
        channel.banned.remove(&user);
    }
    Ok(call.changed(id))
}

/// `channels.inviteToChannel`: by its creator, into supergroups also by members.
pub(super) fn invite(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let mut guests = Vec::new();
    for input in query.list("users").unwrap_or_default() {
        guests.push(call.state.input_user(call.user, input)?);
    }
    if guests.is_empty() {
        return Err(bad_request("USERS_TOO_FEW"));
    }
    let bot = guests.iter().any(|user| call.state.is_bot(*user));
    let (host, now) = (call.user, call.state.now);
    let channel = call
        .state
        .channels
        .get_mut(&id)
        .ok_or_else(|| bad_request("CHANNEL_INVALID"))?;
    let may = channel.creator == host || channel.megagroup && channel.members.contains_key(&host);
    if !may {
        return Err(bad_request("CHAT_ADMIN_REQUIRED"));
    }
    if bot && !channel.megagroup {
        return Err(bad_request("USER_BOT"));
    }
    if guests.iter().any(|user| channel.is_banned(*user, now)) {
        return Err(bad_request("USER_KICKED"));
    }
    if guests.iter().all(|user| channel.members.contains_key(user)) {
        return Err(bad_request("USER_ALREADY_PARTICIPANT"));
    }
    guests.retain(|user| channel.members.insert(*user, now).is_none());
    let mut updates = vec![object!("updateChannel", channel_id: id)];
    if channel.megagroup {
        let users: Vec<Value> = guests.iter().map(|user| Value::from(*user)).collect();
        let body = Body::action(object!("messageActionChatAddUser", users: users));
        let draft = Draft::new(host, Peer::Channel(id), body, now);
        updates.extend(call.state.deliver(draft, Some(call.session)).1);
    }
    let nothing: Vec<Value> = Vec::new();
    let updates = call.state.updates_value(call.user, updates);
    Ok(object!("messages.invitedUsers", updates: updates, missing_invitees: nothing).into())
}

/// `channels.deleteHistory`: for everyone by the creator of the group, for oneself by everybody.
pub(super) fn delete_history(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let max_id = match int(query, "max_id") {
        0 => i32::MAX - 1,
        max_id => max_id,
    };
    if query.flag("for_everyone") {
        let channel = call.administered(id)?;
        let ids: Vec<i32> = channel
            .messages
            .range(..=max_id)
            .map(|(id, _)| *id)
            .collect();
        call.state.delete_in_channel(id, &ids, Some(call.session));
        return Ok(call.changed(id));
    }
    let user = call.user;
    let channel = call
        .state
        .channels
        .get_mut(&id)
        .filter(|channel| channel.members.contains_key(&user))
        .ok_or_else(|| forbidden("CHAT_WRITE_FORBIDDEN"))?;
    let newest = channel
        .messages
        .range(..=max_id)
        .next_back()
        .map_or(0, |(id, _)| *id);
    channel.cleared.insert(user, newest);
    let update =
        object!("updateChannelAvailableMessages", channel_id: id, available_min_id: newest);
    Ok(call.state.updates_value(user, vec![update]).into())
}

/// `channels.deleteParticipantHistory`.
pub(super) fn delete_participant_history(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let sender = call
        .state
        .input_peer(call.user, query.get("participant"))
        .map_err(|_| bad_request("PARTICIPANT_ID_INVALID"))?;
    let channel = call.administered(id)?;
    let ids: Vec<i32> = channel
        .messages
        .values()
        .filter(|message| message.from == Some(sender))
        .map(|message| message.id)
        .collect();
    let (pts, count) = call.state.delete_in_channel(id, &ids, Some(call.session));
    Ok(object!("messages.affectedHistory", pts: pts, pts_count: count, offset: 0).into())
}

/// `messages.migrateChat`: a basic group becomes a supergroup, with its members and without its messages.
pub(super) fn migrate(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = query.int("chat_id").unwrap_or(0);
    let (user, now) = (call.user, call.state.now);
    let chat = call
        .state
        .chats
        .get(&id)
        .filter(|chat| chat.members.contains_key(&user) && chat.migrated_to.is_none())
        .ok_or_else(|| bad_request("CHAT_ID_INVALID"))?;
    if chat.creator != user {
        return Err(bad_request("CHAT_ADMIN_REQUIRED"));
    }
    let (title, about, members) = (
        chat.title.clone(),
        chat.about.clone(),
        chat.members
            .keys()
            .map(|member| (*member, now))
            .collect::<BTreeMap<i64, i32>>(),
    );
    let to = call
        .state
        .found_supergroup(title.clone(), about, user, members);
    if let Some(channel) = call.state.channels.get_mut(&to) {
        channel.migrated_from = Some(id);
    }
    let action = Body::action(object!("messageActionChatMigrateTo", channel_id: to));
    let draft = Draft::new(user, Peer::Chat(id), action, now);
    let (_, told) = call.state.deliver(draft, Some(call.session));
    if let Some(chat) = call.state.chats.get_mut(&id) {
        chat.migrated_to = Some(to);
    }
    let action = object!("messageActionChannelMigrateFrom", title: title, chat_id: id);
    let draft = Draft::new(user, Peer::Channel(to), Body::action(action), now);
    let (_, began) = call.state.deliver(draft, Some(call.session));
    let mut updates = vec![object!("updateChannel", channel_id: to)];
    updates.extend(told);
    updates.extend(began);
    Ok(call.state.updates_value(user, updates).into())
}
