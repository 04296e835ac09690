//! What the API object tells about itself and about peers, and what can be called.

use std::rc::Rc;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::{PeerId, PeerKind};
use madeline_tl::{Decoder, Ty, boxed_from_bytes};

use super::instance;
use super::instance::Instance;
use super::login::{ask, boxed};
use crate::call::{self, Form};
use crate::class::Frame;
use crate::exceptions::Thrown;
use crate::zval::ZvalSink;

/// The own user as last seen; false when nobody is logged in.
pub(super) fn own_user(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    match instance.client()?.self_user() {
        Some(user) => {
            frame.give_zval(boxed(instance, &user)?);
            Ok(())
        }
        None => frame.give(false),
    }
}

/// The own user, asked from the server; false when nobody is logged in.
pub(super) fn fetch_own_user(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    match ask(
        instance,
        |client| async move { client.full_get_self().await },
    )? {
        Some(user) => {
            frame.give_zval(boxed(instance, &user)?);
            Ok(())
        }
        None => frame.give(false),
    }
}

/// Whether a bot is logged in; false when nobody is.
pub(super) fn is_bot(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let bot = own_flag(frame, "bot")?;
    frame.give(bot == Some(true))
}

/// Whether a user is logged in; false when nobody is.
pub(super) fn is_user(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let bot = own_flag(frame, "bot")?;
    frame.give(bot == Some(false))
}

/// Whether the own user has Telegram Premium; false when nobody is logged in.
pub(super) fn is_premium(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let premium = own_flag(frame, "premium")?;
    frame.give(premium == Some(true))
}

/// Whether the session is on Telegram's test servers.
pub(super) fn is_test_mode(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let test = instance(frame)?.config().test_mode;
    frame.give(test)
}

/// A flag of the own user; `None` when nobody is logged in.
fn own_flag(frame: &Frame<'_>, flag: &str) -> Result<Option<bool>, Thrown> {
    let instance = instance(frame)?;
    let Some(user) = instance.client()?.self_user() else {
        return Ok(None);
    };
    let user = boxed(instance, &user)?;
    let flag = user
        .array()
        .and_then(|user| user.get(flag))
        .and_then(Zval::bool);
    Ok(Some(flag.unwrap_or_default()))
}

/// The bot API's number of a peer in any form; an int is returned as it is.
pub(super) fn id(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(given) = frame.arg(0) else {
        return Ok(());
    };
    if let Some(number) = given.long().or_else(|| bare_peer(given.array()?)) {
        return frame.give(number);
    }
    let (id, _) = resolved(instance(frame)?, given)?;
    frame.give(id.bot_api())
}

/// What is known about a peer: which part of it, `API::INFO_TYPE_…` says.
pub(super) fn info(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(given) = frame.arg(0) else {
        return Ok(());
    };
    let instance = instance(frame)?;
    let (id, input) = resolved(instance, given)?;
    let value = match frame.int(1).unwrap_or(super::INFO_TYPE_ALL) {
        0 => with_min(decoded(instance, &input)?)?,
        1 => with_min(input_constructor(instance, id, &input)?)?,
        2 => return frame.give(id.bot_api()),
        4 => {
            let peer = constructor(instance, id)?;
            return frame.give(usernames(peer.array().ok_or(Thrown::PeerNotInDb)?)?);
        }
        5 => {
            let peer = constructor(instance, id)?;
            return frame.give(peer_type(peer.array().ok_or(Thrown::PeerNotInDb)?));
        }
        _ => return all(frame, instance, id),
    };
    frame.give_zval(value);
    Ok(())
}

fn all(frame: &mut Frame<'_>, instance: &Rc<Instance>, id: PeerId) -> Result<(), Thrown> {
    let peer = constructor(instance, id)?;
    let ty = peer_type(peer.array().ok_or(Thrown::PeerNotInDb)?);
    let mut info = ZendHashTable::with_capacity(4);
    let (part, key) = match id.kind() {
        PeerKind::User => ("User", "user_id"),
        PeerKind::Chat => ("Chat", "chat_id"),
        _ => ("Chat", "channel_id"),
    };
    info.insert(part, peer)?;
    info.insert(key, id.bot_api())?;
    info.insert("bot_api_id", id.bot_api())?;
    info.insert("type", ty)?;
    frame.give(info)
}

