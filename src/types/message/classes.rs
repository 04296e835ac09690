//! The classes of messages, and their properties (specification §8.6).
//!
//! Values are put into an object in the order of these tables: `wrap.rs` has the same order.

use ext_php_rs::types::Zval;

use super::simple_filters::SIMPLE_FILTERS;
use super::{actions, command, forwarded};
use crate::class::{Base, Class, Frame, Literal, Method, Property, Type};
use crate::exceptions::Thrown;
use crate::types::poll::{self, TELEGRAM_TAGS};
use crate::types::update::UPDATE;

const INT: Type = Type::INT;
const INT_OR_NULL: Type = Type::INT.nullable();
const TEXT_OR_NULL: Type = Type::STRING.nullable();
const ARRAY_OR_NULL: Type = Type::ARRAY.nullable();

/// Any message, service messages too.
pub(crate) static ABSTRACT_MESSAGE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\AbstractMessage",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&UPDATE)),
    interfaces: &[Base::Ours(&SIMPLE_FILTERS)],
    properties: &[
        of(c"id", INT),
        of(c"out", Type::BOOL),
        of(c"chatId", INT),
        of(c"senderId", INT),
        of(c"replyToMsgId", INT_OR_NULL),
        of(c"date", INT),
        of(c"topicId", INT_OR_NULL),
        of(c"threadId", INT_OR_NULL),
        of(c"replyToScheduled", Type::BOOL),
        of(c"mentioned", Type::BOOL),
        of(c"silent", Type::BOOL),
        of(c"ttlPeriod", INT_OR_NULL),
        Property::new(
            c"replyCache",
            Type::class(c"danog\\MadelineProto\\EventHandler\\AbstractMessage").nullable(),
            Literal::Null,
        )
        .protected(),
        Property::new(c"replyCached", Type::BOOL, Literal::Bool(false)).protected(),
    ],
    methods: &[
        Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected(),
        Method::new(c"isReply", |frame: &mut Frame<'_>| {
            let replied = ABSTRACT_MESSAGE.read_set(frame.this()?, "replyToMsgId")?;
            frame.give(!replied.is_null())
        })
        .returns(Type::BOOL),
    ],
    traits: actions::ABSTRACT,
    ..Class::DEFAULT
};

/// A message that somebody has written.
pub(crate) static MESSAGE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Message",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&ABSTRACT_MESSAGE)),
    properties: &[
        of(c"message", Type::STRING),
        Property::new(c"reactions", Type::ARRAY, Literal::EmptyArray).protected(),
        of(
            c"fwdInfo",
            Type::class(c"danog\\MadelineProto\\EventHandler\\ForwardedInfo").nullable(),
        ),
        of(c"command", TEXT_OR_NULL),
        of(
            c"commandType",
            Type::class(c"danog\\MadelineProto\\EventHandler\\CommandType").nullable(),
        ),
        of(c"commandArgs", ARRAY_OR_NULL),
        of(c"protected", Type::BOOL),
        Property::new(c"matches", ARRAY_OR_NULL, Literal::Null),
        Property::new(c"matchesAll", ARRAY_OR_NULL, Literal::Null),
        of(
            c"media",
            Type::class(c"danog\\MadelineProto\\EventHandler\\Media").nullable(),
        ),
        of(c"fromScheduled", Type::BOOL),
        of(c"viaBotId", INT_OR_NULL),
        of(c"editDate", INT_OR_NULL),
        of(c"editHide", Type::BOOL),
        of(
            c"keyboard",
            Type::class(c"danog\\MadelineProto\\EventHandler\\Keyboard").nullable(),
        ),
        of(c"imported", Type::BOOL),
        of(c"psaType", TEXT_OR_NULL),
        Property::new(
            c"nextSent",
            Type::class(c"danog\\MadelineProto\\EventHandler\\Message").nullable(),
            Literal::Null,
        ),
        of(c"views", INT_OR_NULL),
        of(c"forwards", INT_OR_NULL),
        of(c"signature", TEXT_OR_NULL),
        of(c"entities", Type::ARRAY),
        of(c"groupedId", INT_OR_NULL),
        of(
            c"poll",
            Type::class(c"danog\\MadelineProto\\EventHandler\\AbstractPoll").nullable(),
        ),
        of(c"scheduled", Type::BOOL),
    ],
    methods: &[Method::new(c"getHTML", |frame: &mut Frame<'_>| {
        poll::give_html(frame, &MESSAGE, "message", "entities")
    })
    .params(TELEGRAM_TAGS)
    .returns(Type::STRING)],
    traits: actions::MESSAGE,
    ..Class::DEFAULT
};

/// A message between two.
static ABSTRACT_PRIVATE_MESSAGE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\AbstractPrivateMessage",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&MESSAGE)),
    ..Class::DEFAULT
};

/// A message in a private chat.
pub(crate) static PRIVATE_MESSAGE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Message\\PrivateMessage",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&ABSTRACT_PRIVATE_MESSAGE)),
    traits: actions::PRIVATE,
    ..Class::DEFAULT
};

/// A message in a basic group or a supergroup.
pub(crate) static GROUP_MESSAGE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Message\\GroupMessage",
    parent: Some(Base::Ours(&MESSAGE)),
    traits: actions::GROUP,
    ..Class::DEFAULT
};

/// What somebody has answered to a message of ours among the comments of a channel, in a group that we are not in.
pub(crate) static COMMENT_REPLY: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Message\\CommentReply",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&GROUP_MESSAGE)),
    ..Class::DEFAULT
};

/// A message in a channel.
pub(crate) static CHANNEL_MESSAGE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Message\\ChannelMessage",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&MESSAGE)),
    traits: actions::CHANNEL,
    ..Class::DEFAULT
};

/// The classes of messages, parents first.
pub(in crate::types) static CLASSES: &[&Class] = &[
    &command::COMMAND_TYPE,
    &forwarded::FORWARDED_INFO,
    &ABSTRACT_MESSAGE,
    &MESSAGE,
    &ABSTRACT_PRIVATE_MESSAGE,
    &PRIVATE_MESSAGE,
    &GROUP_MESSAGE,
    &COMMENT_REPLY,
    &CHANNEL_MESSAGE,
];

/// The media of a message object, which stands for it where files are wanted; `None` for what is no such object.
///
/// # Errors
/// `AssertionError` for a message without a file.
pub(crate) fn file_of(value: &Zval) -> Result<Option<Zval>, Thrown> {
    let Some(message) = MESSAGE.object(value) else {
        return Ok(None);
    };
    let media = MESSAGE.read(message, "media");
    if media.is_null() {
        return Err(Thrown::Assertion(format!(
            "expected a file, found message {} of chat {}, which has none",
            ABSTRACT_MESSAGE
                .read(message, "id")
                .long()
                .unwrap_or_default(),
            ABSTRACT_MESSAGE
                .read(message, "chatId")
                .long()
                .unwrap_or_default(),
        )));
    }
    Ok(Some(media))
}

/// A property that stays as it is.
const fn of(name: &'static std::ffi::CStr, ty: Type) -> Property {
    Property::new(name, ty, Literal::Uninitialized).readonly()
}
