//! Filters of whom an update is from, and where it belongs to.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::{FILTER, FILTER_TYPE, HANDLER, apply, update, with_options};
use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::function::{self, type_name};
use crate::types::inline_query::INLINE_QUERY;
use crate::types::message::classes::{ABSTRACT_MESSAGE, MESSAGE};
use crate::types::message::forwarded::FORWARDED_INFO;
use crate::types::query::BUTTON_QUERY;
use crate::zval::entries::values;
use crate::zval::sink;

/// Updates of one peer: those that it has sent, in the classes that do not say otherwise.
static OF_ONE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Filter\\AbstractFilterFromSender",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&FILTER)),
    properties: &[
        Property::new(c"peers", Type::ARRAY, Literal::Uninitialized)
            .private()
            .readonly(),
        // Their numbers, once the handler has started.
        Property::new(c"ids", Type::ARRAY, Literal::Uninitialized).private(),
    ],
    methods: &[
        Method::new(c"__construct", construct)
            .params(&[Param::required(c"peer", Type::STRING.or(Type::INT))]),
        Method::new(c"initialize", initialize)
            .params(HANDLER)
            .returns(FILTER_TYPE),
        apply(|frame: &mut Frame<'_>| compare(frame, sender)),
    ],
    ..Class::DEFAULT
};

/// Updates of one of several peers.
static OF_SEVERAL: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Filter\\AbstractFilterFromSenders",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&OF_ONE)),
    methods: &[Method::new(c"__construct", construct)
        .params(&[Param::optional(
            c"idOrUsername",
            Type::STRING.or(Type::INT),
            c"null",
        )])
        .variadic()],
    ..Class::DEFAULT
};

macro_rules! of_peers {
    ($($symbol:ident $name:literal $parent:ident [$($method:expr)?];)*) => {
        $(static $symbol: Class = Class {
            name: crate::class::c_str(concat!("danog\\MadelineProto\\EventHandler\\Filter\\", $name, "\0")),
            flags: Class::FINAL,
            parent: Some(Base::Ours(&$parent)),
            attribute: true,
            methods: &[$($method)?],
            ..Class::DEFAULT
        };)*

        /// The classes of this module.
        pub(super) static CLASSES: &[&Class] = &[
            &OF_ONE, &OF_SEVERAL, $(&$symbol,)* &FROM_ADMIN, &FROM_BOT, &TOPIC_ID,
        ];
    };
}

of_peers! {
    SENDER "FilterSender" OF_ONE [];
    FROM_SENDER "FilterFromSender" OF_ONE [];
    SENDERS "FilterSenders" OF_SEVERAL [];
    FROM_SENDERS "FilterFromSenders" OF_SEVERAL [];
    PEER "FilterPeer" OF_ONE [apply(|frame: &mut Frame<'_>| compare(frame, chat))];
    FORWARDED_FROM "FilterForwardedFrom" OF_ONE [apply(|frame: &mut Frame<'_>| compare(frame, origin))];
}

/// Updates of whom `getReportPeers()` names.
pub(super) static FROM_ADMIN: Class = with_options(
    c"danog\\MadelineProto\\EventHandler\\Filter\\FilterFromAdmin",
    &[Property::new(c"adminIds", Type::ARRAY, Literal::Uninitialized).private()],
    &[
        Method::new(c"initialize", |frame: &mut Frame<'_>| {
            let admins = function::call_on(&handler(frame)?, "getadminids", &mut [])?;
            FROM_ADMIN.write(frame.this()?, "adminIds", admins)?;
            frame.give_this();
            Ok(())
        })
        .params(HANDLER)
        .returns(FILTER_TYPE),
        apply(|frame: &mut Frame<'_>| {
            let admins = FROM_ADMIN.read_set(frame.this()?, "adminIds")?;
            let passes = is_one(&admins, sender(update(frame)?));
            frame.give(passes)
        }),
    ],
);

/// Messages of bots.
static FROM_BOT: Class = with_options(
    c"danog\\MadelineProto\\EventHandler\\Filter\\FilterFromBot",
    &[Property::new(c"API", Type::MIXED, Literal::Uninitialized).private()],
    &[
        Method::new(c"initialize", |frame: &mut Frame<'_>| {
            FROM_BOT.write(frame.this()?, "API", handler(frame)?)?;
            frame.give_this();
            Ok(())
        })
        .params(HANDLER)
        .returns(FILTER_TYPE),
        apply(|frame: &mut Frame<'_>| {
            let handler = FROM_BOT.read_set(frame.this()?, "API")?;
            let update = update(frame)?;
            if !ABSTRACT_MESSAGE.is_class_of(update) {
                return frame.give(false);
            }
            let sender = ABSTRACT_MESSAGE.read(update, "senderId");
            let is_bot = function::call_on(&handler, "isbot", &mut [sender])?;
            frame.give(is_bot.is_true())
        }),
    ],
);

