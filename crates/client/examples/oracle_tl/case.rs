//! One recorded case and what becomes of it here.

use madeline_client::convert::{Conversions, ConvertError, Resolutions};
use madeline_tl::{Decoder, Schema, Shape, Ty, ValueSink, encode, encode_method};
use serde::Deserialize;

use crate::sink::TaggedSink;
use crate::tagged::{Tagged, TaggedKey};

/// A line of a file of cases.
#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    id: String,
    op: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    name: String,
    #[serde(default, rename = "type")]
    type_name: String,
    args: Option<Tagged>,
    #[serde(default, deserialize_with = "present")]
    value: Option<Tagged>,
    hex: Option<String>,
    error: Option<String>,
    message: Option<String>,
    compare: Option<String>,
    #[serde(default)]
    malformed: bool,
    extra: Option<Extra>,
}

#[derive(Debug, Deserialize)]
struct Extra {
    subtype: Option<String>,
}

/// How a case ended.
pub(crate) enum Outcome {
    Equal,
    Different { expected: String, found: String },
}

/// A value, or an exception: its class and message.
#[derive(Debug, PartialEq)]
enum Answer<T> {
    Value(T),
    Thrown(String, String),
}

impl Case {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn op(&self) -> &str {
        &self.op
    }

    pub(crate) fn group(&self) -> &str {
        &self.group
    }

    pub(crate) fn title(&self) -> String {
        let constructor = self.value.as_ref().and_then(|value| value.get("_"));
        match constructor {
            Some(Tagged::Text(name)) if self.name.is_empty() => {
                String::from_utf8_lossy(name).into_owned()
            }
            _ => format!("{}{} {}", self.name, self.type_name, self.group),
        }
    }

    pub(crate) fn run(&self, schema: &Schema) -> Outcome {
        if self.op == "decode" {
            return self.compare(self.value.clone().map(cleaned), &self.decoded(schema));
        }
        let encoded = self.encoded(schema);
        if self.malformed
            && let Answer::Value(bytes) = &encoded
        {
            return sound(schema, bytes);
        }
        let encoded = match encoded {
            Answer::Value(bytes) => Answer::Value(hex(&bytes)),
            Answer::Thrown(class, message) => Answer::Thrown(class, message),
        };
        self.compare(self.hex.clone(), &encoded)
    }

    fn encoded(&self, schema: &Schema) -> Answer<Vec<u8>> {
        let resolutions = Resolutions::new();
        let mut random = |bytes: &mut [u8]| bytes.fill(0);
        let mut conversions = Conversions::without_session(&resolutions, &mut random);
        let mut bytes = Vec::new();
        let empty = Tagged::list(Vec::new());
        let result = if self.op == "method" {
            let args = self.args.as_ref().unwrap_or(&empty);
            // Service messages of MTProto itself are in a schema of their own.
            let (schema, method) = match schema.method(&self.name) {
                Some(method) => (schema, Some(method)),
                None => (Schema::mtproto(), Schema::mtproto().method(&self.name)),
            };
            let Some(method) = method else {
                return thrown(&ConvertError::Tl(
                    format!("Could not find method: {}", self.name).into(),
                ));
            };
            encode_method(schema, method, args, &mut conversions, &mut bytes)
        } else {
            let value = self.value.as_ref().unwrap_or(&empty);
            let name = if let Some(Tagged::Text(name)) = value.get("_") {
                String::from_utf8_lossy(name)
            } else {
                "".into()
            };
            let service = schema.constructor(&name).is_none()
                && Schema::mtproto().constructor(&name).is_some();
            let schema = if service { Schema::mtproto() } else { schema };
            match self.ty(schema) {
                Some(ty) => encode(schema, ty, value, &mut conversions, &mut bytes),
                None => {
                    return Answer::Thrown(String::new(), format!("no type {}", self.type_name));
                }
            }
        };
        match result {
            Ok(()) => Answer::Value(bytes),
            Err(error) => {
                let (_, kind) = error.into_parts();
                thrown(&ConvertError::from(kind))
            }
        }
    }

