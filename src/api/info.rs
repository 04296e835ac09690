//! What the API object tells about itself and about peers.

use std::rc::Rc;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::{PeerId, PeerKind};
use madeline_tl::{Decoder, Ty, boxed_from_bytes};

use super::dialect::Dialect;
use super::instance::Instance;
use super::login::{ask, boxed};
use super::photos;
use super::{INTERNAL_DOC, instance};
use crate::call::{self, Form};
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::settings;
use crate::zval::{ZvalSink, sink};

const ID: &[Param] = &[Param::required(c"id", Type::MIXED)];
const PEER: &[Param] = &[Param::required(c"peer", Type::MIXED)];

/// The own user, and what is known about peers.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getSelf", own_user).returns(Type::ARRAY.or(Type::FALSE)),
    Method::new(c"fullGetSelf", fetch_own_user).returns(Type::ARRAY.or(Type::FALSE)),
    Method::new(c"isSelfBot", is_self_bot).returns(Type::BOOL),
    Method::new(c"isSelfUser", is_user).returns(Type::BOOL),
    Method::new(c"isPremium", is_premium).returns(Type::BOOL),
    Method::new(c"isTestMode", is_test_mode).returns(Type::BOOL),
    Method::new(c"getId", id).params(ID).returns(Type::INT),
    Method::new(c"getInfo", info)
        .params(&[
            Param::required(c"id", Type::MIXED),
            Param::optional(
                c"type",
                Type::INT,
                c"\\danog\\MadelineProto\\API::INFO_TYPE_ALL",
            ),
        ])
        .returns(Type::MIXED),
    Method::new(c"getType", get_type)
        .params(ID)
        .returns(Type::STRING),
    Method::new(c"isBot", is_bot)
        .params(PEER)
        .returns(Type::BOOL),
    Method::new(c"isForum", is_forum)
        .params(PEER)
        .returns(Type::BOOL),
    Method::new(c"peerIsset", is_known)
        .params(ID)
        .returns(Type::BOOL),
    Method::new(c"getFullInfo", full_info)
        .params(ID)
        .returns(Type::ARRAY),
    Method::new(c"fullChatLastUpdated", full_info_time)
        .params(ID)
        .returns(Type::INT),
    Method::new(c"refreshPeerCache", refresh)
        .params(&[Param::optional(c"ids", Type::MIXED, c"null")])
        .variadic()
        .returns(Type::VOID),
    Method::new(c"refreshFullPeerCache", refresh_full)
        .params(ID)
        .returns(Type::VOID),
    Method::new(c"resolveUsername", resolve_username)
        .params(&[Param::required(c"username", Type::STRING)])
        .returns(Type::ARRAY.or(Type::FALSE)),
];

/// The own user as last seen; false when nobody is logged in.
fn own_user(frame: &mut Frame<'_>) -> Result<(), Thrown> {
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
fn is_self_bot(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let bot = own_flag(frame, "bot")?;
    frame.give(bot == Some(true))
}

/// Whether a user is logged in; false when nobody is.
fn is_user(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let bot = own_flag(frame, "bot")?;
    frame.give(bot == Some(false))
}

/// Whether the own user has Telegram Premium; false when nobody is logged in.
fn is_premium(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let premium = own_flag(frame, "premium")?;
    frame.give(premium == Some(true))
}

/// Whether the session is on Telegram's test servers.
fn is_test_mode(frame: &mut Frame<'_>) -> Result<(), Thrown> {
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
fn id(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(given) = frame.arg(0) else {
        return Ok(());
    };
    if let Some(number) = given.long() {
        return frame.give(number);
    }
    let (id, _) = resolved(instance(frame)?, given)?;
    frame.give(id.bot_api())
}

/// What is known about a peer: which part of it, `API::INFO_TYPE_…` says.
fn info(frame: &mut Frame<'_>) -> Result<(), Thrown> {
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
            return frame.give(usernames(fields(&peer, id)?)?);
        }
        5 => {
            let peer = constructor(instance, id)?;
            return frame.give(peer_type(fields(&peer, id)?));
        }
        _ => return all(frame, instance, id),
    };
    frame.give_zval(value);
    Ok(())
}

