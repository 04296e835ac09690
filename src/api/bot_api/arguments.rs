//! Arguments of calls in the bot API's form.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::convert::{
    BOT_API_NAMES, Entity, is_bot_api_keyboard, keyboard_from_bot_api, parsed_text,
};

use crate::api::dialect::Dialect;
use crate::api::instance;
use crate::class::Frame;
use crate::exceptions::Thrown;
use crate::types::text_entities;
use crate::zval::entries::{present, values};
use crate::zval::{Keys, Scratch, made, sink};

/// `botAPIToMTProto()`. Calls do this by themselves.
pub(super) fn to_tl(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    match (frame.arg(0), frame.array(0)) {
        (Some(value), Some(given)) => {
            let converted = in_tl(value, given, instance(frame)?.dialect())?;
            frame.give(converted)
        }
        _ => Ok(()),
    }
}

/// Arguments under TL's names, keyboards as TL has them, and texts with entities, in release 8 objects, instead of markup.
/// `value` is the array `given`.
pub(crate) fn in_tl(
    value: &Zval,
    given: &ZendHashTable,
    dialect: Dialect,
) -> Result<ZBox<ZendHashTable>, Thrown> {
    let mut arguments = given.to_owned();
    for (name, alias) in BOT_API_NAMES {
        if let Some(value) = present(given, alias)
            && present(given, name).is_none()
        {
            arguments.insert(name, value.shallow_clone())?;
        }
    }
    let scratch = Scratch::new(Keys::api());
    if let Some(markup) = present(given, "reply_markup") {
        let markup = scratch.source(markup);
        if is_bot_api_keyboard(markup) {
            arguments.insert("reply_markup", made::of(&keyboard_from_bot_api(markup)?)?)?;
        }
    }
    let parsed = parsed_text(scratch.source(value));
    // What a `__toString` threw goes first.
    Thrown::pending()?;
    if let Some((field, formatted)) = parsed? {
        let mut entities = match present(given, "entities") {
            None => ZendHashTable::new(),
            Some(entities) => entities.array().map(ToOwned::to_owned).ok_or_else(|| {
                Thrown::Tl("You didn't provide a valid array: entities".to_owned())
            })?,
        };
        let found = if dialect == Dialect::V8 {
            text_entities::objects(&formatted.entities)?
        } else {
            made::of(&formatted.entities.iter().map(Entity::to_tl).collect())?
        };
        for entity in found.array().into_iter().flat_map(values) {
            entities.push(entity.shallow_clone())?;
        }
        arguments.insert(field, sink::text(&formatted.text))?;
        arguments.insert("entities", entities)?;
        arguments.remove("parse_mode");
    }
    Ok(arguments)
}
