//! Updates out of results: `extractUpdates()` and its like.

use std::rc::Rc;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::{PeerId, PeerKind};
use madeline_tl::{Definition, Ty};

use super::dialect::Dialect;
use super::info;
use super::instance;
use super::instance::Instance;
use crate::call;
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::types::button;
use crate::types::message::classes::MESSAGE;
use crate::zval::entries::{is_list, snapshot, values};
use crate::zval::sink;
use crate::{function, types};

const UPDATES: &[Param] = &[Param::required(c"updates", Type::ARRAY)];

/// Taking results apart.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"extractUpdates", |frame: &mut Frame<'_>| {
        let updates = extract(instance(frame)?, argument(frame)?)?;
        frame.give(updates)
    })
    .params(UPDATES)
    .returns(Type::ARRAY),
    Method::new(c"extractMessageUpdate", |frame: &mut Frame<'_>| {
        let update = message_update(instance(frame)?, argument(frame)?)?;
        frame.give_zval(update);
        Ok(())
    })
    .params(UPDATES)
    .returns(Type::ARRAY),
    Method::new(c"extractMessage", |frame: &mut Frame<'_>| {
        let message = message(instance(frame)?, argument(frame)?)?;
        frame.give_zval(message);
        Ok(())
    })
    .params(UPDATES)
    .returns(Type::ARRAY),
    Method::new(c"extractMessageId", |frame: &mut Frame<'_>| {
        let message = message(instance(frame)?, argument(frame)?)?;
        let id = message.array().and_then(|message| message.get("id"));
        let id = id.and_then(Zval::long).unwrap_or_default();
        frame.give(id)
    })
    .params(UPDATES)
    .returns(Type::INT),
    Method::new(c"wrapMessage", |frame: &mut Frame<'_>| {
        let scheduled = frame.bool(1).unwrap_or_default();
        // Without references, which the script could change meanwhile.
        let message = frame.snapshot(0, "wrapMessage()")?;
        let object = match message.array() {
            Some(message) => types::message::wrap(instance(frame)?, message, scheduled)?,
            None => None,
        };
        frame.give_zval(object.unwrap_or_default());
        Ok(())
    })
    .params(&[
        Param::required(c"message", Type::ARRAY),
        Param::optional(c"scheduled", Type::BOOL, c"false"),
    ])
    .returns(Type::class(c"danog\\MadelineProto\\EventHandler\\AbstractMessage").nullable()),
    Method::new(c"wrapUpdate", |frame: &mut Frame<'_>| {
        let update = frame.snapshot(0, "wrapUpdate()")?;
        let object = match update.array() {
            Some(update) => types::wrap_update(instance(frame)?, update)?,
            None => None,
        };
        frame.give_zval(object.unwrap_or_default());
        Ok(())
    })
    .params(&[Param::required(c"update", Type::ARRAY)])
    .returns(Type::class(c"danog\\MadelineProto\\EventHandler\\Update").nullable()),
];

/// Updates with a message in them.
const MESSAGE_UPDATES: &[&str] = &[
    "updateNewMessage",
    "updateNewChannelMessage",
    "updateEditMessage",
    "updateEditChannelMessage",
    "updateNewScheduledMessage",
    "updateNewEncryptedMessage",
    "updateNewOutgoingEncryptedMessage",
];

fn argument<'f>(frame: &Frame<'f>) -> Result<&'f ZendHashTable, Thrown> {
    frame
        .array(0)
        .ok_or_else(|| Thrown::Response("Unrecognized update received: null".to_owned()))
}

/// The updates of an `Updates`; of a list of them, as long messages lead to, of all.
pub(crate) fn extract(
    instance: &Rc<Instance>,
    updates: &ZendHashTable,
) -> Result<ZBox<ZendHashTable>, Thrown> {
    let mut list = ZendHashTable::new();
    let name = updates.get("_").and_then(Zval::str);
    match name {
        Some("updates" | "updatesCombined") => {
            let several = updates.get("updates").and_then(Zval::array);
            for update in several.into_iter().flat_map(values) {
                list.push(update.dereference().shallow_clone())?;
            }
        }
        Some("updateShort") => {
            list.push(
                updates
                    .get("update")
                    .map(Zval::shallow_clone)
                    .unwrap_or_default(),
            )?;
        }
        Some("updateShortMessage" | "updateShortChatMessage" | "updateShortSentMessage") => {
            list.push(expanded(instance, updates)?)?;
        }
        None if is_list(updates) => {
            for part in values(updates).filter_map(|part| part.dereference().array()) {
                for update in values(&*extract(instance, part)?) {
                    list.push(update.shallow_clone())?;
                }
            }
        }
        other => {
            let name = other.unwrap_or("null");
            return Err(Thrown::Response(format!(
                "Unrecognized update received: {name}"
            )));
        }
    }
    Ok(list)
}

