//! Inline queries, and buttons below messages that were sent by way of a bot.

use ext_php_rs::types::Zval;

use super::{INLINE_BUTTON, INLINE_GAME};
use crate::call;
use crate::class::{
    Base, Class, Frame, Literal, Method, Object, Param, Property, Type, is_a, read_property,
};
use crate::exceptions::Thrown;
use crate::types::ipc_capable;
use crate::types::message::actions;
use crate::types::update::UPDATE;

/// What somebody has typed after the bot's name in any chat.
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
        Property::filled(
            c"peerType",
            Type::class(c"danog\\MadelineProto\\EventHandler\\InlineQueryPeerType").nullable(),
        ),
        Property::new(c"matches", Type::ARRAY.nullable(), Literal::Null),
        Property::new(c"matchesAll", Type::ARRAY.nullable(), Literal::Null),
    ],
    ..Class::DEFAULT
};

/// In what kind of chat.
pub(super) static PEER_TYPE: Class = Class {
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

/// What can be done with such a message.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"editText", |frame: &mut Frame<'_>| {
        edit(
            frame,
            [
                ("message", given(frame, 0)),
                ("reply_markup", given(frame, 1)),
                ("parse_mode", given(frame, 2)),
                ("no_webpage", Zval::from(frame.bool(3).unwrap_or_default())),
            ],
        )
    })
    .params(&[
        Param::required(c"message", Type::STRING),
        Param::optional(c"replyMarkup", Type::ARRAY.nullable(), c"null"),
        Param::optional(c"parseMode", Type::MIXED, c"null"),
        Param::optional(c"noWebpage", Type::BOOL, c"false"),
    ])
    .returns(Type::VOID),
    Method::new(c"editReplyMarkup", |frame: &mut Frame<'_>| {
        edit(frame, [("reply_markup", given(frame, 0))])
    })
    .params(&[Param::required(c"replyMarkup", Type::ARRAY)])
    .returns(Type::VOID),
];

fn given(frame: &Frame<'_>, index: usize) -> Zval {
    frame
        .arg(index)
        .map(Zval::shallow_clone)
        .unwrap_or_default()
}

fn edit<const COUNT: usize>(
    frame: &Frame<'_>,
    fields: [(&str, Zval); COUNT],
) -> Result<(), Thrown> {
    let this = frame.this()?;
    let instance = ipc_capable::instance_of(this)?;
    let arguments = actions::table(fields)?;
    let mut arguments = arguments.array().map(ToOwned::to_owned).unwrap_or_default();
    arguments.insert("id", raw_id(this)?)?;
    let method = call::method(&instance, "messages.editInlineBotMessage")?;
    call::perform(&instance, method, &crate::zval::sink::array(arguments)).map(drop)
}

/// The message's `InputBotInlineMessageID`.
fn raw_id(this: &Object) -> Result<Zval, Thrown> {
    let classes = [&INLINE_BUTTON, &INLINE_GAME];
    let class = classes
        .into_iter()
        .find(|class| is_a(this.ce, class.entry()));
    let class = class.map_or(this.ce, Class::entry);
    let id = read_property(class, this, "rawId", false);
    Thrown::pending()?;
    Ok(id)
}
