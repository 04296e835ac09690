//! Parameters that go by other names, too: the bot API's names, `parse_mode`, `reply_to_msg_id`.

use madeline_tl::{Encoder, Field, Param, Place, Source, Ty, ValueRef, View};

use super::entities::Formatted;
use super::{Conversions, ConvertError, Encoded, markup, scalars};

/// The languages that `parse_mode` names.
#[derive(Clone, Copy)]
enum ParseMode {
    Html,
    Markdown,
}

impl Conversions<'_> {
    /// What a parameter's value is when other keys of the object are looked at as well.
    pub(super) fn filled<'a, S: Source<'a>>(
        &self,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
        given: Option<S>,
    ) -> Result<Field<S>, ConvertError> {
        let given = given.filter(|value| value.view() != View::Null);
        let given = given.or_else(|| alias(param.name()).and_then(|name| present(object, name)));
        let own = match param.name() {
            name @ ("message" | "caption") if param.ty() == Ty::String => {
                parse_mode(object)?.is_some() && formatted_field(object) == name && given.is_some()
            }
            "entities" => {
                parse_mode(object)?.is_some()
                    && present(object, formatted_field(object))
                        .or(aliased(object))
                        .is_some()
            }
            "reply_markup" => given.is_some_and(markup::is_bot_api),
            "reply_to" => self.replies(at, param, object, given)?,
            _ => false,
        };
        Ok(match given {
            _ if own => Field::Own,
            Some(value) => Field::Given(value),
            None => Field::Absent,
        })
    }

    /// Writes what [`Conversions::filled`] announced.
    pub(super) fn fill<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
    ) -> Encoded {
        match param.name() {
            "message" | "caption" => {
                let formatted = formatted(object).map_err(|error| at.convert(error))?;
                encoder.bytes(at, &formatted.text)
            }
            "entities" => self.entities(encoder, at, param, object),
            "reply_markup" => {
                let markup = object
                    .named("reply_markup")
                    .map(markup::from_bot_api)
                    .transpose();
                let markup = markup
                    .map_err(|error| at.convert(error))?
                    .unwrap_or_default();
                encoder.value(at, param.ty(), ValueRef::from(&markup), self)
            }
            _ => self.reply(encoder, at, param.ty(), object),
        }
    }

    /// The given entities, then those of the markup.
    fn entities<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
    ) -> Encoded {
        let Ty::Vector(id) = param.ty() else {
            return Err(at.missing(param));
        };
        let formatted = formatted(object).map_err(|error| at.convert(error))?;
        let given = present(object, "entities");
        if let Some(given) = given
            && (given.view() != View::Array || given.named("_").is_some())
        {
            let text = "You didn't provide a valid array";
            return Err(at.convert(ConvertError::Tl(text.into())));
        }
        let (boxed, item) = encoder.schema().vector(id);
        if boxed {
            encoder.writer().id(madeline_tl::wire::VECTOR);
        }
        let count = given.map_or(0, Source::len) + formatted.entities.len();
        encoder
            .writer()
            .id(u32::try_from(count).unwrap_or(u32::MAX));
        let mut index = 0;
        for entity in given.into_iter().flat_map(Source::items) {
            encoder.value(&at.item(index), item, entity, self)?;
            index += 1;
        }
        for entity in &formatted.entities {
            encoder.value(&at.item(index), item, ValueRef::from(&entity.to_tl()), self)?;
            index += 1;
        }
        Ok(())
    }

    /// Whether a call's `reply_to` is to be made of its `reply_to_msg_id`.
    fn replies<'a, S: Source<'a>>(
        &self,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
        given: Option<S>,
    ) -> Result<bool, ConvertError> {
        let of_call = at
            .definition()
            .is_some_and(|definition| definition.is_method());
        let Ty::Boxed(id) = param.ty() else {
            return Ok(false);
        };
        if self.session.is_none() || !of_call || param.schema().type_name(id) != "InputReplyTo" {
            return Ok(false);
        }
        let replies = present(object, "reply_to_msg_id")
            .or_else(|| present(object, "reply_to_message_id"))
            .is_some();
        if replies && given.is_some() {
            let text = "You can't provide a reply_to together with reply_to_msg_id!";
            return Err(ConvertError::Madeline(text.into()));
        }
        Ok(replies)
    }
}

/// Parameters that the bot API calls otherwise: TL's name, and the bot API's.
pub const BOT_API_NAMES: [(&str, &str); 5] = [
    ("no_webpage", "disable_web_page_preview"),
    ("silent", "disable_notification"),
    ("reply_to_msg_id", "reply_to_message_id"),
    ("peer", "chat_id"),
    ("message", "text"),
];

/// The text of an object without its markup, where `parse_mode` says that it has some, and the name that it has in TL.
/// `None` where there is nothing to parse.
///
/// # Errors
/// As `parse_mode` of a call: `Conversion` where the text is none, and those of [`Formatted`].
pub fn parsed_text<'a, S: Source<'a>>(
    object: S,
) -> Result<Option<(&'static str, Formatted)>, ConvertError> {
    let field = formatted_field(object);
    let text = present(object, field).or_else(|| aliased(object));
    if parse_mode(object)?.is_none() || text.is_none_or(|text| text.view() == View::Text(b"")) {
        return Ok(None);
    }
    Ok(Some((field, formatted(object)?)))
}

/// The bot API's name of a parameter.
fn alias(name: &str) -> Option<&'static str> {
    let found = BOT_API_NAMES.iter().find(|(own, _)| *own == name)?;
    Some(found.1)
}

fn present<'a, S: Source<'a>>(object: S, name: &str) -> Option<S> {
    object
        .named(name)
        .filter(|value| value.view() != View::Null)
}

/// The text under the bot API's name for it.
fn aliased<'a, S: Source<'a>>(object: S) -> Option<S> {
    present(object, "text")
}

/// The name of the text that `parse_mode` is about.
fn formatted_field<'a, S: Source<'a>>(object: S) -> &'static str {
    if present(object, "caption").is_some() {
        "caption"
    } else {
        "message"
    }
}

fn parse_mode<'a, S: Source<'a>>(object: S) -> Result<Option<ParseMode>, ConvertError> {
    let Some(mode) = present(object, "parse_mode") else {
        return Ok(None);
    };
    let name = match mode.view() {
        View::Array => mode.named("_").map_or(View::Null, Source::view),
        view => view,
    };
    let View::Text(name) = name else {
        return Err(scalars::type_error(
            "stripos(): Argument #1 ($haystack)",
            "string",
            name,
        ));
    };
    let contains = |part: &[u8]| {
        name.windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part))
    };
    Ok(if contains(b"markdown") {
        Some(ParseMode::Markdown)
    } else if contains(b"html") {
        Some(ParseMode::Html)
    } else {
        None
    })
}

/// The text of an object with `parse_mode`, parsed.
fn formatted<'a, S: Source<'a>>(object: S) -> Result<Formatted, ConvertError> {
    let text = present(object, formatted_field(object)).or_else(|| aliased(object));
    let (View::Text(text) | View::Bytes(text)) = text.map_or(View::Null, Source::view) else {
        return Err(ConvertError::Conversion(
            "Messages can only be strings".into(),
        ));
    };
    match parse_mode(object)? {
        Some(ParseMode::Html) => Formatted::from_html(text),
        Some(ParseMode::Markdown) => Formatted::from_markdown(text),
        None => Ok(Formatted {
            text: text.to_vec(),
            entities: Vec::new(),
        }),
    }
}
