//! `\danog\MadelineProto\EventHandler\InlineQuery`: what somebody writes after a bot's name, to send a message through it
//! (specification §8.6).

use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::Zval;

use super::fields::{Fields, names, number};
use super::query::{MATCHES, MATCHES_ALL};
use super::update::UPDATE;
use super::{ipc_capable, media};
use crate::api::instance::Instance;
use crate::class::{Base, Class, Frame, Literal, Method, Object, Property, Type};
use crate::exceptions::Thrown;

/// The class. `peerType` is null where Telegram does not say it, as for secret chats; MadelineProto makes no object then.
pub(crate) static INLINE_QUERY: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\InlineQuery",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&UPDATE)),
    properties: &[
        Property::filled(c"queryId", Type::INT),
        Property::filled(c"query", Type::STRING),
        Property::filled(c"userId", Type::INT),
        Property::filled(c"offset", Type::STRING),
        Property::filled(
            c"geo",
            Type::class(c"danog\\MadelineProto\\EventHandler\\Media\\GeoPoint").nullable(),
        ),
        Property::filled(c"peerType", Type::class(PEER_TYPE.name).nullable()),
        MATCHES,
        MATCHES_ALL,
    ],
    ..Class::DEFAULT
};

/// In what chat it is written. The values are the constructors of `InlineQueryPeerType`.
static PEER_TYPE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\InlineQueryPeerType",
    interfaces: &[Base::JsonSerializable],
    cases: &[
        c"PM",
        c"Chat",
        c"BotPM",
        c"Broadcast",
        c"Megagroup",
        c"SameBotPM",
    ],
    case_values: &[
        Literal::Text("inlineQueryPeerTypePM"),
        Literal::Text("inlineQueryPeerTypeChat"),
        Literal::Text("inlineQueryPeerTypeBotPM"),
        Literal::Text("inlineQueryPeerTypeBroadcast"),
        Literal::Text("inlineQueryPeerTypeMegagroup"),
        Literal::Text("inlineQueryPeerTypeSameBotPM"),
    ],
    methods: &[Method::new(c"jsonSerialize", |frame: &mut Frame<'_>| {
        let name = PEER_TYPE.read(frame.this()?, "name");
        frame.give_zval(name);
        Ok(())
    })
    .returns(Type::STRING)],
    ..Class::DEFAULT
};

/// The classes of this module.
pub(super) static CLASSES: &[&Class] = &[&PEER_TYPE, &INLINE_QUERY];

/// The object for an `updateBotInlineQuery`.
///
/// # Errors
/// `Exception` where something is missing or of another type than TL says.
pub(super) fn of(instance: &Rc<Instance>, update: &Fields<'_>) -> Result<Zval, Thrown> {
    let place = update.object(&names::GEO, "update.geo")?;
    let kind = update.object(&names::PEER_TYPE, "update.peer_type")?;
    let mut object = ipc_capable::new(&INLINE_QUERY, instance);
    INLINE_QUERY.fill(
        Object::new(&mut object),
        [
            number(update.required_int(&names::QUERY_ID)?),
            update.required_text_value(&names::QUERY)?,
            number(update.required_int(&names::USER_ID)?),
            update.required_text_value(&names::OFFSET)?,
            place.map_or(Ok(Zval::new()), |place| media::geo_point(&place))?,
            kind.map_or(Ok(Zval::new()), |kind| peer_type(&kind))?,
            Zval::new(),
            Zval::new(),
        ],
    );
    Ok(object.into_zval(false)?)
}

fn peer_type(kind: &Fields<'_>) -> Result<Zval, Thrown> {
    PEER_TYPE.case_of(kind.predicate()).ok_or_else(|| {
        Thrown::Exception(format!(
            "update.peer_type: expected an InlineQueryPeerType, found {}",
            kind.described()
        ))
    })
}