/// The one update that has a message.
pub(super) fn message_update(
    instance: &Rc<Instance>,
    updates: &ZendHashTable,
) -> Result<Zval, Thrown> {
    let mut found = None;
    for update in values(&*extract(instance, updates)?) {
        let name = update.array().and_then(|update| update.get("_"));
        if !name
            .and_then(Zval::str)
            .is_some_and(|name| MESSAGE_UPDATES.contains(&name))
        {
            continue;
        }
        if found.is_some() {
            let text = "Found more than one update of type message, use extractUpdates to extract all updates";
            return Err(Thrown::Exception(text.to_owned()));
        }
        found = Some(update.shallow_clone());
    }
    found.ok_or_else(|| {
        let given = sink::array(updates.to_owned());
        let json = function::call("json_encode", vec![&given]);
        let json = json.and_then(|json| json.string()).unwrap_or_default();
        Thrown::Exception(format!("Could not find any message in {json}!"))
    })
}

pub(crate) fn message(instance: &Rc<Instance>, updates: &ZendHashTable) -> Result<Zval, Thrown> {
    let update = message_update(instance, updates)?;
    let message = update.array().and_then(|update| update.get("message"));
    Ok(message.map(Zval::shallow_clone).unwrap_or_default())
}

/// The object for the message in the result of a call that sent or changed one. A text that was too long has led to several: the
/// first is returned, and each has the next one as `nextSent`.
pub(crate) fn sent(instance: &Rc<Instance>, sent: &Zval) -> Result<Zval, Thrown> {
    let updates = sent
        .array()
        .ok_or_else(|| Thrown::Response("Unrecognized update received: null".to_owned()))?;
    if updates.is_empty() || !is_list(updates) {
        return sent_once(instance, updates);
    }
    let mut first = None;
    let mut last: Option<Zval> = None;
    for part in values(updates).filter_map(|part| part.dereference().array()) {
        let message = sent_once(instance, part)?;
        if let Some(last) = last.as_ref().and_then(|last| MESSAGE.object(last)) {
            MESSAGE.initialize(last, "nextSent", message.shallow_clone());
        }
        first.get_or_insert_with(|| message.shallow_clone());
        last = Some(message);
    }
    Ok(first.unwrap_or_default())
}

fn sent_once(instance: &Rc<Instance>, updates: &ZendHashTable) -> Result<Zval, Thrown> {
    let update = message_update(instance, updates)?;
    let object = match update.array().and_then(message_in) {
        Some((message, scheduled)) => types::message::wrap(instance, message, scheduled)?,
        None => None,
    };
    object.ok_or_else(|| Thrown::Exception("The server answered with an empty message".to_owned()))
}

/// The message of an update that has one, and whether it waits for its time.
pub(crate) fn message_in(update: &ZendHashTable) -> Option<(&ZendHashTable, bool)> {
    let name = update.get("_").and_then(Zval::str)?;
    let message = update.get("message")?.dereference().array()?;
    MESSAGE_UPDATES
        .contains(&name)
        .then_some((message, name == "updateNewScheduledMessage"))
}

/// The id of the last message in the results of calls that send some.
pub(crate) fn last_message_id(instance: &Rc<Instance>, sent: &Zval) -> Option<i64> {
    let list = extract(instance, sent.array()?).ok()?;
    let ids = values(&list).filter_map(|update| {
        let (message, _) = message_in(update.dereference().array()?)?;
        message.get("id").and_then(Zval::long)
    });
    ids.last()
}

/// A short form as `updateNewMessage` with the whole message.
fn expanded(instance: &Rc<Instance>, short: &ZendHashTable) -> Result<Zval, Thrown> {
    let own = call::own_id(&instance.client()?);
    let int = |key: &str| short.get(key).and_then(Zval::long);
    let out = short.get("out").and_then(Zval::bool).unwrap_or_default();
    let (peer, from) = match short.get("_").and_then(Zval::str) {
        Some("updateShortMessage") => {
            let user = int("user_id").and_then(PeerId::user);
            (user, if out { own } else { user })
        }
        Some("updateShortChatMessage") => {
            let chat = int("chat_id").map(i64::abs).and_then(PeerId::chat);
            (chat, int("from_id").and_then(PeerId::user))
        }
        _ => (Some(addressee(instance, short)?), own),
    };
    let is_sent = short.get("_").and_then(Zval::str) == Some("updateShortSentMessage");
    let mut message = ZendHashTable::new();
    message.insert("_", "message")?;
    let definition = instance.schema().constructor("message");
    for param in definition.into_iter().flat_map(Definition::params) {
        let name = param.name();
        let value = match name {
            "out" if is_sent => Some(Zval::from(true)),
            "peer_id" => peer.map(|peer| form(instance, peer)).transpose()?,
            "from_id" => from.map(|from| sender(instance, from)).transpose()?,
            "message" => short
                .get(name)
                .or_else(|| requested(short, name))
                .map(Zval::shallow_clone),
            _ => match short.get(name) {
                Some(said) => Some(said.shallow_clone()),
                None if is_sent => asked(short, name)?,
                None => None,
            },
        };
        match value {
            Some(value) => message.insert(name, value)?,
            None if param.ty() == Ty::True => message.insert(name, false)?,
            None => {}
        }
        if name == "peer_id"
            && instance.dialect() == Dialect::V4
            && let Some(peer) = peer
        {
            message.insert("to_id", form(instance, peer)?)?;
        }
    }
    let client = instance.client()?;
    button::replace(&mut message, &call::owner(instance, &client));
    let mut update = ZendHashTable::new();
    update.insert("_", "updateNewMessage")?;
    update.insert("message", message)?;
    for key in ["pts", "pts_count"] {
        update.insert(key, int(key).unwrap_or_default())?;
    }
    Ok(sink::array(update))
}

