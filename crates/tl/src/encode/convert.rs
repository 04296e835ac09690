//! What happens to values that are not of the wanted type.

use std::convert::Infallible;

use super::encoder::Encoder;
use super::error::EncodeError;
use super::place::Place;
use super::source::{Source, View};
use crate::schema::{Definition, Param, Ty};

/// The codec's questions about values that it cannot write as they are.
///
/// Every method has a strict default: without conversions, all of them are errors. A hook writes through the
/// [`Encoder`], with itself as the hook again: `encoder.value(at, ty, &value, self)` for a [`crate::Value`] it made,
/// `encoder.boxed(at, definition, value, self)` for a source as another constructor, `encoder.writer()` for bytes.
/// Since hooks are generic over the source, one implementation serves the script's values and its own.
///
/// Order of events, for each parameter of a definition: [`Convert::flags`] for a flags word; [`Convert::field`] for
/// parameters that can be filled by other names; then, where there is a value, [`Convert::truth`] for a `true` flag
/// or the codec's own fast path, and [`Convert::value`] where that does not apply; where there is none,
/// [`Convert::missing`].
pub trait Convert<'a, S: Source<'a>>: Sized {
    /// Why a conversion failed.
    type Error;

    /// Writes `value`, which is not of the type `want`, as one.
    ///
    /// Not of the type are, for a boxed type: no array; an array without `_`; one whose `_` the schema does not know
    /// or that is of another type. For a vector: anything but a list. For a number: another kind of value, or one out
    /// of range. `string` and `bytes` take text and bytes alike.
    fn value(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        want: Ty,
        value: S,
    ) -> Result<(), EncodeError<Self::Error>> {
        strict(encoder, at, want, value)
    }

    /// Writes a parameter that has no value: a mandatory one, or one whose bit another parameter set.
    ///
    /// For a `true` flag, whose bit was set by [`Convert::flags`], nothing is to be written.
    fn missing(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
    ) -> Result<(), EncodeError<Self::Error>> {
        let (_, _) = (encoder, object);
        Err(at.missing(param))
    }

    /// Says what a parameter's value is. Asked, given or not, for parameters that other keys of the object can fill:
    /// `caption`, `entities`, `message`, `no_webpage`, `peer`, `reply_markup`, `reply_to`, `reply_to_msg_id`, `silent`
    /// (bot-API names, `parse_mode`); possibly more than once.
    fn field(
        &mut self,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
        given: Option<S>,
    ) -> Result<Field<S>, EncodeError<Self::Error>> {
        let (_, _, _) = (at, param, object);
        Ok(given.map_or(Field::Absent, Field::Given))
    }

    /// Writes the value that [`Convert::field`] announced as [`Field::Own`].
    fn own(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
    ) -> Result<(), EncodeError<Self::Error>> {
        self.missing(encoder, at, param, object)
    }

    /// Writes an object whose constructor clients receive but may not send (`messageEntityMentionName`); false leaves
    /// it to the codec.
    fn object(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        definition: Definition<'_>,
        object: S,
    ) -> Result<bool, EncodeError<Self::Error>> {
        let (_, _, _, _) = (encoder, at, definition, object);
        Ok(false)
    }

    /// Whether a `true` flag is set by a value that is no truth value.
    fn truth(
        &mut self,
        encoder: &Encoder<'_>,
        at: &Place<'_>,
        value: S,
    ) -> Result<bool, EncodeError<Self::Error>> {
        Err(at.mismatch(encoder.schema(), Ty::Bool, value))
    }

    /// The bits that are set in a flags word from the start, whatever the parameters are.
    #[inline]
    fn flags(
        &mut self,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
    ) -> Result<u32, EncodeError<Self::Error>> {
        let (_, _, _) = (at, param, object);
        Ok(0)
    }
}

/// What [`Convert::field`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field<S> {
    /// There is no value.
    Absent,
    /// This one.
    Given(S),
    /// One that [`Convert::own`] will write.
    Own,
}

/// No conversions: values have the wanted type, or encoding fails. For Rust code, which says what it means.
#[derive(Clone, Copy, Debug, Default)]
pub struct Strict;

impl<'a, S: Source<'a>> Convert<'a, S> for Strict {
    type Error = Infallible;
}

/// The error for a value that no conversion is known for.
fn strict<'a, E, S: Source<'a>>(
    encoder: &Encoder<'_>,
    at: &Place<'_>,
    want: Ty,
    value: S,
) -> Result<(), EncodeError<E>> {
    if let (Ty::Boxed(_) | Ty::Object, View::Array) = (want, value.view()) {
        encoder.check_constructor(at, value)?;
    }
    Err(at.mismatch(encoder.schema(), want, value))
}
