//! Text and keyboards as clients send them: Telegram's limits, and input buttons in the form others see.

use madeline_tl::{Value, object};

use super::{Call, text};
use crate::error::{RpcError, bad_request};
use crate::methods::help::{CAPTION_LENGTH_MAX, MESSAGE_LENGTH_MAX};
use crate::state::{Body, found_entities};

impl Call<'_> {
    /// The body of `messages.sendMessage` or `messages.editMessage`.
    pub(super) fn body(&self, query: &Value) -> Result<Body, RpcError> {
        let message = text(query, "message")?;
        if message.trim().is_empty() {
            return Err(bad_request("MESSAGE_EMPTY"));
        }
        self.words(query, MESSAGE_LENGTH_MAX, "MESSAGE_TOO_LONG")
    }

    /// What a call says beside a file; that may be nothing.
    pub(super) fn caption(&self, query: &Value) -> Result<Body, RpcError> {
        self.words(query, CAPTION_LENGTH_MAX, "MEDIA_CAPTION_TOO_LONG")
    }

    fn words(&self, query: &Value, limit: i32, complaint: &str) -> Result<Body, RpcError> {
        let message = text(query, "message")?.trim_end();
        if message.chars().count() > limit as usize {
            return Err(bad_request(complaint));
        }
        let mut entities = Vec::new();
        let units = message.encode_utf16().count() as i64;
        for entity in query.list("entities").unwrap_or_default() {
            entities.extend(self.entity(entity, units)?);
        }
        if entities.is_empty() {
            entities = found_entities(message);
        }
        let markup = match query.get("reply_markup") {
            Value::Null => None,
            markup => self.markup(markup)?,
        };
        Ok(Body {
            text: message.to_owned(),
            entities,
            markup,
            media: None,
            action: None,
        })
    }

    /// An entity as others see it. One of no length disappears; one that reaches beyond the text is an error, except
    /// for the white space that was cut off.
    fn entity(&self, entity: &Value, units: i64) -> Result<Option<Value>, RpcError> {
        let (offset, length) = (
            entity.int("offset").unwrap_or(0),
            entity.int("length").unwrap_or(0),
        );
        if offset < 0 || length < 0 {
            return Err(bad_request("ENTITY_BOUNDS_INVALID"));
        }
        let length = length.min(units - offset);
        if length <= 0 {
            return Ok(None);
        }
        if entity.name() == "inputMessageEntityMentionName" {
            let user_id = self.state.input_user(self.user, entity.get("user_id"))?;
            return Ok(Some(object!("messageEntityMentionName",
                offset: offset as i32, length: length as i32, user_id: user_id)));
        }
        Ok(Some(with_field(entity, "length", Value::Int(length))))
    }

    /// A keyboard as others see it. People can't send any: Telegram drops theirs.
    pub(super) fn markup(&self, markup: &Value) -> Result<Option<Value>, RpcError> {
        if !self.state.is_bot(self.user) {
            return Ok(None);
        }
        let inline = markup.name() == "replyInlineMarkup";
        if !inline && markup.name() != "replyKeyboardMarkup" {
            return Ok(Some(markup.clone()));
        }
        let mut rows = Vec::new();
        for row in markup.list("rows").unwrap_or_default() {
            let mut buttons = Vec::new();
            for button in row.list("buttons").unwrap_or_default() {
                buttons.push(self.button(button, inline)?);
            }
            if !buttons.is_empty() {
                rows.push(object!("keyboardButtonRow", buttons: buttons));
            }
        }
        if rows.is_empty() {
            return if inline {
                Ok(None)
            } else {
                Err(bad_request("REPLY_MARKUP_INVALID"))
            };
        }
        Ok(Some(with_field(markup, "rows", Value::List(rows))))
    }

    fn button(&self, button: &Value, inline: bool) -> Result<Value, RpcError> {
        if text(button, "text")?.is_empty() {
            return Err(bad_request("BUTTON_TEXT_INVALID"));
        }
        let style = || Some(button.get("style").clone()).filter(|style| *style != Value::Null);
        let belongs_inline = matches!(
            button.name(),
            "keyboardButtonCallback"
                | "keyboardButtonUrl"
                | "keyboardButtonUrlAuth"
                | "inputKeyboardButtonUrlAuth"
                | "keyboardButtonSwitchInline"
                | "keyboardButtonGame"
                | "keyboardButtonBuy"
                | "keyboardButtonUserProfile"
                | "inputKeyboardButtonUserProfile"
                | "keyboardButtonWebView"
                | "keyboardButtonCopy"
        );
        if inline != belongs_inline {
            return Err(bad_request("BUTTON_TYPE_INVALID"));
        }
        match button.name() {
            "keyboardButtonCallback" => {
                let data = button.bytes("data").unwrap_or_default();
                if data.is_empty() || data.len() > 64 {
                    return Err(bad_request("BUTTON_DATA_INVALID"));
                }
                Ok(button.clone())
            }
            "keyboardButtonUrl" => {
                let url = text(button, "url")?;
                let schemes = ["https://", "http://", "tg://"];
                if !schemes.iter().any(|scheme| url.starts_with(scheme)) {
                    return Err(bad_request("BUTTON_URL_INVALID"));
                }
                Ok(button.clone())
            }
            "inputKeyboardButtonUserProfile" => {
                let user_id = self
                    .state
                    .input_user(self.user, button.get("user_id"))
                    .map_err(|_| bad_request("BUTTON_USER_INVALID"))?;
                Ok(object!("keyboardButtonUserProfile",
                    style: style(), text: button.get("text").clone(), user_id: user_id))
            }
            "inputKeyboardButtonUrlAuth" => Ok(object!("keyboardButtonUrlAuth",
                style: style(),
                text: button.get("text").clone(),
                fwd_text: Some(button.get("fwd_text").clone()).filter(|text| *text != Value::Null),
                url: button.get("url").clone(),
                button_id: 0,
            )),
            "inputKeyboardButtonRequestPeer" => Ok(object!("keyboardButtonRequestPeer",
                style: style(),
                text: button.get("text").clone(),
                button_id: button.get("button_id").clone(),
                peer_type: button.get("peer_type").clone(),
                max_quantity: button.get("max_quantity").clone(),
            )),
            _ => Ok(button.clone()),
        }
    }
}

/// An object with one field changed.
fn with_field(value: &Value, key: &'static str, new: Value) -> Value {
    let mut changed = value.clone();
    if let Value::Object(object) = &mut changed {
        object.set(key, new);
    }
    changed
}