/// Messages of one topic.
static TOPIC_ID: Class = with_options(
    c"danog\\MadelineProto\\EventHandler\\Filter\\FilterTopicId",
    &[Property::new(c"topicId", Type::INT, Literal::Uninitialized)
        .private()
        .readonly()],
    &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            let topic = frame.int(0).unwrap_or_default();
            if topic <= 0 {
                return Err(Thrown::InvalidArgument(format!(
                    "FilterTopicId: a topic's id is greater than 0, {topic} was given"
                )));
            }
            TOPIC_ID.write(frame.this()?, "topicId", topic.into_zval(false)?)
        })
        .params(&[Param::required(c"topicId", Type::INT)]),
        apply(|frame: &mut Frame<'_>| {
            let wanted = TOPIC_ID.read_set(frame.this()?, "topicId")?.long();
            let update = update(frame)?;
            let passes = MESSAGE.is_class_of(update)
                && ABSTRACT_MESSAGE.read(update, "topicId").long() == wanted;
            frame.give(passes)
        }),
    ],
);

fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let mut peers = ZendHashTable::new();
    for peer in frame.all() {
        if !peer.is_string() && !peer.is_long() {
            return Err(Thrown::Type(format!(
                "{}: a peer is an id or a name here, {} was given",
                this.get_class_name()?,
                type_name(peer)
            )));
        }
        peers.push(peer.shallow_clone())?;
    }
    if peers.is_empty() {
        return Err(Thrown::InvalidArgument(format!(
            "{}: at least one peer has to be given",
            this.get_class_name()?
        )));
    }
    OF_ONE.write(this, "peers", sink::array(peers))
}

fn initialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (this, handler) = (frame.this()?, handler(frame)?);
    let peers = OF_ONE.read_set(this, "peers")?;
    let mut ids = ZendHashTable::new();
    for peer in peers.array().into_iter().flat_map(values) {
        let peer = peer.dereference().shallow_clone();
        ids.push(function::call_on(&handler, "getid", &mut [peer])?)?;
    }
    OF_ONE.write(this, "ids", sink::array(ids))?;
    frame.give_this();
    Ok(())
}

/// What `initialize()` was called with.
fn handler(frame: &Frame<'_>) -> Result<Zval, Thrown> {
    frame.arg(0).map(Zval::shallow_clone).ok_or(Thrown::Pending)
}

/// Whether a number of the update is one of the filter's.
fn compare(frame: &mut Frame<'_>, number: fn(&Object) -> Option<i64>) -> Result<(), Thrown> {
    let ids = OF_ONE.read_set(frame.this()?, "ids")?;
    let passes = is_one(&ids, number(update(frame)?));
    frame.give(passes)
}

fn is_one(ids: &Zval, number: Option<i64>) -> bool {
    let Some(number) = number else { return false };
    let mut ids = ids.array().into_iter().flat_map(values);
    ids.any(|id| id.dereference().long() == Some(number))
}

/// Who an update is from.
fn sender(update: &Object) -> Option<i64> {
    of(&ABSTRACT_MESSAGE, update, "senderId").or_else(|| asking(update))
}

/// Where an update belongs to: a message to its chat, a query to who asks.
fn chat(update: &Object) -> Option<i64> {
    of(&MESSAGE, update, "chatId").or_else(|| asking(update))
}

/// Who asks a bot.
fn asking(update: &Object) -> Option<i64> {
    [&BUTTON_QUERY, &INLINE_QUERY]
        .into_iter()
        .find_map(|class| of(class, update, "userId"))
}

/// Who has written what a message forwards.
fn origin(update: &Object) -> Option<i64> {
    if !MESSAGE.is_class_of(update) {
        return None;
    }
    let info = MESSAGE.read(update, "fwdInfo");
    FORWARDED_INFO
        .read(FORWARDED_INFO.object(&info)?, "fromId")
        .long()
}

/// A number of an update of this class.
fn of(class: &Class, update: &Object, property: &str) -> Option<i64> {
    let is_one = class.is_class_of(update);
    is_one
        .then(|| class.read(update, property).long())
        .flatten()
}