fn all(frame: &mut Frame<'_>, instance: &Rc<Instance>, id: PeerId) -> Result<(), Thrown> {
    let info = everything(instance, id)?;
    frame.give(info)
}

/// `getInfo()` with everything in it, as the dialect has it.
pub(super) fn everything(
    instance: &Rc<Instance>,
    id: PeerId,
) -> Result<ZBox<ZendHashTable>, Thrown> {
    let peer = constructor(instance, id)?;
    let ty = peer_type(fields(&peer, id)?);
    let mut info = ZendHashTable::new();
    let (part, key) = match id.kind() {
        PeerKind::User => ("User", "user_id"),
        PeerKind::Chat => ("Chat", "chat_id"),
        _ => ("Chat", "channel_id"),
    };
    info.insert(part, peer)?;
    if instance.dialect() == Dialect::V8 {
        info.insert(key, id.bot_api())?;
    } else {
        forms(instance, id, &mut info)?;
        info.insert(key, id.raw())?;
    }
    info.insert("bot_api_id", id.bot_api())?;
    info.insert("type", ty)?;
    Ok(info)
}

/// The peer in every form that TL has, as releases before 8 gave them.
fn forms(instance: &Rc<Instance>, id: PeerId, info: &mut ZendHashTable) -> Result<(), Thrown> {
    let stored = instance.client()?.peers().find(id)?;
    let hash = stored.and_then(|peer| peer.access_hash).unwrap_or_default();
    let (kind, key, input) = match id.kind() {
        PeerKind::User => ("User", "user_id", "InputUser"),
        PeerKind::Chat => ("Chat", "chat_id", "InputChat"),
        _ => ("Channel", "channel_id", "InputChannel"),
    };
    let with_id = |name: &str, has_hash: bool| {
        let mut form = ZendHashTable::new();
        form.insert("_", format!("{name}{kind}"))?;
        form.insert(key, id.raw())?;
        if has_hash {
            form.insert("access_hash", hash)?;
        }
        Ok::<_, Thrown>(sink::array(form))
    };
    let around = |name: &str, peer: &Zval| {
        let mut form = ZendHashTable::new();
        form.insert("_", name)?;
        form.insert("peer", peer.shallow_clone())?;
        Ok::<_, Thrown>(form)
    };
    let has_hash = id.kind() != PeerKind::Chat;
    let input_peer = with_id("inputPeer", has_hash)?;
    let peer = with_id("peer", false)?;
    info.insert("DialogPeer", around("dialogPeer", &peer)?)?;
    info.insert("NotifyPeer", around("notifyPeer", &peer)?)?;
    info.insert("InputDialogPeer", around("inputDialogPeer", &input_peer)?)?;
    info.insert("InputNotifyPeer", around("inputNotifyPeer", &input_peer)?)?;
    info.insert("InputPeer", input_peer)?;
    info.insert("Peer", peer)?;
    if has_hash {
        info.insert(input, with_id("input", true)?)?;
    }
    Ok(())
}

/// Who the argument means.
pub(super) fn peer_argument(frame: &Frame<'_>, index: usize) -> Result<PeerId, Thrown> {
    let instance = instance(frame)?;
    match frame.arg(index) {
        Some(given) => Ok(resolved(instance, given)?.0),
        None => Err(Thrown::unknown_peer(&"what is left out")),
    }
}

/// `API::PEER_TYPE_…`
fn get_type(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let ty = type_of(instance(frame)?, peer_argument(frame, 0)?)?;
    frame.give(ty)
}

/// `API::PEER_TYPE_…` of a peer that is known.
pub(crate) fn type_of(instance: &Rc<Instance>, id: PeerId) -> Result<&'static str, Thrown> {
    let peer = constructor(instance, id)?;
    Ok(peer_type(fields(&peer, id)?))
}

/// Whether a peer is a bot.
fn is_bot(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let ty = type_of(instance(frame)?, peer_argument(frame, 0)?)?;
    frame.give(ty == "bot")
}

/// Whether a peer is a supergroup with topics.
fn is_forum(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let peer = constructor(instance(frame)?, peer_argument(frame, 0)?)?;
    let forum = peer.array().and_then(|peer| peer.get("forum"));
    let forum = forum.and_then(Zval::bool).unwrap_or_default();
    frame.give(forum)
}

