//! Keyboards in the bot API's form: <https://core.telegram.org/bots/api#inlinekeyboardmarkup>.

use madeline_tl::{EntryKey, Object, Source, Value, View, object};

use super::{ConvertError, scalars};

/// Deeper than any keyboard is.
const MAX_DEPTH: usize = 32;

const KINDS: [(&str, &str); 4] = [
    ("force_reply", "replyKeyboardForceReply"),
    ("remove_keyboard", "replyKeyboardHide"),
    ("keyboard", "replyKeyboardMarkup"),
    ("inline_keyboard", "replyInlineMarkup"),
];

/// What keyboards are called in TL, what they may be called, and what the bot API calls it.
const OPTIONS: [(&str, &str); 5] = [
    ("resize", "resize_keyboard"),
    ("single_use", "one_time_keyboard"),
    ("persistent", "is_persistent"),
    ("placeholder", "input_field_placeholder"),
    ("selective", "selective"),
];

/// Chats in which a button's inline query may be used.
const PEER_TYPES: [(&str, &[&str]); 4] = [
    ("allow_user_chats", &["inlineQueryPeerTypePM"]),
    ("allow_bot_chats", &["inlineQueryPeerTypeBotPM"]),
    (
        "allow_group_chats",
        &["inlineQueryPeerTypeChat", "inlineQueryPeerTypeMegagroup"],
    ),
    ("allow_channel_chats", &["inlineQueryPeerTypeBroadcast"]),
];

/// Whether a keyboard is one of the bot API's.
pub fn is_bot_api<'a, S: Source<'a>>(markup: S) -> bool {
    markup.view() == View::Array && present(markup, "_").is_none() && kind(markup).is_some()
}

/// The keyboard as a `ReplyMarkup`; what is none of the bot API's stays as it is.
///
/// # Errors
/// `Type` for a button that is no array, `Warning` for one without a text.
pub fn from_bot_api<'a, S: Source<'a>>(markup: S) -> Result<Value, ConvertError> {
    let Some((key, constructor)) = kind(markup) else {
        return owned(markup);
    };
    let mut object = Object::new(constructor);
    for (name, alias) in OPTIONS {
        if let Some(value) = present(markup, name).or_else(|| present(markup, alias)) {
            object.set(name, owned(value)?);
        }
    }
    if let Some(rows) = markup
        .named(key)
        .filter(|_| key.ends_with("keyboard") && key != "remove_keyboard")
    {
        let inline = key == "inline_keyboard";
        let rows = items(rows)?.map(|row| {
            let buttons = items(row)?
                .map(|given| button(given, inline))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(object!("keyboardButtonRow", buttons: buttons))
        });
        object.set("rows", rows.collect::<Result<Vec<_>, ConvertError>>()?);
    }
    Ok(Value::Object(object))
}

fn kind<'a, S: Source<'a>>(markup: S) -> Option<(&'static str, &'static str)> {
    KINDS
        .into_iter()
        .find(|(key, _)| present(markup, key).is_some())
}

/// One button; the first of these keys decides what it does.
fn button<'a, S: Source<'a>>(button: S, inline: bool) -> Result<Value, ConvertError> {
    if button.view() != View::Array {
        return Err(ConvertError::Type(
            "Cannot access offset of type string on string".into(),
        ));
    }
    if present(button, "_").is_some() {
        return owned(button);
    }
    let text = required(button, "text")?;
    let value = |name: &str| present(button, name);
    let is_set = |name: &str| value(name).is_some_and(scalars::truth);
    Ok(if let Some(url) = value("url") {
        if let Some(id) = user_of_link(url) {
            object!("inputKeyboardButtonUserProfile", text: text, user_id: id)
        } else {
            object!("keyboardButtonUrl", text: text, url: owned(url)?)
        }
    } else if is_set("pay") {
        object!("keyboardButtonBuy", text: text)
    } else if let Some(data) = value("callback_data") {
        object!("keyboardButtonCallback", text: text, data: owned(data)?)
    } else if let Some(login) = value("login_url") {
        object!(
            "inputKeyboardButtonUrlAuth",
            text: text,
            url: required(login, "url")?,
            bot: optional(login, "bot_username")?,
            fwd_text: optional(login, "forward_text")?,
            request_write_access: optional(login, "request_write_access")?,
        )
    } else if let Some(app) = value("web_app") {
        let name = if inline {
            "keyboardButtonWebView"
        } else {
            "keyboardButtonSimpleWebView"
        };
        object!(name, text: text, url: required(app, "url")?)
    } else if let Some(query) = value("switch_inline_query") {
        switch_inline(text, query)?
    } else if let Some(query) = value("switch_inline_query_current_chat") {
        object!("keyboardButtonSwitchInline", same_peer: true, text: text, query: owned(query)?)
    } else if let Some(game) = value("callback_game") {
        // MadelineProto takes the label from here. In the bot API it is an empty object.
        let text = if matches!(game.view(), View::Text(_)) {
            owned(game)?
        } else {
            text
        };
        object!("keyboardButtonGame", text: text)
    } else if is_set("request_contact") {
        object!("keyboardButtonRequestPhone", text: text)
    } else if is_set("request_location") {
        object!("keyboardButtonRequestGeoLocation", text: text)
    } else {
        object!("keyboardButton", text: text)
    })
}

