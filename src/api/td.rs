//! Updates and calls in the forms of `TDLib` and of telegram-cli's `TDLib` (`tdcli`), as far as MadelineProto ever had them:
//! messages with text, and `sendMessage`.
//!
//! `tdcli` objects have their name under `ID`, with a capital, and keys that end in an underscore.

use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::PeerId;
use madeline_tl::EntryKey;

use super::info;
use super::instance;
use super::instance::Instance;
use crate::call;
use crate::class::{Frame, Method, Param, Type, type_name};
use crate::exceptions::Thrown;
use crate::zval::entries::{entries, insert, present, put};
use crate::zval::sink;

const PARAM: Param = Param::required(c"params", Type::MIXED);
const PARAMS: &[Param] = &[PARAM];

/// Conversions from and to `TDLib`'s forms. What is no array is its own form.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"tdToMTProto", |frame: &mut Frame<'_>| {
        let converted = frame.array(0).map(td_to_tl).transpose()?;
        frame.give(converted.unwrap_or_else(ZendHashTable::new))
    })
    .params(&[Param::required(c"params", Type::ARRAY)])
    .returns(Type::ARRAY),
    Method::new(c"MTProtoToTd", |frame: &mut Frame<'_>| {
        let converted = converted(frame, |frame, given| tl_to_td(instance(frame)?, given))?;
        frame.give_zval(converted);
        Ok(())
    })
    .params(PARAMS)
    .returns(Type::MIXED),
    Method::new(c"MTProtoToTdcli", |frame: &mut Frame<'_>| {
        let converted = converted(frame, |frame, given| {
            let td = tl_to_td(instance(frame)?, given)?;
            match td.array() {
                Some(td) => td_to_tdcli(td),
                None => Ok(td),
            }
        })?;
        frame.give_zval(converted);
        Ok(())
    })
    .params(PARAMS)
    .returns(Type::MIXED),
    Method::new(c"tdcliToTd", |frame: &mut Frame<'_>| {
        let converted = converted(frame, |_, given| tdcli_to_td(given))?;
        frame.give_zval(converted);
        Ok(())
    })
    .params(&[PARAM, Param::optional(c"key", Type::MIXED, c"null")])
    .returns(Type::MIXED),
    Method::new(c"tdToTdcli", |frame: &mut Frame<'_>| {
        let converted = converted(frame, |_, given| td_to_tdcli(given))?;
        frame.give_zval(converted);
        Ok(())
    })
    .params(PARAMS)
    .returns(Type::MIXED),
];

/// `sendMessage`: `TDLib`'s key, and TL's.
const OF_SEND_MESSAGE: [(&str, &str); 5] = [
    ("chat_id", "peer"),
    ("reply_to_message_id", "reply_to_msg_id"),
    ("disable_notification", "silent"),
    ("from_background", "background"),
    ("reply_markup", "reply_markup"),
];

type Table = ZBox<ZendHashTable>;

fn converted(
    frame: &Frame<'_>,
    convert: impl Fn(&Frame<'_>, &ZendHashTable) -> Result<Zval, Thrown>,
) -> Result<Zval, Thrown> {
    let given = frame.snapshot(0, "TDLib's form")?;
    match given.array() {
        Some(array) => convert(frame, array),
        None => Ok(given),
    }
}

fn tdcli_to_td(given: &ZendHashTable) -> Result<Zval, Thrown> {
    let id = given.get("ID").map(Zval::dereference);
    let mut td = ZendHashTable::with_capacity(given.len() as u32);
    if let Some(id) = id {
        td.insert(
            "_",
            with_first(name_of(id, "ID")?, char::to_ascii_lowercase),
        )?;
    }
    for (key, value) in entries(given) {
        let value = nested(value, tdcli_to_td)?;
        match key {
            EntryKey::Name(b"ID") if id.is_some() => {}
            EntryKey::Name(name) if id.is_some() => {
                insert(&mut td, name.strip_suffix(b"_").unwrap_or(name), value);
            }
            key => put(&mut td, key, value),
        }
    }
    Ok(sink::array(td))
}

fn td_to_tdcli(given: &ZendHashTable) -> Result<Zval, Thrown> {
    let mut tdcli = ZendHashTable::with_capacity(given.len() as u32);
    for (key, value) in entries(given) {
        match key {
            EntryKey::Name(b"_") => {
                let name = name_of(value.dereference(), "_")?;
                tdcli.insert("ID", with_first(name, char::to_ascii_uppercase))?;
            }
            EntryKey::Name(name) if !name.ends_with(b"_") => {
                let value = nested(value, td_to_tdcli)?;
                insert(&mut tdcli, &[name, b"_"].concat(), value);
            }
            key => put(&mut tdcli, key, nested(value, td_to_tdcli)?),
        }
    }
    Ok(sink::array(tdcli))
}

/// A value of an array, converted where it is an array itself.
fn nested(
    value: &Zval,
    convert: impl Fn(&ZendHashTable) -> Result<Zval, Thrown>,
) -> Result<Zval, Thrown> {
    match value.array() {
        Some(array) => convert(array),
        None => Ok(value.shallow_clone()),
    }
}

fn name_of<'z>(name: &'z Zval, key: &str) -> Result<&'z str, Thrown> {
    name.str().ok_or_else(|| {
        Thrown::Type(format!(
            "TDLib's form: {key} must be of type string, {} given",
            type_name(name)
        ))
    })
}

