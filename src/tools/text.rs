//! Texts: lengths as Telegram counts them, and escaping.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};

use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::zval::sink;

const TEXT: Param = Param::required(c"text", Type::STRING);
const WHAT: &[Param] = &[Param::required(c"what", Type::STRING)];
const INPUT: &[Param] = &[Param::required(c"input", Type::STRING)];

/// What Markdown gives a meaning to.
const MARKDOWN: &str = "\\_*[]()~`>#+-=|{}.!";

/// Static methods: UTF-16 code units, and escaping.
pub(crate) const UNITS_AND_ESCAPING: &[Method] = &[
    Method::new(c"mbStrlen", length)
        .params(&[TEXT])
        .returns(Type::INT)
        .of_class(),
    Method::new(c"mbSubstr", substring)
        .params(&[
            TEXT,
            Param::required(c"offset", Type::INT),
            Param::optional(c"length", Type::INT.nullable(), c"null"),
        ])
        .returns(Type::STRING)
        .of_class(),
    Method::new(c"mbStrSplit", split)
        .params(&[TEXT, Param::required(c"length", Type::INT)])
        .returns(Type::ARRAY)
        .of_class(),
    Method::new(c"htmlEscape", |frame: &mut Frame<'_>| {
        give(frame, html_escaped)
    })
    .params(WHAT)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"markdownEscape", |frame: &mut Frame<'_>| {
        give(frame, |text| {
            let escaped = |letter: char| {
                let escape = MARKDOWN.contains(letter).then_some('\\');
                escape.into_iter().chain([letter])
            };
            text.chars().flat_map(escaped).collect()
        })
    })
    .params(WHAT)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"markdownCodeEscape", |frame: &mut Frame<'_>| {
        give(frame, |text| text.replace('`', "\\`"))
    })
    .params(WHAT)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"markdownCodeblockEscape", |frame: &mut Frame<'_>| {
        give(frame, |text| text.replace("```", "\\```"))
    })
    .params(WHAT)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"markdownUrlEscape", |frame: &mut Frame<'_>| {
        give(frame, |text| text.replace(')', "\\)"))
    })
    .params(WHAT)
    .returns(Type::STRING)
    .of_class(),
];

/// Text as HTML says it.
pub(crate) fn html_escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;")
}

/// `mbSubstrReplace()`, which only `EntityTools` has.
pub(crate) const REPLACE: Method = Method::new(c"mbSubstrReplace", replace)
    .params(&[
        Param::required(c"string", Type::STRING),
        Param::required(c"replace", Type::STRING),
        Param::required(c"offset", Type::INT),
        Param::optional(c"length", Type::INT.nullable(), c"null"),
    ])
    .returns(Type::STRING)
    .of_class();

/// Static methods: the cases of names.
pub(crate) const NAMES: &[Method] = &[
    Method::new(c"toCamelCase", |frame: &mut Frame<'_>| {
        give(frame, camel_case)
    })
    .params(INPUT)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"toSnakeCase", |frame: &mut Frame<'_>| {
        give(frame, snake_case)
    })
    .params(INPUT)
    .returns(Type::STRING)
    .of_class(),
];

fn give(frame: &mut Frame<'_>, change: impl Fn(&str) -> String) -> Result<(), Thrown> {
    let changed = change(&frame.text(0).unwrap_or_default());
    frame.give(sink::text(changed.as_bytes()))
}

/// In UTF-16 code units, in which Telegram counts.
fn length(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let text = frame.text(0).unwrap_or_default();
    frame.give(text.encode_utf16().count() as i64)
}

/// A part of a text; offset and length in UTF-16 code units, negative ones from its end.
fn substring(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let units: Vec<u16> = frame.text(0).unwrap_or_default().encode_utf16().collect();
    let part = part(&units, frame.int(1).unwrap_or_default(), frame.int(2));
    let part = String::from_utf16_lossy(units.get(part).unwrap_or_default());
    frame.give(sink::text(part.as_bytes()))
}

/// A text with a part of it replaced; the part as in [`substring`].
fn replace(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let mut units: Vec<u16> = frame.text(0).unwrap_or_default().encode_utf16().collect();
    let part = part(&units, frame.int(2).unwrap_or_default(), frame.int(3));
    let new = frame.text(1).unwrap_or_default();
    units.splice(part, new.encode_utf16());
    frame.give(sink::text(String::from_utf16_lossy(&units).as_bytes()))
}

/// The part that an offset and a length mean; without a length up to the end.
fn part(units: &[u16], offset: i64, length: Option<i64>) -> std::ops::Range<usize> {
    let place = |from: usize, number: i64| {
        if number < 0 {
            units.len().saturating_sub(number.unsigned_abs() as usize)
        } else {
            from.saturating_add(number as usize).min(units.len())
        }
    };
    let start = place(0, offset);
    let end = length.map_or(units.len(), |length| place(start, length));
    start..end.max(start)
}

/// Parts of at most so many UTF-16 code units; no character is cut in two.
fn split(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let text = frame.text(0).unwrap_or_default();
    let most = usize::try_from(frame.int(1).unwrap_or_default()).unwrap_or(0);
    if most == 0 {
        return Err(Thrown::Exception(
            "mbStrSplit(): the parts' length must be at least 1".to_owned(),
        ));
    }
    let mut parts: ZBox<ZendHashTable> = ZendHashTable::new();
    let (mut start, mut units) = (0, 0);
    for (at, letter) in text.char_indices() {
        if units > 0 && units + letter.len_utf16() > most {
            push(&mut parts, text.get(start..at))?;
            (start, units) = (at, 0);
        }
        units += letter.len_utf16();
    }
    push(&mut parts, text.get(start..))?;
    frame.give(parts)
}

fn push(parts: &mut ZendHashTable, part: Option<&str>) -> Result<(), Thrown> {
    let part: Zval = sink::text(part.unwrap_or_default().as_bytes());
    Ok(parts.push(part)?)
}

/// `getSelf` of `get_self`.
fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default();
    let mut camel = with_first(first, |letter| letter.to_ascii_lowercase());
    for part in parts {
        camel.push_str(&with_first(part, |letter| letter.to_ascii_uppercase()));
    }
    camel
}

fn with_first(part: &str, change: impl Fn(char) -> char) -> String {
    let mut letters = part.chars();
    letters
        .next()
        .map(change)
        .into_iter()
        .chain(letters)
        .collect()
}

/// `get_self` of `getSelf`; a row of capitals is one word, as in `MTProto_to_bot_API`.
pub(crate) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() && *before != '_'
                    || after.is_some_and(char::is_ascii_lowercase)
            });
        if begins {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::{camel_case, snake_case};

    #[test]
    fn names_change_their_case() {
        for (snake, camel) in [
            ("get_self", "getSelf"),
            ("complete_phone_login", "completePhoneLogin"),
            ("start", "start"),
            ("", ""),
        ] {
            assert_eq!(camel_case(snake), camel);
            assert_eq!(snake_case(camel), snake);
        }
        assert_eq!(snake_case("getPFSKeys"), "get_pfs_keys");
    }
}