    fn decoded(&self, schema: &Schema) -> Answer<Tagged> {
        let bytes = unhex(self.hex.as_deref().unwrap_or_default());
        let Some(ty) = self.ty(schema) else {
            return Answer::Thrown(String::new(), format!("no type {}", self.type_name));
        };
        match Decoder::new(schema, Shape::V8).decode(ty, &bytes, &mut TaggedSink) {
            Ok((value, _)) => Answer::Value(value),
            Err(error) => thrown(&ConvertError::from(&error)),
        }
    }

    /// `Vector t` with the item's type aside, as MadelineProto has it; "" is any constructor.
    fn ty(&self, schema: &Schema) -> Option<Ty> {
        let subtype = self.extra.as_ref().and_then(|extra| extra.subtype.as_ref());
        match (self.type_name.as_str(), subtype) {
            ("", None) => Some(Ty::Object),
            ("" | "Vector t", Some(subtype)) => schema.ty(&format!("Vector<{subtype}>")),
            (name, _) => schema.ty(name),
        }
    }

    fn compare<T: PartialEq + std::fmt::Debug>(
        &self,
        value: Option<T>,
        found: &Answer<T>,
    ) -> Outcome {
        let expected = match (&self.error, value) {
            (Some(class), _) => {
                Answer::Thrown(class.clone(), self.message.clone().unwrap_or_default())
            }
            (None, Some(value)) => Answer::Value(value),
            (None, None) => {
                return Outcome::Different {
                    expected: "a value or an error".into(),
                    found: String::new(),
                };
            }
        };
        let throws = self.compare.as_deref() == Some("throws");
        if expected == *found || throws && matches!(found, Answer::Thrown(..)) {
            return Outcome::Equal;
        }
        Outcome::Different {
            expected: format!("{expected:?}"),
            found: format!("{found:?}"),
        }
    }
}

/// Null is a value of a case, not the absence of one.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Tagged>, D::Error> {
    Tagged::deserialize(deserializer).map(Some)
}

/// Bytes that were recorded as undecodable have to be decodable here.
fn sound(schema: &Schema, bytes: &[u8]) -> Outcome {
    match Decoder::new(schema, Shape::Raw).decode(Ty::Object, bytes, &mut ValueSink) {
        Ok((_, read)) if read == bytes.len() => Outcome::Equal,
        other => Outcome::Different {
            expected: "bytes that can be decoded".to_owned(),
            found: format!("{other:?}"),
        },
    }
}

/// Without the flags words that MadelineProto leaves in messages with a keyboard.
fn cleaned(mut value: Tagged) -> Tagged {
    if matches!(value.get("_"), Some(Tagged::Text(name)) if name == b"message")
        && let Tagged::Array(entries) = &mut value
    {
        entries
            .retain(|(key, _)| !matches!(key, TaggedKey::Name(name) if name.starts_with("flags")));
    }
    for inner in value.values_mut() {
        *inner = cleaned(std::mem::replace(inner, Tagged::Null));
    }
    value
}

fn thrown<T>(error: &ConvertError) -> Answer<T> {
    let class = match error {
        ConvertError::Tl(_) => "danog\\MadelineProto\\TL\\Exception",
        ConvertError::Conversion(_) => "danog\\MadelineProto\\TL\\Conversion\\Exception",
        ConvertError::Madeline(_) | ConvertError::Warning(_) => "danog\\MadelineProto\\Exception",
        ConvertError::PeerNotInDb { .. } => "danog\\MadelineProto\\PeerNotInDbException",
        ConvertError::Assertion(_) => "AssertionError",
        ConvertError::InvalidArgument(_) => "Webmozart\\Assert\\InvalidArgumentException",
        ConvertError::Type(_) => "TypeError",
        ConvertError::Json(_) => "JsonException",
        _ => "",
    };
    Answer::Thrown(class.to_owned(), error.to_string())
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = text
        .as_bytes()
        .chunks_exact(2)
        .filter_map(|pair| std::str::from_utf8(pair).ok());
    pairs
        .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
        .collect()
}
