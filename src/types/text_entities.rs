//! A text with its entities: `\danog\MadelineProto\TextEntities` with objects, and the classes of the library that
//! MadelineProto takes it from, `\danog\TelegramEntities\*`, with the bot API's arrays.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use madeline_client::convert::{ConvertError, Entity, Formatted, to_html};

use super::entities;
use crate::class::{Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::tools::text;
use crate::zval::entries::values;
use crate::zval::{Keys, Scratch, made, sink};

const MESSAGE: Param = Param::required(c"message", Type::STRING);
const ENTITIES: Param = Param::required(c"entities", Type::ARRAY);
const MARKDOWN: &[Param] = &[Param::required(c"markdown", Type::STRING)];
const HTML: &[Param] = &[Param::required(c"html", Type::STRING)];
const TELEGRAM_TAGS: Param = Param::optional(c"allowTelegramTags", Type::BOOL, c"false");

const PROPERTIES: &[Property] = &[
    Property::new(c"message", Type::STRING, Literal::Uninitialized),
    Property::new(c"entities", Type::ARRAY, Literal::Uninitialized),
];

/// `TextEntities`: the entities are objects.
pub(crate) static TEXT_ENTITIES: Class = Class {
    name: c"danog\\MadelineProto\\TextEntities",
    flags: Class::FINAL,
    properties: PROPERTIES,
    methods: &[
        Method::new(c"__construct", construct).params(&[MESSAGE, ENTITIES]),
        Method::new(c"fromMarkdown", from_markdown)
            .params(MARKDOWN)
            .returns(Type::class(c"self"))
            .of_class(),
        Method::new(c"fromHtml", from_html)
            .params(HTML)
            .returns(Type::class(c"self"))
            .of_class(),
    ],
    ..Class::DEFAULT
};

/// The library's: the entities are arrays.
static ENTITIES_CLASS: Class = Class {
    name: c"danog\\TelegramEntities\\Entities",
    flags: Class::FINAL,
    properties: PROPERTIES,
    methods: &[
        Method::new(c"__construct", construct).params(&[MESSAGE, ENTITIES]),
        Method::new(c"fromMarkdown", |frame: &mut Frame<'_>| {
            give_arrays(frame, Formatted::from_markdown)
        })
        .params(MARKDOWN)
        .returns(Type::class(c"self"))
        .of_class(),
        Method::new(c"fromHtml", |frame: &mut Frame<'_>| {
            give_arrays(frame, Formatted::from_html)
        })
        .params(HTML)
        .returns(Type::class(c"self"))
        .of_class(),
        Method::new(c"toHTML", |frame: &mut Frame<'_>| {
            let this = frame.this()?;
            let message = ENTITIES_CLASS.read(this, "message");
            let entities = ENTITIES_CLASS.read(this, "entities");
            let telegram_tags = frame.bool(0).unwrap_or_default();
            frame.give(html_of(&message, entities.array(), telegram_tags)?)
        })
        .params(&[TELEGRAM_TAGS])
        .returns(Type::STRING),
    ],
    ..Class::DEFAULT
};

/// Texts as Telegram counts them.
static ENTITY_TOOLS: Class = Class {
    name: c"danog\\TelegramEntities\\EntityTools",
    flags: Class::FINAL,
    methods: &[
        Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected(),
        text::REPLACE,
    ],
    traits: &[text::UNITS_AND_ESCAPING],
    ..Class::DEFAULT
};

/// The classes of this module.
pub(super) static CLASSES: &[&Class] = &[&TEXT_ENTITIES, &ENTITIES_CLASS, &ENTITY_TOOLS];

/// Static methods of `StrTools`, and so of API objects.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"htmlToMessageEntities", from_html)
        .params(HTML)
        .returns(RESULT)
        .of_class(),
    Method::new(c"markdownToMessageEntities", from_markdown)
        .params(MARKDOWN)
        .returns(RESULT)
        .of_class(),
    Method::new(c"entitiesToHtml", |frame: &mut Frame<'_>| {
        let message = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
        let telegram_tags = frame.bool(2).unwrap_or_default();
        frame.give(html_of(&message, frame.array(1), telegram_tags)?)
    })
    .params(&[MESSAGE, ENTITIES, TELEGRAM_TAGS])
    .returns(Type::STRING)
    .of_class(),
];

const RESULT: Type = Type::class(c"danog\\MadelineProto\\TextEntities");

fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    for (index, name) in ["message", "entities"].into_iter().enumerate() {
        let value = frame
            .arg(index)
            .map(Zval::shallow_clone)
            .unwrap_or_default();
        TEXT_ENTITIES.write(this, name, value)?;
    }
    Ok(())
}

fn from_html(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let formatted = Formatted::from_html(frame.bytes(0).unwrap_or_default())?;
    give(frame, &TEXT_ENTITIES, &formatted, objects)
}

fn from_markdown(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let formatted = Formatted::from_markdown(frame.bytes(0).unwrap_or_default())?;
    give(frame, &TEXT_ENTITIES, &formatted, objects)
}

/// A new object of one of the two classes, with the entities as `list` makes them.
fn give(
    frame: &mut Frame<'_>,
    class: &Class,
    formatted: &Formatted,
    list: fn(&[Entity]) -> Result<Zval, Thrown>,
) -> Result<(), Thrown> {
    let mut object = class.instantiate();
    let slots = Object::new(&mut object);
    class.initialize(slots, "message", sink::text(&formatted.text));
    class.initialize(slots, "entities", list(&formatted.entities)?);
    frame.give_zval(object.into_zval(false)?);
    Ok(())
}

fn give_arrays(
    frame: &mut Frame<'_>,
    parse: fn(&[u8]) -> Result<Formatted, ConvertError>,
) -> Result<(), Thrown> {
    let formatted = parse(frame.bytes(0).unwrap_or_default())?;
    give(frame, &ENTITIES_CLASS, &formatted, arrays)
}

/// Entities as the bot API has them.
fn arrays(entities: &[Entity]) -> Result<Zval, Thrown> {
    let mut list = ZendHashTable::with_capacity(entities.len() as u32);
    for entity in entities {
        list.push(made::of(&entity.to_bot_api())?)?;
    }
    Ok(sink::array(list))
}

/// Entities as objects.
pub(crate) fn objects(entities: &[Entity]) -> Result<Zval, Thrown> {
    entities::all_from_raw(arrays(entities)?.array().unwrap_or(&ZendHashTable::new()))
}

/// A text with entities in any form as HTML.
pub(super) fn html_of(
    message: &Zval,
    entities: Option<&ZendHashTable>,
    telegram_tags: bool,
) -> Result<String, Thrown> {
    let scratch = Scratch::new(Keys::api());
    let mut read = Vec::new();
    for entity in entities.into_iter().flat_map(values) {
        let array = entity.dereference().array();
        let form = if array.is_some_and(|array| array.get("_").is_none()) {
            entity.shallow_clone()
        } else {
            let object = entities::from_raw(entity)?;
            object
                .object()
                .map(entities::to_bot_api)
                .transpose()?
                .unwrap_or_default()
        };
        read.extend(Entity::from_bot_api(scratch.source(&form)));
    }
    let message = message
        .zend_str()
        .map(ZendStr::as_bytes)
        .unwrap_or_default();
    Ok(to_html(message, &read, telegram_tags))
}
