//! From values to bytes.
//!
//! The codec walks a definition's parameters and asks the [`Source`] for each by its key. A value of the wanted type
//! is written at once; everything else is the [`Convert`] hook's, which writes through the same [`Encoder`].

mod convert;
mod encoder;
mod error;
mod place;
mod source;

pub use convert::{Convert, Field, Strict};
pub use encoder::Encoder;
pub use error::{EncodeError, EncodeErrorKind};
pub use place::Place;
pub use source::{EntryKey, Key, Source, View};

use crate::schema::{Definition, Schema, Ty};

/// Serializes a call of `method` with the parameters that `args` holds, and appends it to `out`.
///
/// # Errors
/// What the first unusable argument is, and where; `out` is as before then.
pub fn encode_method<'a, S: Source<'a>, C: Convert<'a, S>>(
    schema: &Schema,
    method: Definition<'_>,
    args: S,
    convert: &mut C,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError<C::Error>> {
    let start = out.len();
    let result = Encoder::new(schema, out).definition(&Place::root(method), method, args, convert);
    if result.is_err() {
        out.truncate(start);
    }
    result
}

/// Serializes a value of that type, and appends it to `out`.
///
/// # Errors
/// What the first unusable value is, and where; `out` is as before then.
pub fn encode<'a, S: Source<'a>, C: Convert<'a, S>>(
    schema: &Schema,
    ty: Ty,
    value: S,
    convert: &mut C,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError<C::Error>> {
    let start = out.len();
    let result = Encoder::new(schema, out).value(&Place::value(schema, ty), ty, value, convert);
    if result.is_err() {
        out.truncate(start);
    }
    result
}
