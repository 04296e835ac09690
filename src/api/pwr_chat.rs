//! `getPwrChat()`: a peer as one flat array, with its members.

use std::collections::HashSet;
use std::rc::Rc;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::Error;
use madeline_client::info::{Participant, ParticipantFilter};
use madeline_client::peers::{PeerId, PeerKind};

use super::info::{self, peer_argument};
use super::instance::Instance;
use super::login::{ask, boxed};
use super::{INTERNAL_DOC, instance};
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::settings;
use crate::zval::sink;

/// Flat arrays of peers.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getPwrChat", pwr_chat)
        .params(&[
            Param::required(c"id", Type::MIXED),
            Param::optional(c"fullfetch", Type::BOOL, c"true"),
        ])
        .returns(Type::ARRAY),
    Method::new(c"getPropicInfo", photo)
        .params(&[Param::required(c"data", Type::MIXED)])
        .returns(Type::MIXED),
];

/// What is taken from a `user`, `chat` or `channel`, where it is there.
const OF_PEER: &[&str] = &[
    "title",
    "first_name",
    "last_name",
    "username",
    "usernames",
    "verified",
    "restricted",
    "restriction_reason",
    "scam",
    "fake",
    "premium",
    "status",
    "bot_inline_placeholder",
    "access_hash",
    "phone",
    "lang_code",
    "bot_nochats",
    "bot_chat_history",
    "creator",
    "left",
    "deactivated",
    "signatures",
    "noforwards",
    "forum",
    "migrated_to",
    "admin_rights",
    "banned_rights",
    "default_banned_rights",
    "participants_count",
    "date",
];

/// What is taken from a `userFull`, `chatFull` or `channelFull`.
const OF_FULL: &[&str] = &[
    "about",
    "bot_info",
    "blocked",
    "phone_calls_available",
    "phone_calls_private",
    "common_chats_count",
    "pinned_msg_id",
    "can_pin_message",
    "can_view_participants",
    "can_set_username",
    "can_set_stickers",
    "hidden_prehistory",
    "participants_count",
    "admins_count",
    "kicked_count",
    "banned_count",
    "online_count",
    "migrated_from_chat_id",
    "migrated_from_max_id",
    "linked_chat_id",
    "slowmode_seconds",
    "stickerset",
    "available_min_id",
    "folder_id",
    "location",
    "ttl_period",
];

/// Everything about a peer; with `fullfetch`, also what only the server knows: texts, invite links, members.
fn pwr_chat(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let id = peer_argument(frame, 0)?;
    let chat = if frame.bool(1).unwrap_or(true) {
        whole(frame, id)?
    } else {
        flat(instance(frame)?, id)?
    };
    frame.give(chat)
}

/// The photo of a peer, an object since release 8; null where it has none.
fn photo(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let id = peer_argument(frame, 0)?;
    let mut chat = flat(instance(frame)?, id)?;
    add_full(frame, id, &mut chat)?;
    let photo = chat.get("photo").map(Zval::shallow_clone);
    frame.give_zval(photo.unwrap_or_default());
    Ok(())
}

/// What the session knows of a peer in any form, as `getPwrChat()` without `fullfetch`.
pub(super) fn of(instance: &Rc<Instance>, peer: &Zval) -> Result<ZBox<ZendHashTable>, Thrown> {
    flat(instance, info::resolved(instance, peer)?.0)
}

/// As [`of`]; of somebody who is only mentioned and whom nobody knows, the id.
pub(super) fn of_mentioned(
    instance: &Rc<Instance>,
    peer: &Zval,
) -> Result<ZBox<ZendHashTable>, Thrown> {
    match (of(instance, peer), peer.long()) {
        (Err(error), Some(id)) if error.is_unknown_peer() => {
            let mut chat = ZendHashTable::with_capacity(1);
            chat.insert("id", id)?;
            Ok(chat)
        }
        (chat, _) => chat,
    }
}

fn whole(frame: &Frame<'_>, id: PeerId) -> Result<ZBox<ZendHashTable>, Thrown> {
    let instance = instance(frame)?;
    let mut chat = flat(instance, id)?;
    add_full(frame, id, &mut chat)?;
    let members = match id.kind() {
        PeerKind::Chat => {
            let client = instance.client()?;
            let full = client.stored_full_info(id)?;
            full.map(|full| client.chat_participants(&full))
        }
        PeerKind::Channel => channel_members(instance, id)?,
        PeerKind::User | PeerKind::SecretChat => None,
    };
    if let Some(members) = members {
        let mut list = ZendHashTable::new();
        for member in members {
            list.push(described(instance, member)?)?;
        }
        chat.insert("participants", list)?;
    }
    Ok(chat)
}

