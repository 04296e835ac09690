//! `MTProtoToBotAPI()` and `botAPIToMTProto()`: results in the bot API's form, and arguments in TL's.
//!
//! Results as MadelineProto gives them, which is close to <https://core.telegram.org/bots/api#message>: chats are those of
//! `getPwrChat()`.

pub(crate) mod arguments;
mod media;

pub(crate) use media::ids as file_ids;

use std::rc::Rc;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::dialect::Dialect;
use super::instance::Instance;
use super::{instance, pwr_chat, updates};
use crate::class::{Frame, Method, Param, Type, type_name};
use crate::exceptions::Thrown;
use crate::types::entities;
use crate::zval::entries::{entries, key_text, present, put, values};
use crate::zval::sink;

/// Conversions from and to the bot API's forms.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"MTProtoToBotAPI", |frame: &mut Frame<'_>| {
        let data = frame.snapshot(0, "MTProtoToBotAPI()")?;
        let converted = convert(instance(frame)?, of_zval(&data, "data")?)?;
        frame.give(converted)
    })
    .params(&[Param::required(c"data", Type::ARRAY)])
    .returns(Type::ARRAY),
    Method::new(c"botAPIToMTProto", arguments::to_tl)
        .params(&[Param::required(c"arguments", Type::ARRAY)])
        .returns(Type::ARRAY),
];

type Table = ZBox<ZendHashTable>;

/// An update, message, medium or entity; of an array of such things each.
fn convert(instance: &Rc<Instance>, data: &ZendHashTable) -> Result<Table, Thrown> {
    let Some(name) = data.get("_").map(Zval::dereference) else {
        return each(instance, data);
    };
    match name.str().unwrap_or_default() {
        "updates"
        | "updatesCombined"
        | "updateShort"
        | "updateShortSentMessage"
        | "updateShortMessage"
        | "updateShortChatMessage" => {
            let update = updates::message_update(instance, data)?;
            message(instance, inner(of_zval(&update, "update")?, "message")?)
        }
        "updateNewMessage"
        | "updateNewChannelMessage"
        | "updateEditMessage"
        | "updateEditChannelMessage"
        | "updateNewScheduledMessage" => message(instance, inner(data, "message")?),
        "message" => message(instance, data),
        "storyItem" => media::convert(inner(data, "media")?)?
            .ok_or_else(|| unknown(instance, inner(data, "media"))),
        _ => match media::convert(data)? {
            Some(converted) => Ok(converted),
            None => entity(instance, &sink::array(data.to_owned())),
        },
    }
}

fn each(instance: &Rc<Instance>, data: &ZendHashTable) -> Result<Table, Thrown> {
    let mut all = ZendHashTable::with_capacity(data.len() as u32);
    for (key, value) in entries(data) {
        let value = value.dereference();
        let converted = match value.array() {
            Some(array) => convert(instance, array)?,
            None if value.is_object() => entity(instance, value)?,
            None => {
                return Err(Thrown::Type(format!(
                    "MTProtoToBotAPI(): under key {} there must be an array, {} given",
                    key_text(key),
                    type_name(value)
                )));
            }
        };
        put(&mut all, key, sink::array(converted));
    }
    Ok(all)
}

fn message(instance: &Rc<Instance>, message: &ZendHashTable) -> Result<Table, Thrown> {
    let get = |key: &str| present(message, key);
    let mut made = ZendHashTable::new();
    for (key, of) in [("message_id", "id"), ("date", "date"), ("text", "message")] {
        made.insert(key, required(message, of)?.shallow_clone())?;
    }
    for flag in ["post", "silent"] {
        made.insert(flag, get(flag).is_some_and(Zval::coerce_to_bool))?;
    }
    if let Some(from) = get("from_id") {
        made.insert("from", pwr_chat::of(instance, from)?)?;
    }
    let peer = match get("peer_id").or_else(|| get("to_id")) {
        Some(peer) => peer,
        None => required(message, "peer_id")?,
    };
    made.insert("chat", pwr_chat::of(instance, peer)?)?;
    if let Some(list) = get("entities").and_then(Zval::array) {
        let mut converted = ZendHashTable::with_capacity(list.len() as u32);
        for item in values(list) {
            converted.push(entity(instance, item)?)?;
        }
        made.insert("entities", converted)?;
    }
    for key in ["views", "edit_date"] {
        if let Some(value) = get(key) {
            made.insert(key, value.shallow_clone())?;
        }
    }
    if let Some(bot) = get("via_bot_id") {
        made.insert("via_bot", pwr_chat::of_mentioned(instance, bot)?)?;
    }
    if let Some(forward) = get("fwd_from").and_then(Zval::array) {
        add_forward(instance, forward, &mut made)?;
    }
    let shown = get("media")
        .and_then(Zval::array)
        .filter(|media| present(media, "_").and_then(Zval::str) != Some("messageMediaWebPage"));
    if let Some(shown) = shown {
        let converted = media::convert(shown)?.ok_or_else(|| unknown(instance, Ok(shown)))?;
        for (key, value) in entries(&converted) {
            put(&mut made, key, value.shallow_clone());
        }
    }
    Ok(made)
}

