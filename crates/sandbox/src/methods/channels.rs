//! `channels.*`: reading supergroups and channels.

use madeline_tl::{Value, object};

use super::history::mentioned;
use super::{Call, Outcome, int, ints};
use crate::error::{RpcError, bad_request, forbidden};
use crate::state::{Peer, PeerSet, Switch};

/// `channels.getMessages`.
pub(super) fn messages(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let channel = call
        .state
        .channels
        .get(&id)
        .ok_or_else(|| bad_request("CHANNEL_INVALID"))?;
    let find = |number: i32| channel.messages.get(&number);
    let messages = query
        .list("id")
        .unwrap_or_default()
        .iter()
        .map(|input| call.wanted_message(input, &find))
        .collect::<Result<Vec<Value>, RpcError>>()?;
    let mut mentioned = mentioned(&messages);
    mentioned.add(Peer::Channel(id));
    let nothing: Vec<Value> = Vec::new();
    Ok(object!("messages.channelMessages",
        pts: channel.pts,
        count: messages.len() as i32,
        messages: messages,
        topics: nothing,
        chats: mentioned.chats(call.state, call.user),
        users: mentioned.users(call.state, call.user),
    )
    .into())
}

/// `channels.getChannels`.
pub(super) fn channels(call: &mut Call<'_>, query: &Value) -> Outcome {
    let mut chats = Vec::new();
    for input in query.list("id").unwrap_or_default() {
        let id = call.state.existing_channel(call.user, input)?;
        chats.extend(call.state.channel_value(call.user, id));
    }
    Ok(object!("messages.chats", chats: chats).into())
}

/// `channels.getFullChannel`.
pub(super) fn full_channel(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let state = &call.state;
    let channel = state
        .channels
        .get(&id)
        .ok_or_else(|| bad_request("CHANNEL_INVALID"))?;
    let creator = channel.creator == call.user;
    let invite = channel.invite.as_ref().filter(|_| creator).map(|hash| {
        object!("chatInviteExported",
            permanent: true, link: format!("https://t.me/+{hash}"), admin_id: channel.creator, date: channel.date)
    });
    let bots: Vec<Value> = channel
        .members
        .keys()
        .filter(|member| state.is_bot(**member))
        .map(|member| object!("botInfo", user_id: *member))
        .collect();
    let mut mentioned = PeerSet::default();
    mentioned.add(Peer::Channel(id));
    mentioned.collect(&bots);
    let has = |switch| channel.switches.contains(&switch);
    let user = state.users.get(&call.user);
    let newest_first = channel.messages.values().rev();
    let pinned = newest_first
        .filter(|message| message.pinned)
        .map(|message| message.id)
        .next();
    let full = object!("channelFull",
        can_view_participants: channel.megagroup || creator,
        can_set_username: creator,
        hidden_prehistory: has(Switch::HiddenPrehistory),
        antispam: has(Switch::Antispam),
        participants_hidden: has(Switch::ParticipantsHidden),
        translations_disabled: user.is_some_and(|user| user.untranslated.contains(&Peer::Channel(id))),
        id: id,
        about: channel.about.clone(),
        participants_count: channel.members.len() as i32,
        admins_count: creator.then_some(1),
        read_inbox_max_id: channel.read.get(&call.user).copied().unwrap_or(0),
        read_outbox_max_id: 0,
        unread_count: channel.unread(call.user),
        chat_photo: object!("photoEmpty", id: 0_i64),
        notify_settings: object!("peerNotifySettings"),
        exported_invite: invite,
        bot_info: bots,
        migrated_from_chat_id: channel.migrated_from,
        migrated_from_max_id: channel.migrated_from.map(|_| 0),
        pinned_msg_id: pinned,
        available_min_id: channel.cleared.get(&call.user).copied(),
        linked_chat_id: channel.linked,
        slowmode_seconds: positive(channel.slow_mode),
        pts: channel.pts,
        ttl_period: positive(channel.ttl),
    );
    Ok(object!("messages.chatFull",
        full_chat: full,
        chats: mentioned.chats(state, call.user),
        users: mentioned.users(state, call.user),
    )
    .into())
}

/// A number where it says something.
pub(super) fn positive(number: i32) -> Option<i32> {
    Some(number).filter(|number| *number > 0)
}

/// `channels.readHistory`.
pub(super) fn read(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let (user, session, max_id) = (call.user, call.session, int(query, "max_id"));
    let channel = call
        .state
        .channels
        .get_mut(&id)
        .ok_or_else(|| bad_request("CHANNEL_INVALID"))?;
    let newest = channel
        .messages
        .keys()
        .rev()
        .find(|number| max_id == 0 || **number <= max_id)
        .copied()
        .unwrap_or(0);
    let read = channel.read.entry(user).or_insert(0);
    if newest <= *read {
        return Ok(Value::Bool(false).into());
    }
    *read = newest;
    let update = object!("updateReadChannelInbox",
        channel_id: id, max_id: newest, still_unread_count: channel.unread(user), pts: channel.pts);
    call.state.notify(user, Some(session), vec![update]);
    Ok(Value::Bool(true).into())
}

/// `channels.deleteMessages`: one's own, or anybody's for the creator.
pub(super) fn delete(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let ids = ints(query, "id");
    if ids.is_empty() {
        return Err(bad_request("MESSAGE_IDS_EMPTY"));
    }
    let channel = call
        .state
        .channels
        .get(&id)
        .ok_or_else(|| bad_request("CHANNEL_INVALID"))?;
    let foreign = |number: &i32| {
        channel
            .messages
            .get(number)
            .is_some_and(|message| message.author != call.user)
    };
    if channel.creator != call.user && ids.iter().any(foreign) {
        return Err(forbidden("MESSAGE_DELETE_FORBIDDEN"));
    }
    let (pts, count) = call.state.delete_in_channel(id, &ids, Some(call.session));
    Ok(object!("messages.affectedMessages", pts: pts, pts_count: count).into())
}
