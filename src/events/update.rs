//! One update as scripts get it.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::PeerId;
use madeline_tl::{Decoder, Ty};

use crate::api::dialect::Dialect;
use crate::api::instance::Instance;
use crate::call;
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::types::button::Owner;
use crate::zval::ZvalSink;

/// Updates that concern the client and not scripts.
pub(super) const SUPPRESSED: [&str; 2] = ["updateDcOptions", "updateLoginToken"];

/// The constructor's id.
pub(super) fn constructor(update: &[u8]) -> u32 {
    update
        .first_chunk()
        .map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Decodes an update in the instance's dialect. `None` where a script does not get it: it concerns the client, has an empty
/// message, or cannot be read; the log says so then.
pub(super) fn decode(
    instance: &Rc<Instance>,
    own: Option<i64>,
    update: &[u8],
) -> Result<Option<Zval>, Thrown> {
    let schema = instance.schema();
    let id = constructor(update);
    let Some(definition) = schema.constructor_by_id(id) else {
        unknown(instance, id);
        return Ok(None);
    };
    if SUPPRESSED.contains(&definition.name()) {
        return Ok(None);
    }
    let owner = Owner {
        instance,
        own_id: own,
    };
    let mut sink = ZvalSink::new(instance.keys(), Some(owner));
    let decoded = Decoder::new(schema, instance.shape()).decode(Ty::Object, update, &mut sink);
    let value = match decoded {
        Ok((value, _)) => value,
        Err(error) => {
            logger::write(Level::Error, || {
                format!(
                    "An update of {} does not fit the schema, {}: {error}",
                    instance.name(),
                    definition.name()
                )
            });
            return Ok(None);
        }
    };
    if sink.seen().next().is_some() {
        instance.client()?.learn(sink.seen())?;
    }
    let mut value = value.into_zval();
    let message = value
        .array_mut()
        .and_then(|update| update.get_mut("message"))
        .and_then(Zval::array_mut);
    if let Some(message) = message {
        if message.get("_").and_then(Zval::str) == Some("messageEmpty") {
            return Ok(None);
        }
        complete(message, own, instance.dialect())?;
    }
    Ok(Some(value))
}

/// Says that the server has sent something that the schema does not have.
pub(super) fn unknown(instance: &Instance, id: u32) {
    logger::write(Level::Error, || {
        format!(
            "An update of {} has a constructor that the schema does not have: {id:08x}",
            instance.name()
        )
    });
}

/// What Telegram leaves out of messages: that one is the own user's, and in private chats who sent it.
fn complete(message: &mut ZendHashTable, own: Option<i64>, dialect: Dialect) -> Result<(), Thrown> {
    let user = |key: &str| message.get(key).and_then(user_id);
    let (from, peer) = (user("from_id"), user("peer_id"));
    let is_out = message.get("out").and_then(Zval::bool);
    let is_own = own.is_some() && (from == own || from.is_none() && peer == own);
    if is_own && is_out == Some(false) {
        message.insert("out", true)?;
    }
    if dialect == Dialect::V8
        && message.get("from_id").is_none()
        && let Some(peer) = peer.filter(|peer| *peer > 0)
    {
        let sender = if is_own || is_out == Some(true) {
            own.unwrap_or(peer)
        } else {
            peer
        };
        message.insert("from_id", sender)?;
    }
    Ok(())
}

/// The user's id, in the form of any dialect.
pub(super) fn user_id(peer: &Zval) -> Option<i64> {
    peer.long().or_else(|| peer.array()?.get("user_id")?.long())
}

/// The own user's id in the form of the bot API.
pub(super) fn own_id(instance: &Instance) -> Result<Option<i64>, Thrown> {
    Ok(call::own_id(&instance.client()?).map(PeerId::bot_api))
}