fn with_first(name: &str, change: fn(&char) -> char) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| change(&letter));
    first.into_iter().chain(letters).collect()
}

/// The call that `TDLib`'s function stands for: `sendMessage` with text.
fn td_to_tl(td: &ZendHashTable) -> Result<Table, Thrown> {
    let name = present(td, "_").and_then(Zval::str).unwrap_or_default();
    if name != "sendMessage" {
        return Err(Thrown::Warning(format!(
            "Undefined array key \"{name}\": of TDLib's functions only sendMessage can be converted"
        )));
    }
    let content = present(td, "input_message_content").and_then(Zval::array);
    let content = content
        .filter(|content| present(content, "_").and_then(Zval::str) == Some("inputMessageText"))
        .ok_or_else(not_text)?;
    let mut call = content.to_owned();
    call.insert("_", "messages.sendMessage")?;
    for (of_td, of_tl) in OF_SEND_MESSAGE {
        call.insert(of_tl, copy(present(td, of_td)))?;
    }
    if let Some(without) = present(content, "disable_web_page_preview") {
        call.insert("no_webpage", without.shallow_clone())?;
    }
    Ok(call)
}

/// An update, message or call; of an array of such things each.
fn tl_to_td(instance: &Rc<Instance>, tl: &ZendHashTable) -> Result<Zval, Thrown> {
    let Some(name) = tl.get("_").map(Zval::dereference) else {
        let mut all = ZendHashTable::with_capacity(tl.len() as u32);
        for (key, value) in entries(tl) {
            let value = nested(value, |value| tl_to_td(instance, value))?;
            put(&mut all, key, value);
        }
        return Ok(sink::array(all));
    };
    match name.str().unwrap_or_default() {
        "updateMessageID" => Ok(sink::array(tl.to_owned())),
        "updateNewMessage" => {
            let message = present(tl, "message").and_then(Zval::array);
            let mut td = ZendHashTable::with_capacity(3);
            td.insert("_", "updateNewMessage")?;
            let silent = message.and_then(|message| present(message, "silent"));
            td.insert("disable_notification", copy(silent))?;
            let message = match message {
                Some(message) => tl_to_td(instance, message)?,
                None => Zval::new(),
            };
            td.insert("message", message)?;
            Ok(sink::array(td))
        }
        "message" => Ok(sink::array(message(instance, tl)?)),
        "messages.sendMessage" => {
            let mut td = ZendHashTable::new();
            td.insert("_", "messages.sendMessage")?;
            for (of_td, of_tl) in OF_SEND_MESSAGE {
                td.insert(of_td, copy(present(tl, of_tl)))?;
            }
            td.insert("input_message_content", content(tl)?)?;
            Ok(sink::array(td))
        }
        other => Err(Thrown::Warning(format!(
            "Undefined array key \"{other}\": only updateNewMessage, message and messages.sendMessage can be converted to TDLib's form"
        ))),
    }
}