/// Who a value means, and the serialized `InputPeer` to address them.
fn resolved(instance: &Rc<Instance>, given: &Zval) -> Result<(PeerId, Vec<u8>), Thrown> {
    let client = instance.client()?;
    let ty = instance
        .schema()
        .ty("InputPeer")
        .ok_or(Thrown::PeerNotInDb)?;
    let input = call::encode(instance, &client, Form::Value(ty), given)?;
    let peer = boxed_from_bytes(instance.schema(), &input)
        .map_err(|error| Thrown::Tl(error.to_string()))?;
    let number = |name: &str| peer.int(name).ok();
    let id = match peer.name() {
        "inputPeerSelf" => call::own_id(&client),
        _ => number("user_id")
            .and_then(PeerId::user)
            .or_else(|| number("chat_id").and_then(PeerId::chat))
            .or_else(|| number("channel_id").and_then(PeerId::channel)),
    };
    Ok((id.ok_or(Thrown::PeerNotInDb)?, input))
}

/// The number of a `Peer` array, which needs no look-up.
fn bare_peer(given: &ZendHashTable) -> Option<i64> {
    given
        .get("_")
        .and_then(Zval::str)
        .filter(|name| name.starts_with("peer"))?;
    call::peer_number(given)
}

/// The `user`, `chat` or `channel` as the server sent it last, with its access hash.
fn constructor(instance: &Rc<Instance>, id: PeerId) -> Result<Zval, Thrown> {
    let stored = instance
        .client()?
        .peers()
        .constructor(id)?
        .ok_or(Thrown::PeerNotInDb)?;
    decoded(instance, &stored.bytes)
}

fn decoded(instance: &Instance, bytes: &[u8]) -> Result<Zval, Thrown> {
    let mut sink = ZvalSink::new(instance.keys(), None);
    Decoder::new(instance.schema(), instance.shape())
        .keep_access_hashes(true)
        .decode(Ty::Object, bytes, &mut sink)
        .map(|(value, _)| value.into_zval())
        .map_err(|error| Thrown::Tl(error.to_string()))
}

/// `inputUser` or `inputChannel`; of a basic group, which has neither, its `InputPeer`.
fn input_constructor(instance: &Rc<Instance>, id: PeerId, input: &[u8]) -> Result<Zval, Thrown> {
    let mut value = decoded(instance, input)?;
    let name = match id.kind() {
        PeerKind::User => "inputUser",
        PeerKind::Chat => return Ok(value),
        _ => "inputChannel",
    };
    if let Some(fields) = value.array_mut() {
        fields.insert("_", name)?;
    }
    Ok(value)
}

/// Peers that scripts get are always complete, and say so.
fn with_min(mut value: Zval) -> Result<Zval, Thrown> {
    if let Some(fields) = value.array_mut() {
        fields.insert("min", false)?;
    }
    Ok(value)
}

/// `API::PEER_TYPE_USER` and the like.
fn peer_type(peer: &ZendHashTable) -> &'static str {
    let flag = |name: &str| peer.get(name).and_then(Zval::bool).unwrap_or_default();
    match peer.get("_").and_then(Zval::str).unwrap_or_default() {
        "user" if flag("bot") => "bot",
        "channel" | "channelForbidden" if flag("megagroup") => "supergroup",
        "channel" | "channelForbidden" => "channel",
        "chat" | "chatForbidden" | "chatEmpty" => "chat",
        _ => "user",
    }
}

/// Every username of a peer, the main one first.
fn usernames(peer: &ZendHashTable) -> Result<ZBox<ZendHashTable>, Thrown> {
    let mut names = ZendHashTable::new();
    if let Some(name) = peer.get("username") {
        names.push(name.shallow_clone())?;
    }
    for further in peer
        .get("usernames")
        .and_then(Zval::array)
        .into_iter()
        .flat_map(ZendHashTable::values)
    {
        if let Some(name) = further.array().and_then(|further| further.get("username")) {
            names.push(name.shallow_clone())?;
        }
    }
    Ok(names)
}

/// `messages.sendMessage` and all others.
pub(super) fn all_methods(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let mut list = ZendHashTable::new();
    for method in instance.schema().methods() {
        list.push(method.name())?;
    }
    frame.give(list)
}

/// `['messages' => 'messages', …]`
pub(super) fn method_namespaces(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let mut list = ZendHashTable::new();
    for namespace in instance.schema().namespaces() {
        list.insert(namespace, namespace)?;
    }
    frame.give(list)
}

/// `[['messages' => 'sendMessage'], …]`
pub(super) fn methods_namespaced(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let mut list = ZendHashTable::new();
    for method in instance.schema().methods() {
        if let Some(namespace) = method.namespace() {
            let mut pair = ZendHashTable::with_capacity(1);
            pair.insert(namespace, method.short_name())?;
            list.push(pair)?;
        }
    }
    frame.give(list)
}
