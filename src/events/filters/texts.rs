//! Filters of what an update says: commands, texts, regular expressions.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::{apply, update, with_options};
use crate::class::{Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::function::{self, type_name};
use crate::logger::{self, Level};
use crate::types::inline_query::INLINE_QUERY;
use crate::types::message::classes::MESSAGE;
use crate::types::message::command::COMMAND_TYPE;
use crate::types::query::BUTTON_QUERY;
use crate::zval::entries::values;
use crate::zval::sink;

/// A text that is compared as it is.
const CONTENT: &[Property] = &[
    Property::new(c"content", Type::STRING, Literal::Uninitialized)
        .private()
        .readonly(),
];
const ONE_CONTENT: &[Param] = &[Param::required(c"content", Type::STRING)];

macro_rules! of_texts {
    ($($symbol:ident $name:literal $fold:ident |$text:ident, $content:ident| $passes:expr;)*) => {
        $(static $symbol: Class = with_options(
            crate::class::c_str(concat!("danog\\MadelineProto\\EventHandler\\Filter\\", $name, "\0")),
            CONTENT,
            &[
                Method::new(c"__construct", |frame: &mut Frame<'_>| {
                    let content = content(frame, $name)?;
                    $symbol.write(frame.this()?, "content", sink::text(&$fold(content)))
                })
                .params(ONE_CONTENT),
                apply(|frame: &mut Frame<'_>| {
                    let wanted = $symbol.read_set(frame.this()?, "content")?;
                    let text = said(update(frame)?);
                    let passes = match (text.zend_str(), wanted.zend_str()) {
                        (Some(text), Some(wanted)) => {
                            let ($text, $content) = ($fold(text.as_bytes()), wanted.as_bytes());
                            $passes
                        }
                        _ => false,
                    };
                    frame.give(passes)
                }),
            ],
        );)*

        /// The classes of this module.
        pub(super) static CLASSES: &[&Class] = &[
            $(&$symbol,)* &BUTTON_DATA, &COMMAND, &COMMAND_CASE_INSENSITIVE, &REGEX, &REGEX_MATCH_ALL,
        ];
    };
}

of_texts! {
    TEXT "FilterText" exact |text, content| *text == *content;
    TEXT_CASE_INSENSITIVE "FilterTextCaseInsensitive" folded |text, content| *text == *content;
    TEXT_CONTAINS "FilterTextContains" exact |text, content| contains(&text, content);
    TEXT_CONTAINS_CASE_INSENSITIVE "FilterTextContainsCaseInsensitive" folded |text, content| contains(&text, content);
    TEXT_STARTS "FilterTextStarts" exact |text, content| text.starts_with(content);
    TEXT_STARTS_CASE_INSENSITIVE "FilterTextStartsCaseInsensitive" folded |text, content| text.starts_with(content);
    TEXT_ENDS "FilterTextEnds" exact |text, content| text.ends_with(content);
    TEXT_ENDS_CASE_INSENSITIVE "FilterTextEndsCaseInsensitive" folded |text, content| text.ends_with(content);
}

/// A pressed button with this data.
static BUTTON_DATA: Class = Class {
    flags: 0,
    ..with_options(
        c"danog\\MadelineProto\\EventHandler\\Filter\\FilterButtonQueryData",
        CONTENT,
        &[
            Method::new(c"__construct", |frame: &mut Frame<'_>| {
                let content = content(frame, "FilterButtonQueryData")?;
                BUTTON_DATA.write(frame.this()?, "content", sink::text(content))
            })
            .params(ONE_CONTENT),
            apply(|frame: &mut Frame<'_>| {
                let wanted = BUTTON_DATA.read_set(frame.this()?, "content")?;
                let update = update(frame)?;
                if !BUTTON_QUERY.is_class_of(update) {
                    return frame.give(false);
                }
                let data = BUTTON_QUERY.read(update, "data");
                let passes = match (data.zend_str(), wanted.zend_str()) {
                    (Some(data), Some(wanted)) => data.as_bytes() == wanted.as_bytes(),
                    _ => false,
                };
                frame.give(passes)
            }),
        ],
    )
};

const COMMANDS: &[Property] = &[
    Property::new(c"commandTypes", Type::ARRAY, Literal::Uninitialized).readonly(),
    Property::new(c"command", Type::STRING, Literal::Uninitialized)
        .private()
        .readonly(),
];
const ONE_COMMAND: &[Param] = &[
    Param::required(c"command", Type::STRING),
    Param::optional(
        c"types",
        Type::ARRAY,
        c"[\\danog\\MadelineProto\\EventHandler\\CommandType::BANG, \
          \\danog\\MadelineProto\\EventHandler\\CommandType::DOT, \
          \\danog\\MadelineProto\\EventHandler\\CommandType::SLASH]",
    ),
];

/// Messages that begin with a command.
static COMMAND: Class = with_options(
    c"danog\\MadelineProto\\EventHandler\\Filter\\FilterCommand",
    COMMANDS,
    &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            construct_command(frame, &COMMAND, exact)
        })
        .params(ONE_COMMAND),
        apply(|frame: &mut Frame<'_>| is_command(frame, &COMMAND, exact)),
    ],
);

