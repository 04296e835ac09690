//! Updates as objects: `wrapUpdate()`.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};

use super::fields::{Fields, names};
use super::{inline_query, message, query};
use crate::api::instance::Instance;
use crate::broadcast;
use crate::exceptions::Thrown;

/// The updates of the server that there are objects for.
pub(crate) const KNOWN: [&str; 8] = [
    "updateNewMessage",
    "updateNewChannelMessage",
    "updateNewScheduledMessage",
    "updateEditMessage",
    "updateEditChannelMessage",
    "updateBotCallbackQuery",
    "updateInlineBotCallbackQuery",
    "updateBotInlineQuery",
];

/// The object for an update: for one with a message that message; for presses of buttons, inline queries and the progress of
/// broadcasts an object of their own. `None` for what MadelineProto has no class for, and for what is not there yet: messages of
/// secret chats, stories, calls, pins, deletions, typing, and what happens to users, channels and bots.
///
/// # Errors
/// `Exception` for what is no update, and where something is missing in one or of another type than TL says (MadelineProto logs
/// it and gives null); what [`message::wrap`] throws.
pub(crate) fn wrap_update(
    instance: &Rc<Instance>,
    update: &ZendHashTable,
) -> Result<Option<Zval>, Thrown> {
    let fields = Fields::new(update, "update");
    let object = match fields.predicate() {
        "" => {
            return Err(Thrown::Exception(format!(
                "wrapUpdate(): expected an update, found {}",
                fields.described()
            )));
        }
        name @ ("updateNewMessage"
        | "updateNewChannelMessage"
        | "updateNewScheduledMessage"
        | "updateEditMessage"
        | "updateEditChannelMessage") => {
            let message = fields.required_array(&names::MESSAGE)?;
            return message::wrap(instance, message, name == "updateNewScheduledMessage");
        }
        "updateBotCallbackQuery" => query::in_chat(instance, &fields)?,
        "updateInlineBotCallbackQuery" => query::through_bot(instance, &fields)?,
        "updateBotInlineQuery" => inline_query::of(instance, &fields)?,
        "updateBroadcastProgress" => {
            fields.required_instance(&names::PROGRESS, &broadcast::PROGRESS)?
        }
        _ => return Ok(None),
    };
    Ok(Some(object))
}