/// From whom a message was forwarded, and what it was there.
fn add_forward(
    instance: &Rc<Instance>,
    forward: &ZendHashTable,
    made: &mut ZendHashTable,
) -> Result<(), Thrown> {
    if let Some(from) = present(forward, "from_id") {
        let from = pwr_chat::of_mentioned(instance, from)?;
        let is_chat = from.get("id").and_then(Zval::long).is_some_and(|id| id < 0);
        if is_chat {
            made.insert("forward_from_chat", from.clone())?;
        }
        made.insert("forward_from", from)?;
    }
    for (key, of) in [
        ("forward_date", "date"),
        ("forward_from_message_id", "channel_post"),
    ] {
        if let Some(value) = present(forward, of) {
            made.insert(key, value.shallow_clone())?;
        }
    }
    Ok(())
}

/// An entity, array or object; whom one mentions is a whole user.
fn entity(instance: &Rc<Instance>, given: &Zval) -> Result<Table, Thrown> {
    let object = match entities::from_raw(given) {
        Err(Thrown::Assertion(_)) => {
            return Err(unknown(instance, of_zval(given, "entity")));
        }
        object => object?,
    };
    let Some(object) = object.object() else {
        return Ok(ZendHashTable::new());
    };
    let form = entities::to_bot_api(object)?;
    let mut form = form.array().map(ToOwned::to_owned).unwrap_or_default();
    let ty = form.get("type").and_then(Zval::str);
    match ty {
        Some("text_mention") => {
            let user = form.get("user").and_then(Zval::array);
            if let Some(id) = user.and_then(|user| user.get("id")) {
                let user = pwr_chat::of_mentioned(instance, id)?;
                form.insert("user", user)?;
            }
        }
        Some("text_link") if instance.dialect() != Dialect::V8 => {
            form.insert("type", "text_url")?;
        }
        _ => {}
    }
    Ok(form)
}

/// A value without which there is nothing to convert.
fn required<'t>(table: &'t ZendHashTable, key: &str) -> Result<&'t Zval, Thrown> {
    table.get(key).map(Zval::dereference).ok_or_else(|| {
        let name = present(table, "_").and_then(Zval::str).unwrap_or("array");
        Thrown::Warning(format!("Undefined array key \"{key}\" in this {name}"))
    })
}

fn inner<'t>(table: &'t ZendHashTable, key: &str) -> Result<&'t ZendHashTable, Thrown> {
    of_zval(required(table, key)?, key)
}

fn of_zval<'v>(value: &'v Zval, what: &str) -> Result<&'v ZendHashTable, Thrown> {
    value.array().ok_or_else(|| {
        Thrown::Type(format!(
            "MTProtoToBotAPI(): {what} must be of type array, {} given",
            type_name(value)
        ))
    })
}

/// For what has no form in the bot API.
fn unknown(instance: &Instance, data: Result<&ZendHashTable, Thrown>) -> Thrown {
    let data = match data {
        Ok(data) => data,
        Err(error) => return error,
    };
    let name = present(data, "_").or_else(|| present(data, "type"));
    let name = name.and_then(Zval::str).unwrap_or_default();
    if instance.dialect() == Dialect::V8 {
        Thrown::Assertion(format!("Unknown entity type: {name}"))
    } else {
        Thrown::Conversion(format!("Can't convert {name} to a bot API object"))
    }
}