/// The user of `tg://user?id=5`.
fn user_of_link<'a, S: Source<'a>>(url: S) -> Option<Value> {
    let (View::Text(url) | View::Bytes(url)) = url.view() else {
        return None;
    };
    url.strip_prefix(b"tg://user?id=")
        .map(super::entities::leading_int)
        .map(Value::Int)
}

/// The query alone, as older releases take it, or with the chats to choose from.
fn switch_inline<'a, S: Source<'a>>(text: Value, query: S) -> Result<Value, ConvertError> {
    if query.view() != View::Array {
        return Ok(object!("keyboardButtonSwitchInline", text: text, query: owned(query)?));
    }
    let types = PEER_TYPES
        .into_iter()
        .filter(|(key, _)| present(query, key).is_some_and(scalars::truth));
    let types: Vec<_> = types
        .flat_map(|(_, names)| names)
        .map(|name| object!(*name))
        .collect();
    Ok(object!(
        "keyboardButtonSwitchInline",
        text: text,
        query: optional(query, "query")?,
        peer_types: Some(types).filter(|types| !types.is_empty()),
    ))
}

fn present<'a, S: Source<'a>>(value: S, name: &str) -> Option<S> {
    value.named(name).filter(|value| value.view() != View::Null)
}

/// A field of an array that must be there.
fn required<'a, S: Source<'a>>(array: S, name: &str) -> Result<Value, ConvertError> {
    if array.view() != View::Array {
        return Err(ConvertError::Type(
            "Cannot access offset of type string on string".into(),
        ));
    }
    optional(array, name)?
        .ok_or_else(|| ConvertError::Warning(format!("Undefined array key \"{name}\"").into()))
}

fn optional<'a, S: Source<'a>>(array: S, name: &str) -> Result<Option<Value>, ConvertError> {
    present(array, name).map(owned).transpose()
}

/// The rows of a keyboard, or the buttons of a row.
fn items<'a, S: Source<'a>>(array: S) -> Result<S::Items, ConvertError> {
    match array.view() {
        View::Array => Ok(array.items()),
        other => {
            let given = scalars::type_name(other);
            let text = format!("foreach() argument must be of type array|object, {given} given");
            Err(ConvertError::Warning(text.into()))
        }
    }
}

/// A copy of a script's value.
fn owned<'a, S: Source<'a>>(value: S) -> Result<Value, ConvertError> {
    copy(value, 0)
}

fn copy<'a, S: Source<'a>>(value: S, depth: usize) -> Result<Value, ConvertError> {
    Ok(match value.view() {
        View::Null => Value::Null,
        View::Bool(truth) => Value::Bool(truth),
        View::Int(number) => Value::Int(number),
        View::Double(number) => Value::Double(number),
        View::Text(text) => Value::Text(text.to_vec()),
        View::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        View::Array if depth == MAX_DEPTH => {
            let text = "Arrays are nested too deep, or contain themselves";
            return Err(ConvertError::Tl(text.into()));
        }
        View::Array if value.is_list() => value
            .items()
            .map(|item| copy(item, depth + 1))
            .collect::<Result<Vec<_>, _>>()?
            .into(),
        View::Array => {
            let name = super::objects::constructor_name(value)
                .unwrap_or_default()
                .into_owned();
            let mut object = Object::new(name);
            value.entries(|key, item| {
                let key = match key {
                    EntryKey::Index(index) => index.to_string(),
                    EntryKey::Name(name) => String::from_utf8_lossy(name).into_owned(),
                };
                if key != "_" {
                    object.set(key, copy(item, depth + 1)?);
                }
                Ok::<_, ConvertError>(())
            })?;
            Value::Object(object)
        }
        View::Opaque => {
            let given = value
                .description()
                .unwrap_or_else(|| "an object".to_owned());
            let text = format!("A keyboard has texts, numbers and arrays; {given} was given");
            return Err(ConvertError::Type(text.into()));
        }
    })
}
