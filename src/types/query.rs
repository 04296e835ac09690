//! `\danog\MadelineProto\EventHandler\CallbackQuery` and its relatives: presses of buttons below messages, as bots get them
//! (specification §8.6).

mod inline;

use std::ffi::CStr;
use std::rc::Rc;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendObject, ZendStr, Zval};

use super::bytes;
use super::fields::{Fields, names, number};
use super::ipc_capable;
use super::message::actions::{self, give, given};
use super::update::{UPDATE, public_properties};
use crate::api::instance::Instance;
use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::zval::sink;

pub(super) use inline::through_bot;

/// Where filters leave what they have found.
pub(super) const MATCHES: Property =
    Property::new(c"matches", Type::ARRAY.nullable(), Literal::Null);
/// Where filters leave all that they have found.
pub(super) const MATCHES_ALL: Property =
    Property::new(c"matchesAll", Type::ARRAY.nullable(), Literal::Null);

/// For how many seconds the presser's client may show an answer again: as Telegram advises.
const CACHE_TIME: i64 = 300;

/// Any press.
static CALLBACK_QUERY: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\CallbackQuery",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&UPDATE)),
    properties: &[
        Property::filled(c"queryId", Type::INT),
        Property::filled(c"userId", Type::INT),
        Property::filled(c"chatInstance", Type::INT),
    ],
    methods: &[Method::new(c"answer", answer)
        .params(&[
            Param::required(c"message", Type::STRING),
            Param::optional(c"alert", Type::BOOL, c"false"),
            Param::optional(c"url", Type::STRING.nullable(), c"null"),
            Param::optional(c"cacheTime", Type::INT, c"300"),
        ])
        .returns(Type::BOOL)],
    ..Class::DEFAULT
};

/// Of a button with data.
pub(crate) static BUTTON_QUERY: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Query\\ButtonQuery",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&CALLBACK_QUERY)),
    properties: &[
        Property::filled(c"data", Type::STRING),
        MATCHES,
        MATCHES_ALL,
    ],
    methods: &[Method::new(c"jsonSerialize", button_json).returns(Type::MIXED)],
    ..Class::DEFAULT
};

/// Of a button that starts a game.
static GAME_QUERY: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Query\\GameQuery",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&CALLBACK_QUERY)),
    properties: &[Property::filled(c"gameShortName", Type::STRING)],
    ..Class::DEFAULT
};

static CHAT_BUTTON_QUERY: Class = of_chat(
    c"danog\\MadelineProto\\EventHandler\\Query\\ChatButtonQuery",
    &BUTTON_QUERY,
);

static CHAT_GAME_QUERY: Class = of_chat(
    c"danog\\MadelineProto\\EventHandler\\Query\\ChatGameQuery",
    &GAME_QUERY,
);

/// Which message has the button.
const PLACE: &[Property] = &[
    Property::filled(c"chatId", Type::INT),
    Property::filled(c"messageId", Type::INT),
];

/// Below a message in a chat.
const fn of_chat(name: &'static CStr, parent: &'static Class) -> Class {
    Class {
        name,
        flags: Class::FINAL,
        parent: Some(Base::Ours(parent)),
        properties: PLACE,
        traits: actions::PRESSED,
        ..Class::DEFAULT
    }
}

/// The classes of this module and of the one below, parents first.
pub(super) static CLASSES: &[&Class] = &[
    &CALLBACK_QUERY,
    &BUTTON_QUERY,
    &GAME_QUERY,
    &CHAT_BUTTON_QUERY,
    &CHAT_GAME_QUERY,
    &inline::BUTTON,
    &inline::GAME,
];

/// The object for an `updateBotCallbackQuery`.
///
/// # Errors
/// `Exception` where something is missing or of another type than TL says.
pub(super) fn in_chat(instance: &Rc<Instance>, update: &Fields<'_>) -> Result<Zval, Thrown> {
    let classes = [&CHAT_BUTTON_QUERY, &CHAT_GAME_QUERY];
    let (mut object, class) = pressed(instance, update, classes)?;
    class.fill(
        Object::new(&mut object),
        [
            number(update.required_peer(&names::PEER)?),
            number(update.required_int(&names::MSG_ID)?),
        ],
    );
    Ok(object.into_zval(false)?)
}

/// An object of one of two classes, of a button's or of a game's, with what both have in common.
fn pressed(
    instance: &Rc<Instance>,
    update: &Fields<'_>,
    [button, game]: [&'static Class; 2],
) -> Result<(ZBox<ZendObject>, &'static Class), Thrown> {
    let game_name = update.text(&names::GAME_SHORT_NAME)?;
    let is_game = !game_name.is_null();
    let class = if is_game { game } else { button };
    let mut object = ipc_capable::new(class, instance);
    let slots = Object::new(&mut object);
    CALLBACK_QUERY.fill(
        slots,
        [
            number(update.required_int(&names::QUERY_ID)?),
            number(update.required_int(&names::USER_ID)?),
            number(update.required_int(&names::CHAT_INSTANCE)?),
        ],
    );
    if is_game {
        GAME_QUERY.fill(slots, [game_name]);
    } else {
        let data = sink::text(update.required_bytes(&names::DATA)?);
        BUTTON_QUERY.fill(slots, [data, Zval::new(), Zval::new()]);
    }
    Ok((object, class))
}

/// Shows a text to who has pressed, and opens a link.
fn answer(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let query = CALLBACK_QUERY.read_set(this, "queryId")?;
    let instance = ipc_capable::instance_of(this)?;
    let done = actions::request(
        &instance,
        "messages.setBotCallbackAnswer",
        [
            ("query_id", query),
            ("message", given(frame, 0)),
            ("alert", Zval::from(frame.bool(1).unwrap_or_default())),
            ("url", given(frame, 2)),
            ("cache_time", number(frame.int(3).unwrap_or(CACHE_TIME))),
        ],
    )?;
    give(frame, done)
}

/// As of other objects, but the data may be any bytes.
fn button_json(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let mut json = public_properties(this)?;
    let data = BUTTON_QUERY.read(this, "data");
    let data = data.zend_str().map(ZendStr::as_bytes).unwrap_or_default();
    // SAFETY: a new object with one reference, which the box takes.
    json.insert("data", unsafe { ZBox::from_raw(bytes::new(data)) })?;
    frame.give(json)
}