/// Whether a peer is known, or can be made so.
fn is_known(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let known = match peer_argument(frame, 0) {
        Ok(id) => {
            let client = instance(frame)?.client()?;
            call::own_id(&client) == Some(id) || client.peers().find(id)?.is_some()
        }
        Err(error) if error.is_unknown_peer() => false,
        Err(other) => return Err(other),
    };
    frame.give(known)
}

/// `getInfo()` and everything else the server tells of a peer, which is kept for `Peer::fullInfoCacheTime` seconds.
fn full_info(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let id = peer_argument(frame, 0)?;
    let max_age =
        settings::full_info_cache_time(&INTERNAL_DOC.read(frame.this()?, "configuration"));
    let instance = instance(frame)?;
    let (full, fetched) = everything_else(instance, id, max_age)?;
    let mut info = everything(instance, id)?;
    info.insert("full", full)?;
    let key = if instance.dialect() == Dialect::V8 {
        "inserted"
    } else {
        "last_update"
    };
    info.insert(key, fetched)?;
    frame.give(info)
}

/// The `UserFull` or `ChatFull`, its photos as the release has them, and when it was asked for.
pub(super) fn everything_else(
    instance: &Rc<Instance>,
    id: PeerId,
    max_age: i64,
) -> Result<(Zval, i64), Thrown> {
    let full = ask(instance, move |client| async move {
        client.full_info(id, max_age).await
    })?;
    let fetched = full.fetched;
    let full = photos::wrapped(instance, boxed(instance, &full.bytes)?)?;
    Ok((full, fetched))
}

/// When everything of a peer was asked for last; 0: never.
fn full_info_time(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let id = peer_argument(frame, 0)?;
    let full = instance(frame)?.client()?.stored_full_info(id)?;
    frame.give(full.map_or(0, |full| full.fetched))
}

/// Asks the server for peers anew.
fn refresh(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let ids = (0..frame.count())
        .map(|index| peer_argument(frame, index))
        .collect::<Result<Vec<_>, _>>()?;
    ask(instance(frame)?, |client| async move {
        client.refresh_peers(&ids).await
    })
}

/// Asks the server for everything of a peer anew.
fn refresh_full(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let id = peer_argument(frame, 0)?;
    everything_else(instance(frame)?, id, 0).map(drop)
}

/// `contacts.resolvedPeer`; false where nobody has the name. Of releases 2 to 4.
fn resolve_username(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let name = frame.text(0).unwrap_or_default().into_owned();
    let instance = instance(frame)?;
    match ask(instance, |client| async move {
        client.resolve_name(&name).await
    })? {
        Some(answer) => frame.give_zval(boxed(instance, &answer)?),
        None => frame.give(false)?,
    }
    Ok(())
}

/// Who a value means, and the serialized `InputPeer` to address them.
pub(crate) fn resolved(instance: &Rc<Instance>, given: &Zval) -> Result<(PeerId, Vec<u8>), Thrown> {
    let client = instance.client()?;
    let ty = instance
        .schema()
        .ty("InputPeer")
        .ok_or_else(|| Thrown::Tl("the schema has no type InputPeer".to_owned()))?;
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
    let id = id.ok_or_else(|| Thrown::unknown_peer(&peer.name()))?;
    Ok((id, input))
}

/// The `user`, `chat` or `channel` as the server sent it last, with its access hash.
pub(super) fn constructor(instance: &Rc<Instance>, id: PeerId) -> Result<Zval, Thrown> {
    let stored = instance
        .client()?
        .peers()
        .constructor(id)?
        .ok_or_else(|| Thrown::unknown_peer(&id.bot_api()))?;
    decoded(instance, &stored.bytes)
}

/// The fields of a constructor.
pub(super) fn fields(peer: &Zval, id: PeerId) -> Result<&ZendHashTable, Thrown> {
    peer.array()
        .ok_or_else(|| Thrown::unknown_peer(&id.bot_api()))
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
pub(super) fn peer_type(peer: &ZendHashTable) -> &'static str {
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
