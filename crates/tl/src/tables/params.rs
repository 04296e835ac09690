//! The parameters of one statement, read with grammers' parser.

use std::collections::HashSet;

use grammers_tl_parser::errors::ParamParseError;
use grammers_tl_parser::tl::{Parameter, ParameterType, Type};

use super::MAX_WORDS;
use super::statement::{SchemaError, Statement, Word};

/// Deeper `Vector<Vector<…>>` is refused: the parser of types is recursive.
const MAX_NESTING: usize = 8;

/// Telegram's methods have one.
const MAX_GENERICS: usize = 8;

/// A parameter whose type is not looked up yet.
#[derive(Debug)]
pub(crate) struct RawParam<'t> {
    pub(crate) word: Word<'t>,
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// `name:#`, with its number among the flags words of the statement.
    Flags(u8),
    /// `name:flags.3?type`: flags word and bit.
    Optional(u8, u8, Type),
    /// `name:type`.
    Mandatory(Type),
}

/// A statement whose words are understood one by one.
#[derive(Debug)]
pub(crate) struct Parsed<'t> {
    pub(crate) head: Word<'t>,
    pub(crate) name: &'t str,
    pub(crate) id: u32,
    pub(crate) method: bool,
    /// `X` of `{X:Type}`.
    pub(crate) generics: Vec<String>,
    pub(crate) params: Vec<RawParam<'t>>,
    pub(crate) result_word: Word<'t>,
    pub(crate) result: Type,
}

/// Understands the words of a statement; `None` for the types that every TL file declares and the codec has built in.
pub(crate) fn parse<'t>(statement: &Statement<'t>) -> Result<Option<Parsed<'t>>, SchemaError> {
    let Some((head, rest)) = statement.words.split_first() else {
        return Ok(None);
    };
    let (name, id) = match head.text.split_once('#') {
        Some((name, id)) => (name, Some(id)),
        None => (head.text, None),
    };
    if matches!(
        name,
        "int" | "long" | "double" | "string" | "bytes" | "int128" | "int256" | "int512" | "vector"
    ) {
        return Ok(None);
    }
    check_name(head, name)?;
    let mut sides = rest.splitn(2, |word| word.text == "=");
    let (Some(left), Some(right)) = (sides.next(), sides.next()) else {
        let last = statement.words.last().unwrap_or(head);
        return Err(last.error(format!("expected = and a type after {}", last.text)));
    };
    let [result_word] = right else {
        let place = right.get(1).unwrap_or(head);
        return Err(place.error(format!(
            "expected one type after = in the definition of {name}"
        )));
    };
    let mut parsed = Parsed {
        head: *head,
        name,
        id: 0,
        method: statement.method,
        generics: Vec::new(),
        params: Vec::new(),
        result_word: *result_word,
        result: parse_type(result_word, result_word.text)?,
    };
    params(&mut parsed, left)?;
    parsed.id = match id {
        Some(id) => u32::from_str_radix(id, 16).map_err(|_| {
            head.error(format!(
                "expected up to 8 hexadecimal digits after {name}#, found {id}"
            ))
        })?,
        None => checksum(name, left, result_word),
    };
    if is_envelope(&parsed) {
        parsed.name = "MTmessage";
    }
    Ok(Some(parsed))
}

/// MTProto's own `message`, the envelope inside a container, must not be taken for a chat's message.
fn is_envelope(parsed: &Parsed<'_>) -> bool {
    let names = parsed.params.iter().map(|param| param.name.as_str());
    parsed.name == "message" && names.eq(["msg_id", "seqno", "bytes", "body"])
}

