//! Updates as objects.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};

use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::types::fields::{Fields, names};
use crate::types::{message, query};

/// The updates that there are objects for.
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

/// The object for an update as handlers get it: an array. `None` for those that there is no class for; MadelineProto has some
/// more.
///
/// # Errors
/// `Exception` for what does not look as the server sends it.
pub(crate) fn wrap(
    instance: &Rc<Instance>,
    update: &ZendHashTable,
) -> Result<Option<Zval>, Thrown> {
    let fields = Fields::new(update, "update");
    match fields.predicate() {
        "updateBotCallbackQuery" => query::callback(instance, &fields, false).map(Some),
        "updateInlineBotCallbackQuery" => query::callback(instance, &fields, true).map(Some),
        "updateBotInlineQuery" => query::inline_query(instance, &fields).map(Some),
        name if KNOWN.contains(&name) => {
            let found = fields.required_array(&names::MESSAGE)?;
            message::wrap(instance, found, name == "updateNewScheduledMessage")
        }
        _ => Ok(None),
    }
}
