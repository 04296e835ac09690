//! Keys in the arguments of a call that are not the method's: how the call is made (specification §1.6).
//!
//! Where the method has a parameter of that name, the key is the method's.

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::{Call, Client, DcId};
use madeline_tl::Definition;

use super::is_of_type;
use crate::exceptions::Thrown;
use crate::function;

/// Does what they say to a call.
///
/// # Errors
/// `Exception` where a value cannot be used, or where what is asked for is not to be had.
pub(super) fn apply(
    call: &mut Call,
    client: &Client,
    method: Definition<'_>,
    arguments: &ZendHashTable,
) -> Result<(), Thrown> {
    let given = Given { method, arguments };
    if let Some(limit) = given.number(FLOOD_WAIT)? {
        call.flood_limit = Some(limit);
    }
    if let Some(dc) = given.dc()?.or_else(|| inline_dc(method, arguments)) {
        call.dc = Some(dc);
    }
    if let Some(id) = given.number(TAKEOUT)?
        && !call.within_takeout(method.schema(), id)
    {
        return Err(unusable("takeoutId", "a schema with invokeWithTakeout"));
    }
    if let Some((key, id)) = given.text(BUSINESS)?
        && !call.within_business_connection(method.schema(), &id)
    {
        return Err(unusable(key, "a schema with invokeWithBusinessConnection"));
    }
    if let Some((_, queue)) = given.text(QUEUE)? {
        call.turn = Some(client.queue(&queue));
    }
    for (key, why) in REFUSED {
        if given.get(key).is_some_and(Zval::coerce_to_bool) {
            return Err(Thrown::Exception(format!("`{key}` cannot be used: {why}")));
        }
    }
    Ok(())
}

/// Whether the method is about a message that was sent through a bot: those are at home at the data centre of who sent them, and are
/// changed there (specification §2.1).
pub(super) fn is_of_inline_message(method: Definition<'_>) -> bool {
    let id = method.param("id");
    id.is_some_and(|id| is_of_type(method, id.ty(), "InputBotInlineMessageID"))
}

fn inline_dc(method: Definition<'_>, arguments: &ZendHashTable) -> Option<DcId> {
    if !is_of_inline_message(method) {
        return None;
    }
    let id = arguments.get("id")?.dereference().array()?;
    let number = id.get("dc_id")?.dereference().long()?;
    number.try_into().ok().filter(|dc| *dc > 0).map(DcId)
}

/// Whether a key in the arguments is one that [`apply`] reads.
pub(super) fn takes(key: &[u8]) -> bool {
    let keys = [FLOOD_WAIT, DC, TAKEOUT, BUSINESS, QUEUE];
    let mut all = keys
        .into_iter()
        .flatten()
        .chain(REFUSED.iter().map(|(key, _)| key));
    all.any(|option| option.as_bytes() == key)
}

const FLOOD_WAIT: &[&str] = &["floodWaitLimit", "FloodWaitLimit"];
const DC: &[&str] = &["datacenter"];
const TAKEOUT: &[&str] = &["takeoutId"];
const BUSINESS: &[&str] = &["businessConnectionId"];
const QUEUE: &[&str] = &["queueId", "queue"];

const REFUSED: [(&str, &str); 2] = [
    (
        "madelineMsgId",
        "the numbers of messages are the session's, which makes and checks them",
    ),
    ("botAPI", "results are arrays of Telegram's API"),
];

/// The arguments of a call.
struct Given<'g> {
    method: Definition<'g>,
    arguments: &'g ZendHashTable,
}

impl Given<'_> {
    /// A value that is not the method's own.
    fn get(&self, key: &str) -> Option<&Zval> {
        let value = self.arguments.get(key)?.dereference();
        (!value.is_null() && self.method.param(key).is_none()).then_some(value)
    }

    fn number(&self, keys: &[&'static str]) -> Result<Option<i64>, Thrown> {
        let Some((key, value)) = self.first(keys) else {
            return Ok(None);
        };
        match integer(value) {
            Some(number) => Ok(Some(number)),
            None => Err(wrong(key, "an int", value)),
        }
    }

    fn text(&self, keys: &[&'static str]) -> Result<Option<(&'static str, Vec<u8>)>, Thrown> {
        let Some((key, value)) = self.first(keys) else {
            return Ok(None);
        };
        match (value.zend_str(), value.long()) {
            (Some(text), _) => Ok(Some((key, text.as_bytes().to_vec()))),
            (None, Some(number)) => Ok(Some((key, number.to_string().into_bytes()))),
            (None, None) => Err(wrong(key, "a string", value)),
        }
    }

    /// Of releases 4 to 7, which wrote `2_media` for the connections of files: those are chosen by the method.
    fn dc(&self) -> Result<Option<DcId>, Thrown> {
        let Some((key, value)) = self.first(DC) else {
            return Ok(None);
        };
        let text = value.str().map(|text| text.trim_end_matches("_media"));
        let number = integer(value).or_else(|| text?.parse().ok());
        number
            .and_then(|number| number.checked_abs()?.try_into().ok())
            .filter(|number| *number > 0)
            .map(|number| Some(DcId(number)))
            .ok_or_else(|| wrong(key, "the number of a data centre", value))
    }

    fn first(&self, keys: &[&'static str]) -> Option<(&'static str, &Zval)> {
        keys.iter().find_map(|key| Some((*key, self.get(key)?)))
    }
}

/// An int, or a string that is one.
fn integer(value: &Zval) -> Option<i64> {
    value.long().or_else(|| value.str()?.trim().parse().ok())
}

fn wrong(key: &str, expected: &str, value: &Zval) -> Thrown {
    let came = match (value.str(), value.long()) {
        (Some(text), _) => format!("'{text}'"),
        (None, Some(number)) => number.to_string(),
        (None, None) => function::type_name(value),
    };
    Thrown::Exception(format!("`{key}` must be {expected}, {came} was given"))
}

fn unusable(key: &str, needs: &str) -> Thrown {
    Thrown::Exception(format!("`{key}` cannot be used: it needs {needs}"))
}
