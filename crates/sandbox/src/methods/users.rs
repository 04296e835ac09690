//! `users.*` and `contacts.*`: finding people.

use madeline_tl::{Value, object};

use super::channels::positive;
use super::{Call, Outcome, text};
use crate::error::bad_request;
use crate::state::{Kind, Peer, PeerSet};
use crate::world::check::{digits, is_username};

/// `users.getUsers`: those that exist and whose hash is right, in the order asked for.
pub(super) fn users(call: &mut Call<'_>, query: &Value) -> Outcome {
    let inputs = query.list("id").unwrap_or_default();
    let users: Vec<Value> = inputs
        .iter()
        .filter_map(|input| call.state.input_user(call.user, input).ok())
        .filter_map(|id| call.state.user_value(call.user, id))
        .collect();
    Ok(Value::List(users).into())
}

/// `users.getFullUser`.
pub(super) fn full_user(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_user(call.user, query.get("id"))?;
    let state = &call.state;
    let user = state
        .users
        .get(&id)
        .ok_or_else(|| bad_request("USER_ID_INVALID"))?;
    let common = state.chats.values().filter(|chat| {
        id != call.user && chat.members.contains_key(&id) && chat.members.contains_key(&call.user)
    });
    let bot_info = user
        .bot()
        .map(|_| object!("botInfo", user_id: id, description: user.about.clone()));
    let own = state.users.get(&call.user);
    let full = object!("userFull",
        blocked: own.is_some_and(|own| own.blocked.contains(&id)),
        can_pin_message: true,
        translations_disabled: own.is_some_and(|own| own.untranslated.contains(&Peer::User(id))),
        ttl_period: state.private_ttl.get(&(call.user.min(id), call.user.max(id))).copied().and_then(positive),
        id: id,
        about: user.about.clone().filter(|_| user.bot().is_none()),
        settings: object!("peerSettings"),
        notify_settings: object!("peerNotifySettings"),
        bot_info: bot_info,
        profile_photo: user.photos.last().and_then(|id| state.files.photo(*id, state.now)),
        common_chats_count: common.count() as i32,
    );
    let nothing: Vec<Value> = Vec::new();
    let users: Vec<Value> = state.user_value(call.user, id).into_iter().collect();
    Ok(object!("users.userFull", full_user: full, chats: nothing, users: users).into())
}

/// `contacts.resolveUsername`; the name comes without `@`.
pub(super) fn resolve_username(call: &mut Call<'_>, query: &Value) -> Outcome {
    let username = text(query, "username")?;
    if username.is_empty() {
        return Err(bad_request("USERNAME_NOT_OCCUPIED"));
    }
    if !is_username(username) {
        return Err(bad_request("USERNAME_INVALID"));
    }
    let peer = call
        .state
        .usernames
        .get(&username.to_ascii_lowercase())
        .copied();
    call.resolved(peer.ok_or_else(|| bad_request("USERNAME_NOT_OCCUPIED"))?)
}

/// `contacts.resolvePhone`.
pub(super) fn resolve_phone(call: &mut Call<'_>, query: &Value) -> Outcome {
    let phone = digits(text(query, "phone")?);
    let id = call
        .state
        .phones
        .get(&phone)
        .copied()
        .ok_or_else(|| bad_request("PHONE_NOT_OCCUPIED"))?;
    call.resolved(Peer::User(id))
}

/// `contacts.getContacts`.
pub(super) fn contacts(call: &mut Call<'_>, _: &Value) -> Outcome {
    let state = &call.state;
    let friends = match state.users.get(&call.user).map(|user| &user.kind) {
        Some(Kind::Person { contacts, .. }) => contacts.clone(),
        _ => std::collections::BTreeSet::new(),
    };
    let is_mutual = |id: &i64| match state.users.get(id).map(|user| &user.kind) {
        Some(Kind::Person { contacts, .. }) => contacts.contains(&call.user),
        _ => false,
    };
    let contacts: Vec<Value> = friends
        .iter()
        .map(|id| object!("contact", user_id: *id, mutual: Value::Bool(is_mutual(id))))
        .collect();
    let users: Vec<Value> = friends
        .iter()
        .filter_map(|id| state.user_value(call.user, *id))
        .collect();
    Ok(object!("contacts.contacts", contacts: contacts, saved_count: friends.len() as i32, users: users).into())
}

impl Call<'_> {
    fn resolved(&self, peer: Peer) -> Outcome {
        let mut mentioned = PeerSet::default();
        mentioned.add(peer);
        Ok(object!("contacts.resolvedPeer",
            peer: peer.value(),
            chats: mentioned.chats(self.state, self.user),
            users: mentioned.users(self.state, self.user),
        )
        .into())
    }
}
