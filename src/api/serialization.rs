//! `\danog\MadelineProto\Serialization`: how releases 2 to 4 opened and kept sessions.

use std::path::Path;

use ext_php_rs::convert::IntoZval;

use super::dialect::{Dialect, DialectChoice};
use super::place::Place;
use super::{API, INTERNAL_DOC, session};
use crate::class::{Class, Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;

static SERIALIZATION: Class = Class {
    name: c"danog\\MadelineProto\\Serialization",
    flags: Class::ABSTRACT,
    methods: &[
        Method::new(c"deserialize", deserialize)
            .params(&[
                Param::required(c"filename", Type::STRING),
                Param::optional(c"no_updates", Type::MIXED, c"false"),
            ])
            .returns(Type::OBJECT)
            .of_class(),
        Method::new(c"serialize", serialize)
            .params(&[
                Param::required(c"filename", Type::STRING),
                Param::required(
                    c"instance",
                    Type::class(c"danog\\MadelineProto\\InternalDoc"),
                ),
                Param::optional(c"force", Type::MIXED, c"false"),
            ])
            .returns(Type::INT)
            .of_class(),
    ],
    ..Class::DEFAULT
};

/// The classes of this module.
pub(super) static CLASSES: &[&Class] = &[&SERIALIZATION];

/// The API object of a session that exists.
fn deserialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let place = Place::named(frame.text(0).unwrap_or_default().into_owned())?;
    if !Path::new(place.directory()).exists() {
        return Err(Thrown::Exception("File does not exist".to_owned()));
    }
    let dialect = DialectChoice::new()?;
    dialect.sign_of(Dialect::V4);
    let object = API.instantiate();
    session::open(Object::of(&object), place, None, dialect)?;
    frame.give_zval(object.into_zval(false)?);
    Ok(())
}

/// Keeps a session under a name; its size in bytes.
fn serialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let name = frame.text(0).unwrap_or_default().into_owned();
    let Some(object) = frame.arg(1).and_then(|value| INTERNAL_DOC.object(value)) else {
        return Ok(());
    };
    let size = session::save_as(object, Some(name))?;
    frame.give(size)
}
