//! `\danog\MadelineProto\EventHandler\CallbackQuery` and `InlineQuery`: what users ask of bots, as objects (specification §8.6).

mod inline;
mod made;

use ext_php_rs::types::Zval;

use super::message::actions;
use super::update::{UPDATE, public_properties};
use super::{bytes, ipc_capable};
use crate::call;
use crate::class::{Base, Class, Frame, Literal, Method, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::zval::entries;

pub(crate) use inline::INLINE_QUERY;
pub(super) use made::{callback, inline_query};

/// A pressed button.
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

/// A pressed button with data. A bad client can send any.
pub(crate) static BUTTON_QUERY: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Query\\ButtonQuery",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&CALLBACK_QUERY)),
    properties: &[
        Property::filled(c"data", Type::STRING),
        Property::new(c"matches", Type::ARRAY.nullable(), Literal::Null),
        Property::new(c"matchesAll", Type::ARRAY.nullable(), Literal::Null),
    ],
    methods: &[Method::new(c"jsonSerialize", |frame: &mut Frame<'_>| {
        let mut json = public_properties(frame.this()?)?;
        if let Some(data) = json.get("data").and_then(Zval::zend_str) {
            let mut value = Zval::new();
            // SAFETY: a new object with one reference, which the value takes instead of adding its own.
            unsafe {
                let object = bytes::new(data.as_bytes());
                value.set_object(&mut *object);
                (*object).gc.refcount -= 1;
            }
            entries::insert(&mut json, b"data", value);
        }
        frame.give(json)
    })
    .returns(Type::MIXED)],
    ..Class::DEFAULT
};

/// A pressed button of a game.
static GAME_QUERY: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Query\\GameQuery",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&CALLBACK_QUERY)),
    properties: &[Property::filled(c"gameShortName", Type::STRING)],
    ..Class::DEFAULT
};

/// Below a message of the bot.
const IN_CHAT: &[Property] = &[
    Property::filled(c"chatId", Type::INT),
    Property::filled(c"messageId", Type::INT),
];
/// Below a message that was sent by way of the bot.
const INLINE: &[Property] = &[
    Property::filled(c"inlineMessageId", Type::STRING),
    Property::filled(c"rawId", Type::ARRAY).protected(),
];

macro_rules! places {
    ($($symbol:ident $name:literal $parent:ident $properties:ident $methods:expr;)*) => {
        $(static $symbol: Class = Class {
            name: crate::class::c_str(concat!("danog\\MadelineProto\\EventHandler\\Query\\", $name, "\0")),
            flags: Class::FINAL,
            parent: Some(Base::Ours(&$parent)),
            properties: $properties,
            traits: $methods,
            ..Class::DEFAULT
        };)*

        /// The classes of this module, parents first.
        pub(super) static CLASSES: &[&Class] = &[
            &CALLBACK_QUERY, &BUTTON_QUERY, &GAME_QUERY, $(&$symbol,)* &inline::PEER_TYPE, &INLINE_QUERY,
        ];
    };
}

places! {
    CHAT_BUTTON "ChatButtonQuery" BUTTON_QUERY IN_CHAT actions::QUERY;
    CHAT_GAME "ChatGameQuery" GAME_QUERY IN_CHAT actions::QUERY;
    INLINE_BUTTON "InlineButtonQuery" BUTTON_QUERY INLINE &[inline::METHODS];
    INLINE_GAME "InlineGameQuery" GAME_QUERY INLINE &[inline::METHODS];
}

/// `answer(string $message, bool $alert, ?string $url, int $cacheTime): bool`
fn answer(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let instance = ipc_capable::instance_of(this)?;
    let given = |index| {
        frame
            .arg(index)
            .map(Zval::shallow_clone)
            .unwrap_or_default()
    };
    let cache_time = match frame.arg(3) {
        Some(seconds) => seconds.shallow_clone(),
        None => actions::int(300)?,
    };
    let arguments = actions::table([
        ("query_id", CALLBACK_QUERY.read_set(this, "queryId")?),
        ("message", given(0)),
        ("alert", Zval::from(frame.bool(1).unwrap_or_default())),
        ("url", given(2)),
        ("cache_time", cache_time),
    ])?;
    let method = call::method(&instance, "messages.setBotCallbackAnswer")?;
    let done = call::perform(&instance, method, &arguments)?;
    frame.give_zval(done);
    Ok(())
}