/// What the request says of a message that was just sent: the server tells only what it did not say.
fn asked(short: &ZendHashTable, name: &str) -> Result<Option<Zval>, Thrown> {
    Ok(match name {
        "silent" | "noforwards" | "invert_media" => {
            requested(short, name).map(|flag| Zval::from(flag.coerce_to_bool()))
        }
        "effect" => requested(short, name).map(Zval::shallow_clone),
        // A copy of its own: the buttons in it become objects.
        "reply_markup" => requested(short, name)
            .and_then(snapshot)
            .filter(Zval::is_array),
        "reply_to" => reply_header(short)?,
        _ => None,
    })
}

/// The `messageReplyHeader` that an `InputReplyTo`, or what stands for one, leads to.
fn reply_header(short: &ZendHashTable) -> Result<Option<Zval>, Thrown> {
    let given = requested(short, "reply_to").and_then(|reply| reply.dereference().array());
    let ask = |key: &str| match given {
        Some(given) => given.get(key),
        None => requested(short, key),
    };
    let id = |key: &str| ask(key).map(Zval::dereference).and_then(Zval::long);
    let Some(answered) = id("reply_to_msg_id") else {
        return Ok(None);
    };
    let mut header = ZendHashTable::new();
    header.insert("_", "messageReplyHeader")?;
    for flag in ["reply_to_scheduled", "forum_topic"] {
        header.insert(flag, false)?;
    }
    let quote = ask("quote_text").filter(|text| text.is_string());
    header.insert("quote", quote.is_some())?;
    header.insert("reply_to_msg_id", answered)?;
    if let Some(top) = id("top_msg_id") {
        header.insert("reply_to_top_id", top)?;
    }
    for key in ["quote_text", "quote_entities", "quote_offset"] {
        if let Some(value) = ask(key).filter(|value| !value.is_null()) {
            header.insert(key, value.shallow_clone())?;
        }
    }
    Ok(Some(sink::array(header)))
}

/// To whom `updateShortSentMessage` says that a message was sent: the request beside it knows.
fn addressee(instance: &Rc<Instance>, short: &ZendHashTable) -> Result<PeerId, Thrown> {
    match requested(short, "peer") {
        Some(peer) => Ok(info::resolved(instance, peer)?.0),
        None => Err(Thrown::Exception(
            "updateShortSentMessage does not say to whom the message was sent, and its \"request\" is missing"
                .to_owned(),
        )),
    }
}

/// An argument of the call that led to these updates.
fn requested<'u>(updates: &'u ZendHashTable, key: &str) -> Option<&'u Zval> {
    updates
        .get("request")?
        .array()?
        .get("body")?
        .array()?
        .get(key)
}

/// A peer as results have it.
fn form(instance: &Instance, id: PeerId) -> Result<Zval, Thrown> {
    if instance.dialect() == Dialect::V8 {
        let mut number = Zval::new();
        number.set_long(id.bot_api());
        return Ok(number);
    }
    let (name, key) = match id.kind() {
        PeerKind::User => ("peerUser", "user_id"),
        PeerKind::Chat => ("peerChat", "chat_id"),
        _ => ("peerChannel", "channel_id"),
    };
    let mut peer = ZendHashTable::with_capacity(2);
    peer.insert("_", name)?;
    peer.insert(key, id.raw())?;
    Ok(sink::array(peer))
}

/// A sender as results have it.
fn sender(instance: &Instance, id: PeerId) -> Result<Zval, Thrown> {
    if instance.dialect() != Dialect::V4 {
        return form(instance, id);
    }
    let mut number = Zval::new();
    number.set_long(id.raw());
    Ok(number)
}
