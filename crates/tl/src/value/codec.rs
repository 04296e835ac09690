//! Whole values to bytes and back, without conversions.

use std::convert::Infallible;

use super::source::ValueRef;
use super::{Value, ValueSink};
use crate::decode::{DecodeError, DecodeErrorKind, Decoder, Shape};
use crate::encode::{EncodeError, EncodeErrorKind, Strict, encode, encode_method};
use crate::schema::{Schema, Ty};
use crate::wire::ReadError;

/// Serializes a call: an object with the name of a method.
///
/// # Errors
/// An unknown method, or the first unusable parameter.
pub fn method_to_bytes(schema: &Schema, call: &Value) -> Result<Vec<u8>, EncodeError<Infallible>> {
    let Some(method) = schema.method(call.name()) else {
        let kind = EncodeErrorKind::Mismatch {
            expected: "a method".to_owned(),
            found: call.name().to_owned(),
        };
        return Err(EncodeError::new(call.name().to_owned(), kind));
    };
    let mut out = Vec::new();
    encode_method(schema, method, ValueRef::Value(call), &mut Strict, &mut out)?;
    Ok(out)
}

/// Serializes an object with the name of a constructor.
///
/// # Errors
/// An unknown constructor, or the first unusable parameter.
pub fn boxed_to_bytes(schema: &Schema, object: &Value) -> Result<Vec<u8>, EncodeError<Infallible>> {
    if schema.constructor(object.name()).is_none() {
        let kind = EncodeErrorKind::UnknownConstructor {
            name: object.name().to_owned(),
        };
        return Err(EncodeError::new(object.name().to_owned(), kind));
    }
    to_bytes(schema, Ty::Object, object)
}

/// Serializes a value of the type `ty`.
///
/// # Errors
/// The first unusable value.
pub fn to_bytes(
    schema: &Schema,
    ty: Ty,
    value: &Value,
) -> Result<Vec<u8>, EncodeError<Infallible>> {
    let mut out = Vec::new();
    append_bytes(schema, ty, value, &mut out)?;
    Ok(out)
}

/// Serializes a value of the type `ty` behind what `out` has already.
///
/// # Errors
/// The first unusable value; `out` may have a part of it then.
pub fn append_bytes(
    schema: &Schema,
    ty: Ty,
    value: &Value,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError<Infallible>> {
    encode(schema, ty, ValueRef::Value(value), &mut Strict, out)
}

/// Deserializes an object of any constructor, as it is. All of `bytes` must belong to it.
///
/// # Errors
/// The first byte that makes no sense.
pub fn boxed_from_bytes(schema: &Schema, bytes: &[u8]) -> Result<Value, DecodeError> {
    from_bytes(schema, Ty::Object, bytes)
}

/// Deserializes a call. Calls inside of it (`query:!X` of `invokeWithLayer`) become objects of their methods.
///
/// # Errors
/// An unknown method, or the first byte that makes no sense.
pub fn method_from_bytes(schema: &Schema, bytes: &[u8]) -> Result<Value, DecodeError> {
    let value = from_bytes(schema, Ty::Object, bytes)?;
    if schema.method(value.name()).is_none() {
        let kind = DecodeErrorKind::Mismatch {
            expected: "a method".to_owned(),
            found: value.name().to_owned(),
        };
        return Err(DecodeError::new(kind, 0));
    }
    Ok(value)
}

/// Deserializes a value of the type `ty`, as it is. All of `bytes` must belong to it.
///
/// # Errors
/// The first byte that makes no sense.
pub fn from_bytes(schema: &Schema, ty: Ty, bytes: &[u8]) -> Result<Value, DecodeError> {
    let (value, length) = Decoder::new(schema, Shape::Raw).decode(ty, bytes, &mut ValueSink)?;
    match bytes.len() - length {
        0 => Ok(value),
        left => Err(DecodeError::new(
            DecodeErrorKind::Read(ReadError::Trailing { left }),
            length,
        )),
    }
}