fn check_name(word: &Word<'_>, name: &str) -> Result<(), SchemaError> {
    let good = name.split('.').all(|part| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    if good {
        return Ok(());
    }
    Err(word.error(format!(
        "expected a name of letters, digits and _, found {name}"
    )))
}

fn params<'t>(parsed: &mut Parsed<'t>, words: &[Word<'t>]) -> Result<(), SchemaError> {
    let mut flags: Vec<String> = Vec::new();
    let mut names = HashSet::new();
    for word in words {
        check_nesting(word, word.text)?;
        let param = match word.text.parse::<Parameter>() {
            Ok(param) => param,
            Err(ParamParseError::TypeDef { name }) => {
                if parsed.generics.len() == MAX_GENERICS {
                    return Err(
                        word.error(format!("expected at most {MAX_GENERICS} of {{X:Type}}"))
                    );
                }
                parsed.generics.push(name);
                continue;
            }
            Err(reason) => return Err(word.error(describe(word.text, &reason))),
        };
        check_name(word, &param.name)?;
        if !names.insert(param.name.clone()) {
            return Err(word.error(format!(
                "expected a new name, found {} a second time",
                param.name
            )));
        }
        let kind = match param.ty {
            ParameterType::Flags => {
                flags.push(param.name.clone());
                if flags.len() > MAX_WORDS {
                    return Err(
                        word.error(format!("expected at most {MAX_WORDS} parameters of type #"))
                    );
                }
                Kind::Flags(flags.len() as u8 - 1)
            }
            ParameterType::Normal { ty, flag: None } => Kind::Mandatory(ty),
            ParameterType::Normal {
                ty,
                flag: Some(flag),
            } => {
                let Some(number) = flags.iter().position(|earlier| *earlier == flag.name) else {
                    return Err(word.error(format!(
                        "expected an earlier parameter of type #, found {}",
                        flag.name
                    )));
                };
                if flag.index >= 32 {
                    return Err(
                        word.error(format!("expected a bit from 0 to 31, found {}", flag.index))
                    );
                }
                Kind::Optional(number as u8, flag.index as u8, ty)
            }
        };
        parsed.params.push(RawParam {
            word: *word,
            name: param.name,
            kind,
        });
    }
    Ok(())
}

/// Reads the name of a type, such as `Vector<InputPeer>`.
pub(crate) fn parse_type(word: &Word<'_>, text: &str) -> Result<Type, SchemaError> {
    check_nesting(word, text)?;
    text.parse()
        .map_err(|reason| word.error(describe(text, &reason)))
}

fn check_nesting(word: &Word<'_>, text: &str) -> Result<(), SchemaError> {
    if text.matches('<').count() > MAX_NESTING {
        return Err(word.error(format!(
            "expected at most {MAX_NESTING} types inside each other"
        )));
    }
    Ok(())
}

fn describe(text: &str, reason: &ParamParseError) -> String {
    match reason {
        ParamParseError::InvalidFlag => format!("expected a condition like flags.3?, found {text}"),
        ParamParseError::InvalidGeneric => format!("expected > at the end of {text}"),
        ParamParseError::MissingDef => format!("expected {{X:Type}}, found {text}"),
        ParamParseError::Empty => format!("expected name:type with both parts, found {text}"),
        ParamParseError::TypeDef { .. } | ParamParseError::NotImplemented => {
            format!("expected name:type, found {text}")
        }
    }
}

/// The id of a definition that names none: the CRC-32 of its normalized text
/// (<https://core.telegram.org/mtproto/TL#formal-declaration>).
fn checksum(name: &str, params: &[Word<'_>], result: &Word<'_>) -> u32 {
    let mut text = String::from(name);
    for word in params.iter().filter(|word| !word.text.ends_with("?true")) {
        text.push(' ');
        let word = match word.text.strip_suffix("bytes") {
            Some(before) if before.ends_with([':', '?']) => format!("{before}string"),
            _ => word.text.to_owned(),
        };
        text.push_str(&word.replace('<', " ").replace(['>', '{', '}'], ""));
    }
    text.push_str(" = ");
    text.push_str(&result.text.replace('<', " ").replace('>', ""));
    crc32(text.as_bytes())
}

fn crc32(bytes: &[u8]) -> u32 {
    let remainder = bytes.iter().fold(u32::MAX, |state, byte| {
        (0..8).fold(state ^ u32::from(*byte), |state, _| {
            (state >> 1) ^ if state & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    });
    !remainder
}