fn message(instance: &Rc<Instance>, message: &ZendHashTable) -> Result<Table, Thrown> {
    let get = |key: &str| present(message, key);
    let is_set = |key: &str| get(key).is_some_and(Zval::coerce_to_bool);
    let own = call::own_id(&instance.client()?).map(PeerId::bot_api);
    let peer = get("peer_id").or_else(|| get("to_id")).ok_or_else(|| {
        Thrown::Warning("Undefined array key \"peer_id\" in this message".to_owned())
    })?;
    let mut chat = info::resolved(instance, peer)?.0.bot_api();
    let sender = get("from_id")
        .map(|from| number(instance, from))
        .transpose()?;
    if Some(chat) == own {
        chat = sender.unwrap_or(chat);
    }
    let forward = get("fwd_from").and_then(Zval::array);
    let is_out = is_set("out");
    let reply = get("reply_to").and_then(Zval::array);
    let reply = get("reply_to_msg_id").or_else(|| present(reply?, "reply_to_msg_id"));
    let lifetime = copy_or(get("ttl"), 0_i64)?;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();

    let mut td = ZendHashTable::with_capacity(19);
    td.insert("_", "message")?;
    td.insert("id", copy(get("id")))?;
    td.insert("sender_user_id", sender)?;
    td.insert("chat_id", chat)?;
    let state = if is_out {
        "messageIsSuccessfullySent"
    } else {
        "messageIsIncoming"
    };
    let mut send_state = ZendHashTable::with_capacity(1);
    send_state.insert("_", state)?;
    td.insert("send_state", send_state)?;
    td.insert("can_be_edited", forward.is_none() && is_out)?;
    td.insert("can_be_deleted", is_out)?;
    for (key, of) in [
        ("is_post", "post"),
        ("date", "date"),
        ("edit_date", "edit_date"),
    ] {
        td.insert(key, copy(get(of)))?;
    }
    let forward = forward
        .map(|forward| forward_info(instance, forward))
        .transpose()?;
    td.insert("forward_info", forward)?;
    td.insert("reply_to_message_id", copy(reply))?;
    let expires = lifetime.coerce_to_double();
    td.insert(
        "ttl_expires_in",
        expires.unwrap_or_default() - now.as_secs_f64(),
    )?;
    td.insert("ttl", lifetime)?;
    td.insert("via_bot_user_id", copy(get("via_bot_id")))?;
    td.insert("views", copy(get("views")))?;
    td.insert("content", content(message)?)?;
    td.insert("reply_markup", copy(get("reply_markup")))?;
    Ok(td)
}

/// The text of a message; other content has never had a form.
fn content(message: &ZendHashTable) -> Result<Table, Thrown> {
    let text = present(message, "message").ok_or_else(not_text)?;
    if text.str() == Some("") {
        return Err(not_text());
    }
    let mut content = ZendHashTable::with_capacity(4);
    content.insert("_", "messageText")?;
    content.insert("text", text.shallow_clone())?;
    let media = present(message, "media").and_then(Zval::array);
    let page = media
        .filter(|media| present(media, "_").and_then(Zval::str) == Some("messageMediaWebPage"))
        .and_then(|media| present(media, "webpage"));
    for (key, value) in [
        ("web_page", page),
        ("entities", present(message, "entities")),
    ] {
        if let Some(value) = value {
            content.insert(key, value.shallow_clone())?;
        }
    }
    Ok(content)
}

fn forward_info(instance: &Rc<Instance>, forward: &ZendHashTable) -> Result<Table, Thrown> {
    let from = present(forward, "from_id")
        .map(|from| number(instance, from))
        .transpose()?;
    let channel = from.filter(|from| *from < 0);
    let mut info = ZendHashTable::with_capacity(5);
    if let Some(channel) = channel {
        info.insert("_", "messageForwardedPost")?;
        info.insert("chat_id", channel)?;
    } else {
        info.insert("_", "messageForwardedFromUser")?;
    }
    info.insert("date", copy(present(forward, "date")))?;
    if let Some(post) = present(forward, "channel_post") {
        info.insert("channel_post", post.shallow_clone())?;
    }
    if let Some(from) = from {
        info.insert("sender_user_id", from)?;
    }
    Ok(info)
}

/// The bot API's number of a peer; a number is one already.
fn number(instance: &Rc<Instance>, peer: &Zval) -> Result<i64, Thrown> {
    match peer.long() {
        Some(number) => Ok(number),
        None => Ok(info::resolved(instance, peer)?.0.bot_api()),
    }
}

fn not_text() -> Thrown {
    Thrown::Conversion("Can't convert non text messages yet!".to_owned())
}

/// A value, or null.
fn copy(value: Option<&Zval>) -> Zval {
    value.map(Zval::shallow_clone).unwrap_or_default()
}

fn copy_or(value: Option<&Zval>, default: i64) -> Result<Zval, Thrown> {
    match value {
        Some(value) => Ok(value.shallow_clone()),
        None => Ok(default.into_zval(false)?),
    }
}