/// As [`COMMAND`], in small letters or capitals.
static COMMAND_CASE_INSENSITIVE: Class = with_options(
    c"danog\\MadelineProto\\EventHandler\\Filter\\FilterCommandCaseInsensitive",
    COMMANDS,
    &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            construct_command(frame, &COMMAND_CASE_INSENSITIVE, folded)
        })
        .params(ONE_COMMAND),
        apply(|frame: &mut Frame<'_>| is_command(frame, &COMMAND_CASE_INSENSITIVE, folded)),
    ],
);

const EXPRESSION: &[Property] = &[
    Property::new(c"regex", Type::STRING, Literal::Uninitialized)
        .private()
        .readonly(),
    Property::new(c"flags", Type::INT, Literal::Uninitialized)
        .private()
        .readonly(),
    Property::new(c"offset", Type::INT, Literal::Uninitialized)
        .private()
        .readonly(),
];
const ONE_EXPRESSION: &[Param] = &[
    Param::required(c"regex", Type::STRING),
    Param::optional(c"flags", Type::INT, c"0"),
    Param::optional(c"offset", Type::INT, c"0"),
];

/// What matches a regular expression of PHP's; the update gets what matched, as `matches`.
static REGEX: Class = with_options(
    c"danog\\MadelineProto\\EventHandler\\Filter\\FilterRegex",
    EXPRESSION,
    &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            construct_regex(frame, &REGEX, "preg_match")
        })
        .params(ONE_EXPRESSION),
        apply(|frame: &mut Frame<'_>| matches(frame, &REGEX, "preg_match", "matches")),
    ],
);

/// As [`REGEX`], everywhere in the text, as `matchesAll`.
static REGEX_MATCH_ALL: Class = with_options(
    c"danog\\MadelineProto\\EventHandler\\Filter\\FilterRegexMatchAll",
    EXPRESSION,
    &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            construct_regex(frame, &REGEX_MATCH_ALL, "preg_match_all")
        })
        .params(ONE_EXPRESSION),
        apply(|frame: &mut Frame<'_>| {
            matches(frame, &REGEX_MATCH_ALL, "preg_match_all", "matchesAll")
        }),
    ],
);

/// The text of a message; null of anything else.
fn said(update: &Object) -> Zval {
    if MESSAGE.is_class_of(update) {
        MESSAGE.read(update, "message")
    } else {
        Zval::new()
    }
}

/// What a regular expression is about: the class that says so, and its text.
fn sought(update: &Object) -> Option<(&'static Class, Zval)> {
    let places: [(&Class, &str); 3] = [
        (&MESSAGE, "message"),
        (&BUTTON_QUERY, "data"),
        (&INLINE_QUERY, "query"),
    ];
    let place = places
        .into_iter()
        .find(|(class, _)| class.is_class_of(update));
    place.map(|(class, property)| (class, class.read(update, property)))
}

fn exact(text: &[u8]) -> Vec<u8> {
    text.to_vec()
}

/// In small letters, of all alphabets.
fn folded(text: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(text).to_lowercase().into_bytes()
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|part| part == wanted)
}

fn content<'f>(frame: &Frame<'f>, filter: &str) -> Result<&'f [u8], Thrown> {
    let content = frame.bytes(0).unwrap_or_default();
    if content.is_empty() {
        return Err(Thrown::InvalidArgument(format!(
            "{filter}: a text is expected, it is empty"
        )));
    }
    Ok(content)
}

fn construct_command(
    frame: &mut Frame<'_>,
    class: &Class,
    fold: fn(&[u8]) -> Vec<u8>,
) -> Result<(), Thrown> {
    let command = frame.bytes(0).unwrap_or_default();
    let is_word = |text: &str| {
        text.chars()
            .all(|one| one.is_ascii_alphanumeric() || matches!(one, '_' | '@'))
    };
    if command.is_empty() || !std::str::from_utf8(command).is_ok_and(is_word) {
        return Err(Thrown::InvalidArgument(format!(
            "FilterCommand: a command is made of letters, digits, _ and @, without what it begins with; \
             \"{}\" was given",
            String::from_utf8_lossy(command)
        )));
    }
    let types = match frame.array(1) {
        Some(given) => types(given)?,
        None => all_types(),
    };
    let this = frame.this()?;
    let mut list = ZendHashTable::new();
    for ty in types {
        list.push(ty)?;
    }
    class.write(this, "commandTypes", sink::array(list))?;
    class.write(this, "command", sink::text(&fold(command)))
}

fn all_types() -> Vec<Zval> {
    [c"BANG", c"DOT", c"SLASH"]
        .map(|name| COMMAND_TYPE.case(name))
        .into()
}