/// What the session knows.
fn flat(instance: &Rc<Instance>, id: PeerId) -> Result<ZBox<ZendHashTable>, Thrown> {
    let peer = info::constructor(instance, id)?;
    let peer = info::fields(&peer, id)?;
    let mut chat = ZendHashTable::new();
    chat.insert("id", id.bot_api())?;
    chat.insert("type", info::peer_type(peer))?;
    copy(peer, OF_PEER, &mut chat)?;
    Ok(chat)
}

/// What the server tells when it is asked for everything.
fn add_full(frame: &Frame<'_>, id: PeerId, chat: &mut ZendHashTable) -> Result<(), Thrown> {
    let max_age =
        settings::full_info_cache_time(&INTERNAL_DOC.read(frame.this()?, "configuration"));
    let (full, fetched) = info::everything_else(instance(frame)?, id, max_age)?;
    let Some(full) = full.array() else {
        return Ok(());
    };
    copy(full, OF_FULL, chat)?;
    for (name, key) in [
        ("profile_photo", "photo"),
        ("chat_photo", "photo"),
        ("fallback_photo", "fallback_photo"),
        ("personal_photo", "personal_photo"),
    ] {
        // An object, or an array in releases before 8.
        let photo = full.get(name).filter(|photo| {
            let table = photo.array();
            let kind = table.and_then(|photo| photo.get("_")).and_then(Zval::str);
            photo.is_object() || kind == Some("photo")
        });
        if let Some(photo) = photo {
            chat.insert(key, photo.shallow_clone())?;
        }
    }
    let invite = full.get("exported_invite").and_then(Zval::array);
    if let Some(link) = invite.and_then(|invite| invite.get("link")) {
        chat.insert("invite", link.shallow_clone())?;
    }
    chat.insert("last_update", fetched)?;
    Ok(())
}

fn copy(from: &ZendHashTable, keys: &[&str], to: &mut ZendHashTable) -> Result<(), Thrown> {
    for &key in keys {
        if let Some(value) = from.get(key) {
            to.insert(key, value.shallow_clone())?;
        }
    }
    Ok(())
}

/// The members that the own user may see; `None` where it may see none.
fn channel_members(
    instance: &Rc<Instance>,
    id: PeerId,
) -> Result<Option<Vec<Participant>>, Thrown> {
    let filters = [
        ParticipantFilter::Admins,
        ParticipantFilter::Bots,
        ParticipantFilter::Recent,
        ParticipantFilter::Everybody,
        ParticipantFilter::Kicked,
        ParticipantFilter::Banned,
    ];
    ask(instance, |client| async move {
        let mut known = HashSet::new();
        let mut members = None;
        for filter in filters {
            match client.participants(id, filter, usize::MAX).await {
                Ok(found) => members
                    .get_or_insert_with(Vec::new)
                    .extend(found.into_iter().filter(|member| known.insert(member.peer))),
                // Some lists are for administrators only.
                Err(Error::Rpc {
                    code: 400 | 403, ..
                }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(members)
    })
}

/// A member, with the peer as such an array itself.
fn described(instance: &Rc<Instance>, member: Participant) -> Result<ZBox<ZendHashTable>, Thrown> {
    let mut described = ZendHashTable::new();
    described.insert("user", named(instance, member.peer)?)?;
    for (key, by) in member.by {
        described.insert(key, named(instance, by)?)?;
    }
    if let Some(date) = member.date {
        described.insert("date", date)?;
    }
    described.insert("role", member.role)?;
    if member.can_edit {
        described.insert("can_edit", true)?;
    }
    if let Some(rank) = member.rank {
        described.insert("rank", sink::text(rank.as_bytes()))?;
    }
    if let Some((key, rights)) = member.rights {
        described.insert(key, boxed(instance, &rights)?)?;
    }
    Ok(described)
}

/// Somebody the list speaks of; whom the server did not describe is only an id.
fn named(instance: &Rc<Instance>, id: PeerId) -> Result<ZBox<ZendHashTable>, Thrown> {
    match flat(instance, id) {
        Err(error) if error.is_unknown_peer() => {
            let mut chat = ZendHashTable::new();
            chat.insert("id", id.bot_api())?;
            Ok(chat)
        }
        chat => chat,
    }
}
