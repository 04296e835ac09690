//! Arguments of calls in the bot API's form.

use ext_php_rs::types::Zval;
use madeline_client::convert::{
    BOT_API_NAMES, is_bot_api_keyboard, keyboard_from_bot_api, parsed_text,
};

use crate::class::Frame;
use crate::exceptions::Thrown;
use crate::types::text_entities;
use crate::zval::entries::{present, values};
use crate::zval::{Keys, Scratch, made, sink};

/// Arguments under TL's names, keyboards as TL has them, and texts with entities instead of markup. Calls do this by
/// themselves.
pub(super) fn to_tl(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(given) = frame.array(0) else {
        return Ok(());
    };
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
    if let Some(source) = frame.arg(0).map(|given| scratch.source(given)) {
        let parsed = parsed_text(source);
        // What a `__toString` threw goes first.
        Thrown::pending()?;
        if let Some((field, formatted)) = parsed? {
            let mut entities = present(given, "entities")
                .and_then(Zval::array)
                .map(ToOwned::to_owned)
                .unwrap_or_default();
            let found = text_entities::objects(&formatted.entities)?;
            for entity in found.array().into_iter().flat_map(values) {
                entities.push(entity.shallow_clone())?;
            }
            arguments.insert(field, sink::text(&formatted.text))?;
            arguments.insert("entities", entities)?;
            arguments.remove("parse_mode");
        }
    }
    frame.give(arguments)
}
