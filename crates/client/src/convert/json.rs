//! JSON as PHP's `json_encode()` writes it: slashes escaped, everything but ASCII as `\u`.

use std::fmt::Write;

use madeline_tl::{EntryKey, Source, View};

use super::numeric::{self, Style};
use super::{ConvertError, base64};

/// As deep as `json_encode()` goes.
const MAX_DEPTH: usize = 512;

/// The JSON of any value.
pub(super) fn encode<'a, S: Source<'a>>(value: S) -> Result<String, ConvertError> {
    let mut json = String::new();
    write(&mut json, value, 0)?;
    Ok(json)
}

fn write<'a, S: Source<'a>>(json: &mut String, value: S, depth: usize) -> Result<(), ConvertError> {
    match value.view() {
        View::Null => json.push_str("null"),
        View::Bool(truth) => json.push_str(if truth { "true" } else { "false" }),
        View::Int(number) => json.push_str(&number.to_string()),
        View::Double(number) if number.is_finite() => {
            json.push_str(&numeric::text_of_double(number, Style::Json));
        }
        View::Double(_) => return Err(ConvertError::Json("Inf and NaN cannot be JSON encoded")),
        View::Text(text) => string(json, text)?,
        View::Bytes(bytes) => {
            json.push_str("{\"_\":\"bytes\",\"bytes\":");
            string(json, base64::encode(bytes).as_bytes())?;
            json.push('}');
        }
        View::Array if depth == MAX_DEPTH => {
            return Err(ConvertError::Json("Maximum stack depth exceeded"));
        }
        View::Array => array(json, value, depth + 1)?,
        View::Opaque => return Err(ConvertError::Json("Type is not supported")),
    }
    Ok(())
}

fn array<'a, S: Source<'a>>(json: &mut String, value: S, depth: usize) -> Result<(), ConvertError> {
    let list = value.is_list();
    let start = json.len();
    value.entries(|key, item| {
        json.push(if json.len() == start {
            if list { '[' } else { '{' }
        } else {
            ','
        });
        match key {
            _ if list => {}
            EntryKey::Index(index) => {
                let _ = write!(json, "\"{index}\":");
            }
            EntryKey::Name(name) => {
                string(json, name)?;
                json.push(':');
            }
        }
        write(json, item, depth)
    })?;
    if json.len() == start {
        json.push(if list { '[' } else { '{' });
    }
    json.push(if list { ']' } else { '}' });
    Ok(())
}

fn string(json: &mut String, text: &[u8]) -> Result<(), ConvertError> {
    let text = std::str::from_utf8(text).map_err(|_| {
        ConvertError::Json("Malformed UTF-8 characters, possibly incorrectly encoded")
    })?;
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '/' => json.push_str("\\/"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{20}'..='\u{7f}' => json.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(json, "\\u{unit:04x}");
                }
            }
        }
    }
    json.push('"');
    Ok(())
}
