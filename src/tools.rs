//! `\danog\MadelineProto\Tools`: static functions that need no session.

pub(crate) mod binary;
pub(crate) mod concurrency;
pub(crate) mod constants;
pub(crate) mod files;
pub(crate) mod ids;
mod lock;
pub(crate) mod process;
pub(crate) mod script;
pub(crate) mod text;
pub(crate) mod web;

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use ext_php_rs::types::{ZendStr, Zval};
use madeline_client::convert::{Conversions, ConvertError, Resolutions};
use madeline_mtproto::Random;
use madeline_mtproto::random::OsRandom;
use madeline_tl::{Decoder, EncodeError, Schema, Shape, Source, Ty, encode, encode_method};

use crate::class::{Base, Class, Frame, Method, Param, Type};
use crate::events::VALIDATION;
use crate::exceptions::Thrown;
use crate::files::{FFMPEG, MIME, STREAM_TOOLS};
use crate::types::text_entities;
use crate::zval::{Keys, Scratch, ZvalSink, sink};

/// `\danog\MadelineProto\StrTools`: texts.
static STR_TOOLS: Class = Class {
    name: c"danog\\MadelineProto\\StrTools",
    flags: Class::ABSTRACT,
    traits: &[
        text::UNITS_AND_ESCAPING,
        text::NAMES,
        text_entities::METHODS,
    ],
    ..Class::DEFAULT
};

/// `\danog\MadelineProto\AsyncTools`: waiting.
static ASYNC_TOOLS: Class = Class {
    name: c"danog\\MadelineProto\\AsyncTools",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&STR_TOOLS)),
    traits: &[script::METHODS, concurrency::METHODS, concurrency::EARLIER],
    ..Class::DEFAULT
};

/// The class.
pub(crate) static TOOLS: Class = Class {
    name: c"danog\\MadelineProto\\Tools",
    flags: Class::ABSTRACT,
    methods: &[
        Method::new(c"tlSerializeMethod", serialize_method)
            .params(&[
                Param::required(c"method", Type::STRING),
                Param::required(c"args", Type::ARRAY),
                Param::optional(c"schema", Type::STRING.nullable(), c"null"),
            ])
            .returns(Type::STRING)
            .of_class(),
        Method::new(c"tlSerialize", serialize)
            .params(&[
                Param::required(c"type", Type::STRING),
                Param::required(c"value", Type::MIXED),
                Param::optional(c"schema", Type::STRING.nullable(), c"null"),
            ])
            .returns(Type::STRING)
            .of_class(),
        Method::new(c"tlDeserialize", deserialize)
            .params(&[
                Param::required(c"bytes", Type::STRING),
                Param::optional(c"type", Type::STRING, c"''"),
                Param::optional(c"schema", Type::STRING.nullable(), c"null"),
            ])
            .returns(Type::MIXED)
            .of_class(),
    ],
    parent: Some(Base::Ours(&ASYNC_TOOLS)),
    traits: &[
        binary::METHODS,
        ids::METHODS,
        files::METHODS,
        process::METHODS,
        web::METHODS,
        MIME,
        FFMPEG,
        STREAM_TOOLS,
        VALIDATION,
    ],
    ..Class::DEFAULT
};
/// The classes of this module.
pub(crate) static CLASSES: &[&Class] = &[
    &STR_TOOLS,
    &ASYNC_TOOLS,
    &TOOLS,
    &constants::MTPROTO,
    &constants::MAGIC,
    &ids::DIALOG_ID,
];

/// The TL bytes of a call.
fn serialize_method(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let schema = Chosen::of(frame, 2)?;
    let name = frame.text(0).unwrap_or_default();
    let Some(method) = schema.schema().method(&name) else {
        return Err(unknown_method(&name));
    };
    let Some(arguments) = frame.arg(1) else {
        return Ok(());
    };
    let out = write(&schema, arguments, |source, conversions, out| {
        encode_method(schema.schema(), method, source, conversions, out)
    })?;
    frame.give_zval(sink::text(&out));
    Ok(())
}

/// The TL bytes of a call by the compiled-in schema, from a value of any language. Without a session: peers must be complete.
pub(crate) fn method_bytes<'a>(name: &str, arguments: impl Source<'a>) -> Result<Vec<u8>, Thrown> {
    let schema = Schema::api();
    let Some(method) = schema.method(name) else {
        return Err(unknown_method(name));
    };
    let resolutions = Resolutions::new();
    let mut random = |bytes: &mut [u8]| OsRandom.fill(bytes);
    let mut conversions = Conversions::without_session(&resolutions, &mut random);
    let mut out = Vec::new();
    encode_method(schema, method, arguments, &mut conversions, &mut out)?;
    Ok(out)
}

