//! The objects of queries, of the updates that tell of them.

use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::Zval;

use super::inline::PEER_TYPE;
use super::{
    BUTTON_QUERY, CALLBACK_QUERY, CHAT_BUTTON, CHAT_GAME, GAME_QUERY, INLINE_BUTTON, INLINE_GAME,
    INLINE_QUERY,
};
use crate::api::instance::Instance;
use crate::class::{Literal, Object};
use crate::exceptions::Thrown;
use crate::tools::binary::base64url;
use crate::types::fields::{Fields, names, number};
use crate::types::ipc_capable;
use crate::types::media::GEO_POINT;
use crate::zval::name::Name;
use crate::zval::sink;

/// Of `updateBotCallbackQuery`, and of `updateInlineBotCallbackQuery` where `is_inline`.
pub(in crate::types) fn callback(
    instance: &Rc<Instance>,
    update: &Fields<'_>,
    is_inline: bool,
) -> Result<Zval, Thrown> {
    let game = update.text(&names::GAME_SHORT_NAME)?;
    let class = match (is_inline, game.is_null()) {
        (false, true) => &CHAT_BUTTON,
        (false, false) => &CHAT_GAME,
        (true, true) => &INLINE_BUTTON,
        (true, false) => &INLINE_GAME,
    };
    let mut object = ipc_capable::new(class, instance);
    let slots = Object::new(&mut object);
    CALLBACK_QUERY.fill(
        slots,
        [
            number(update.required_int(&names::QUERY_ID)?),
            number(update.required_peer(&names::USER_ID)?),
            number(update.required_int(&names::CHAT_INSTANCE)?),
        ],
    );
    if game.is_null() {
        let data = sink::text(update.required_bytes(&names::DATA)?);
        BUTTON_QUERY.fill(slots, [data, Zval::new(), Zval::new()]);
    } else {
        GAME_QUERY.fill(slots, [game]);
    }
    if is_inline {
        let id = update.required_object(&names::MSG_ID, "update.msg_id")?;
        class.fill(slots, [text_id(&id)?, id.value()]);
    } else {
        class.fill(
            slots,
            [
                number(update.required_peer(&names::PEER)?),
                number(update.required_int(&names::MSG_ID)?),
            ],
        );
    }
    Ok(object.into_zval(false)?)
}

/// Of `updateBotInlineQuery`.
pub(in crate::types) fn inline_query(
    instance: &Rc<Instance>,
    update: &Fields<'_>,
) -> Result<Zval, Thrown> {
    let mut object = ipc_capable::new(&INLINE_QUERY, instance);
    INLINE_QUERY.fill(
        Object::new(&mut object),
        [
            number(update.required_int(&names::QUERY_ID)?),
            update.required_text_value(&names::QUERY)?,
            number(update.required_peer(&names::USER_ID)?),
            update.required_text_value(&names::OFFSET)?,
            place(update)?,
            peer_type(update)?,
            Zval::new(),
            Zval::new(),
        ],
    );
    Ok(object.into_zval(false)?)
}

/// A `GeoPoint`, where the user shares the place.
fn place(update: &Fields<'_>) -> Result<Zval, Thrown> {
    let point = update.object(&names::GEO, "update.geo")?;
    let Some(point) = point.filter(|point| point.predicate() == "geoPoint") else {
        return Ok(Zval::new());
    };
    let mut object = GEO_POINT.instantiate();
    let this: &Object = Object::new(&mut object);
    crate::function::call_public(this.ce, Some(this), "__construct", &mut [point.value()])?;
    Ok(object.into_zval(false)?)
}

fn peer_type(update: &Fields<'_>) -> Result<Zval, Thrown> {
    let ty = update.object(&names::PEER_TYPE, "update.peer_type")?;
    let name = ty.as_ref().map(Fields::predicate).unwrap_or_default();
    let place = PEER_TYPE.case_values.iter();
    let place = place.zip(PEER_TYPE.cases);
    let case = place.filter_map(|(value, case)| match value {
        Literal::Text(value) => (*value == name).then_some(*case),
        _ => None,
    });
    Ok(case
        .map(|case| PEER_TYPE.case(case))
        .next()
        .unwrap_or_default())
}

/// The bot API's text for an `InputBotInlineMessageID`: its numbers, little-endian, in base64url.
fn text_id(id: &Fields<'_>) -> Result<Zval, Thrown> {
    // Each number, and how many of its bytes.
    let numbers: &[(&Name, usize)] = match id.predicate() {
        "inputBotInlineMessageID64" => &[
            (&names::DC_ID, 4),
            (&names::OWNER_ID, 8),
            (&names::ID, 4),
            (&names::ACCESS_HASH, 8),
        ],
        "inputBotInlineMessageID" => &[
            (&names::DC_ID, 4),
            (&names::ID, 8),
            (&names::ACCESS_HASH, 8),
        ],
        other => {
            return Err(Thrown::Exception(format!(
                "update.msg_id: expected an InputBotInlineMessageID, found {}",
                if other.is_empty() {
                    "an array without \"_\""
                } else {
                    other
                }
            )));
        }
    };
    let mut bytes = Vec::new();
    for (name, size) in numbers {
        let number = id.required_int(name)?.to_le_bytes();
        bytes.extend(number.into_iter().take(*size));
    }
    Ok(sink::text(&base64url(&bytes)))
}