fn types(given: &ZendHashTable) -> Result<Vec<Zval>, Thrown> {
    let mut types: Vec<Zval> = Vec::new();
    for ty in values(given).map(Zval::dereference) {
        if COMMAND_TYPE.object(ty).is_none() {
            return Err(Thrown::Type(format!(
                "FilterCommand: types: cases of CommandType are expected, {} was given",
                type_name(ty)
            )));
        }
        if types.iter().any(|before| is_same(before, ty)) {
            return Err(Thrown::Assertion(
                "FilterCommand: types: the same type stands there twice".to_owned(),
            ));
        }
        types.push(ty.shallow_clone());
    }
    if types.is_empty() {
        return Err(Thrown::InvalidArgument(
            "FilterCommand: types: at least one is expected".to_owned(),
        ));
    }
    Ok(types)
}

/// Whether two cases of an enum are the same, of which there is one object each.
fn is_same(one: &Zval, other: &Zval) -> bool {
    match (one.object(), other.object()) {
        (Some(one), Some(other)) => std::ptr::eq(one, other),
        _ => false,
    }
}

fn is_command(
    frame: &mut Frame<'_>,
    class: &Class,
    fold: fn(&[u8]) -> Vec<u8>,
) -> Result<(), Thrown> {
    let (this, update) = (frame.this()?, update(frame)?);
    if !MESSAGE.is_class_of(update) {
        return frame.give(false);
    }
    let wanted = class.read_set(this, "command")?;
    let types = class.read_set(this, "commandTypes")?;
    let (name, ty) = (
        MESSAGE.read(update, "command"),
        MESSAGE.read(update, "commandType"),
    );
    let is_named = match (name.zend_str(), wanted.zend_str()) {
        (Some(name), Some(wanted)) => fold(name.as_bytes()) == wanted.as_bytes(),
        _ => false,
    };
    let mut types = types.array().into_iter().flat_map(values);
    let passes = is_named && types.any(|wanted| is_same(wanted.dereference(), &ty));
    frame.give(passes)
}

fn construct_regex(frame: &mut Frame<'_>, class: &Class, function: &str) -> Result<(), Thrown> {
    let regex = sink::text(frame.bytes(0).unwrap_or_default());
    let flags = frame.int(1).unwrap_or_default().into_zval(false)?;
    let offset = frame.int(2).unwrap_or_default().into_zval(false)?;
    let start = 0_i64.into_zval(false)?;
    if run(function, &regex, &sink::text(b""), &flags, &start)?.is_none() {
        return Err(Thrown::InvalidArgument(format!(
            "The regular expression {}: {}",
            regex.str().unwrap_or_default(),
            warning(function)?
        )));
    }
    let this = frame.this()?;
    class.write(this, "regex", regex)?;
    class.write(this, "flags", flags)?;
    class.write(this, "offset", offset)
}

fn matches(
    frame: &mut Frame<'_>,
    class: &Class,
    function: &str,
    property: &str,
) -> Result<(), Thrown> {
    let (this, update) = (frame.this()?, update(frame)?);
    let Some((subject, text)) = sought(update) else {
        return frame.give(false);
    };
    let option = |name: &str| class.read_set(this, name);
    let (regex, flags, offset) = (option("regex")?, option("flags")?, option("offset")?);
    let length = text.zend_str().map(|text| text.as_bytes().len());
    let begins = usize::try_from(offset.long().unwrap_or_default()).unwrap_or_default();
    if length.is_none_or(|length| begins > length) {
        return frame.give(false);
    }
    let Some((found, matched)) = run(function, &regex, &text, &flags, &offset)? else {
        // As for PHP's own `if (preg_match(...))`: what somebody has written is no error of the script.
        let reason = kind_of_error()?;
        logger::write(Level::Error, || {
            let regex = regex.str().unwrap_or_default();
            format!("A text does not pass FilterRegex, because {regex} fails on it: {reason}")
        });
        return frame.give(false);
    };
    if found {
        subject.write(update, property, matched)?;
    }
    frame.give(found)
}

/// `preg_match()` or `preg_match_all()`: whether anything matched, and what; `None` where it failed.
fn run(
    function: &str,
    regex: &Zval,
    text: &Zval,
    flags: &Zval,
    offset: &Zval,
) -> Result<Option<(bool, Zval)>, Thrown> {
    let matched = function::reference(Zval::new());
    let found = function::call(function, vec![regex, text, &matched, flags, offset]);
    Thrown::pending()?;
    let count = found.as_ref().and_then(Zval::long);
    Ok(count.map(|count| (count > 0, matched.dereference().shallow_clone())))
}

/// Why an expression cannot be compiled: what the function has just warned of.
fn warning(function: &str) -> Result<String, Thrown> {
    let warned = function::call("error_get_last", vec![]);
    Thrown::pending()?;
    let warned = warned.as_ref().and_then(Zval::array);
    let warned = warned.and_then(|error| error.get("message")?.str());
    match warned.filter(|text| text.starts_with(function)) {
        Some(warned) => Ok(warned.to_owned()),
        None => kind_of_error(),
    }
}

/// PCRE's last error, as PHP names it.
fn kind_of_error() -> Result<String, Thrown> {
    let kind = function::call("preg_last_error_msg", vec![]);
    Thrown::pending()?;
    let kind = kind.as_ref().and_then(Zval::str);
    Ok(kind.unwrap_or_default().to_owned())
}