fn unknown_method(name: &str) -> Thrown {
    Thrown::Tl(format!("Could not find method {name}!"))
}

/// The TL bytes of a value.
fn serialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let schema = Chosen::of(frame, 2)?;
    let ty = schema.ty(&frame.text(0).unwrap_or_default())?;
    let Some(value) = frame.arg(1) else {
        return Ok(());
    };
    let out = write(&schema, value, |source, conversions, out| {
        encode(schema.schema(), ty, source, conversions, out)
    })?;
    frame.give_zval(sink::text(&out));
    Ok(())
}

/// The value of TL bytes, as results look in release 8.
fn deserialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let schema = Chosen::of(frame, 2)?;
    let ty = schema.ty(&frame.text(1).unwrap_or_default())?;
    let input = frame
        .arg(0)
        .and_then(Zval::zend_str)
        .map(ZendStr::as_bytes)
        .unwrap_or_default();
    let value = schema.with_keys(|keys| {
        let mut sink = ZvalSink::new(keys, None);
        Decoder::new(schema.schema(), Shape::V8).decode(ty, input, &mut sink)
    });
    match value {
        Ok((value, taken)) if taken == input.len() => {
            frame.give_zval(value.into_zval());
            Ok(())
        }
        Ok((_, taken)) => Err(Thrown::Tl(format!(
            "{} bytes follow the value, which ends at byte {taken}",
            input.len() - taken
        ))),
        Err(error) => Err(Thrown::Tl(error.to_string())),
    }
}

/// Serializes without a session: peers must be complete.
fn write<'z, F>(schema: &Chosen, value: &'z Zval, run: F) -> Result<Vec<u8>, Thrown>
where
    F: for<'a> FnOnce(
        crate::zval::ZvalSource<'a>,
        &mut Conversions<'_>,
        &mut Vec<u8>,
    ) -> Result<(), EncodeError<ConvertError>>,
{
    let resolutions = Resolutions::new();
    let mut random = |bytes: &mut [u8]| OsRandom.fill(bytes);
    let mut conversions = Conversions::without_session(&resolutions, &mut random);
    let mut out = Vec::new();
    let outcome = schema.with_keys(|keys| {
        let scratch = Scratch::new(keys);
        run(scratch.source(value), &mut conversions, &mut out)
    });
    // What a `__toString` threw goes first.
    Thrown::pending()?;
    outcome?;
    Ok(out)
}

/// The schema that a call names: the compiled-in one, or a file's.
enum Chosen {
    BuiltIn,
    File(Arc<Schema>),
}

/// A schema that was read from a file, and when the file was changed last.
type Read = (Option<SystemTime>, Arc<Schema>);

/// Schemas of files, by path: reading one takes some milliseconds.
static FILES: Mutex<Option<HashMap<String, Read>>> = Mutex::new(None);

impl Chosen {
    fn of(frame: &Frame<'_>, index: usize) -> Result<Self, Thrown> {
        let Some(path) = frame.text(index) else {
            return Ok(Self::BuiltIn);
        };
        let changed = fs::metadata(path.as_ref())
            .and_then(|file| file.modified())
            .ok();
        let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
        let files = files.get_or_insert_default();
        if let Some((known, schema)) = files.get(path.as_ref())
            && *known == changed
        {
            return Ok(Self::File(Arc::clone(schema)));
        }
        let source = fs::read_to_string(path.as_ref()).map_err(|error| {
            Thrown::Exception(format!("cannot read the TL schema {path}: {error}"))
        })?;
        let schema = Schema::parse(&source, None)
            .map_err(|error| Thrown::Tl(format!("cannot use the TL schema {path}: {error}")))?;
        let schema = Arc::new(schema);
        files.insert(path.into_owned(), (changed, Arc::clone(&schema)));
        Ok(Self::File(schema))
    }

    fn schema(&self) -> &Schema {
        match self {
            Self::BuiltIn => Schema::api(),
            Self::File(schema) => schema,
        }
    }

    /// Lends the schema's keys.
    fn with_keys<T>(&self, run: impl FnOnce(&Keys) -> T) -> T {
        match self {
            Self::BuiltIn => run(Keys::api()),
            Self::File(schema) => run(&Keys::owned(schema)),
        }
    }

    /// A type by its expression; the empty one takes whatever constructor comes.
    fn ty(&self, expression: &str) -> Result<Ty, Thrown> {
        if expression.is_empty() {
            return Ok(Ty::Object);
        }
        self.schema()
            .ty(expression)
            .ok_or_else(|| Thrown::Tl(format!("The schema has no type {expression}")))
    }
}
