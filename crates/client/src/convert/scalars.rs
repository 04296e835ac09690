//! Numbers, strings and vectors from whatever a script gives for them.

use std::borrow::Cow;

use madeline_tl::{Encoder, Param, Place, Source, VectorId, View};

use super::numeric::{self, Style};
use super::{Conversions, ConvertError, Encoded, base64, hash};

/// How many loudness values a voice message has, and how many bits each.
const WAVEFORM_VALUES: usize = 100;
const WAVEFORM_BITS: usize = 5;

const NOT_NUMERIC: ConvertError = ConvertError::Tl(Cow::Borrowed("Given value isn't numeric"));
const NO_STRING: ConvertError = ConvertError::Tl(Cow::Borrowed("A string was expected!"));
const NO_ARRAY: ConvertError = ConvertError::Tl(Cow::Borrowed("You didn't provide a valid array"));

/// Whatever `is_numeric()` takes, cast by `(int)`.
fn number(view: View<'_>) -> Result<i64, ConvertError> {
    match view {
        View::Int(number) => Ok(number),
        View::Double(number) => Ok(numeric::int_of_double(number)),
        View::Text(text) => numeric::int_of_text(text).ok_or(NOT_NUMERIC),
        _ => Err(NOT_NUMERIC),
    }
}

/// An `int`.
pub(super) fn int(view: View<'_>) -> Result<i32, ConvertError> {
    let number = number(view)?;
    i32::try_from(number).map_err(|_| {
        let (relation, bound) = if number < 0 {
            ("smaller", i32::MIN)
        } else {
            ("bigger", i32::MAX)
        };
        ConvertError::Tl(format!("Provided value {number} is {relation} than {bound}").into())
    })
}

/// A flags word: what the script sets there by hand.
pub(super) fn flags(view: View<'_>) -> Result<u32, ConvertError> {
    let number = match view {
        View::Null => 0,
        View::Bool(bit) => i64::from(bit),
        view => number(view)?,
    };
    u32::try_from(number).map_err(|_| {
        let (relation, bound) = if number < 0 {
            ("smaller", 0)
        } else {
            ("bigger", 1_i64 << 32)
        };
        ConvertError::Tl(format!("Provided value {number} is {relation} than {bound}").into())
    })
}

/// A `long`: a number, its 8 bytes, `a` and its 8 bytes, its two halves, or for a `hash` the ids to be hashed.
pub(super) fn long<'a, S: Source<'a>>(at: &Place<'_>, value: S) -> Result<i64, ConvertError> {
    if let View::Text(text) | View::Bytes(text) = value.view()
        && let Ok(bytes) = text
            .strip_prefix(b"a")
            .filter(|rest| rest.len() == 8)
            .unwrap_or(text)
            .try_into()
    {
        return Ok(i64::from_le_bytes(bytes));
    }
    match value.view() {
        View::Array if at.parameter().is_some_and(|param| param.name() == "hash") => {
            hash::of_ids(value.items())
        }
        View::Array if value.len() == 2 => {
            let mut halves = value.items().map(|half| number(half.view()));
            let low = halves.next().unwrap_or(Ok(0))? as u32;
            let high = halves.next().unwrap_or(Ok(0))? as i32;
            Ok(i64::from(high) << 32 | i64::from(low))
        }
        view => number(view),
    }
}

/// A `double`: no strings, as MadelineProto packs it under strict types.
pub(super) fn double(view: View<'_>) -> Result<f64, ConvertError> {
    match view {
        View::Double(number) => Ok(number),
        #[expect(
            clippy::cast_precision_loss,
            reason = "as PHP passes an int for a float"
        )]
        View::Int(number) => Ok(number as f64),
        view => Err(type_error(
            "danog\\MadelineProto\\Tools::packDouble(): Argument #1 ($value)",
            "float",
            view,
        )),
    }
}

/// A `string`.
pub(super) fn string(view: View<'_>) -> Result<Cow<'_, [u8]>, ConvertError> {
    match view {
        View::Text(text) | View::Bytes(text) => Ok(text.into()),
        View::Int(number) => Ok(number.to_string().into_bytes().into()),
        View::Double(number) => Ok(numeric::text_of_double(number, Style::Text)
            .into_bytes()
            .into()),
        _ => Err(NO_STRING),
    }
}

/// `bytes`: also as `['_' => 'bytes', 'bytes' => base64]`, which is what `Bytes` becomes in JSON; but not where scripts
/// know them as a string.
pub(super) fn bytes<'a, S: Source<'a>>(
    at: &Place<'_>,
    value: S,
) -> Result<Cow<'a, [u8]>, ConvertError> {
    if value.view() != View::Array || at.parameter().is_some_and(Param::is_text) {
        return string(value.view());
    }
    if let Some(bytes) = marked_bytes(value) {
        return Ok(bytes.into());
    }
    if at
        .parameter()
        .is_some_and(|param| param.name() == "waveform")
    {
        return waveform(value).map(Cow::Owned);
    }
    Err(NO_STRING)
}

/// The content of `['_' => 'bytes', 'bytes' => base64]`.
fn marked_bytes<'a, S: Source<'a>>(value: S) -> Option<Vec<u8>> {
    let View::Text(b"bytes") = value.named("_")?.view() else {
        return None;
    };
    match value.named("bytes")?.view() {
        View::Text(text) | View::Bytes(text) => Some(base64::decode(text)),
        _ => None,
    }
}

/// The loudness of a voice message: 100 values of 5 bits, the lowest bits first.
fn waveform<'a, S: Source<'a>>(values: S) -> Result<Vec<u8>, ConvertError> {
    if values.len() != WAVEFORM_VALUES {
        return Err(ConvertError::Tl(
            "A waveform array must have 100 values!".into(),
        ));
    }
    let mut packed = vec![0_u8; (WAVEFORM_VALUES * WAVEFORM_BITS).div_ceil(8)];
    for (index, value) in values.items().enumerate() {
        let value = number(value.view())
            .ok()
            .and_then(|value| u16::try_from(value).ok())
            .filter(|value| *value < 32);
        let value = value.ok_or(ConvertError::Tl(
            "A waveform value must be between 0 and 31!".into(),
        ))?;
        let position = index * WAVEFORM_BITS;
        let [low, high] = (value << (position % 8)).to_le_bytes();
        for (byte, bits) in packed.iter_mut().skip(position / 8).zip([low, high]) {
            *byte |= bits;
        }
    }
    Ok(packed)
}

/// `int128`, `int256`, `int512`: raw or as base64.
pub(super) fn fixed<const N: usize>(view: View<'_>) -> Result<[u8; N], ConvertError> {
    match view {
        View::Text(text) | View::Bytes(text) => text
            .try_into()
            .or_else(|_| base64::decode(text).try_into())
            .map_err(|_| ConvertError::Tl(format!("Given value is not {N} bytes long").into())),
        view => Err(type_error(
            "strlen(): Argument #1 ($string)",
            "string",
            view,
        )),
    }
}

/// PHP's truth: all but null, false, 0, 0.0, `""`, `"0"` and `[]`.
pub(super) fn truth<'a, S: Source<'a>>(value: S) -> bool {
    match value.view() {
        View::Null => false,
        View::Bool(truth) => truth,
        View::Int(number) => number != 0,
        View::Double(number) => number != 0.0,
        View::Text(text) => !matches!(text, b"" | b"0"),
        View::Array => !value.is_empty(),
        View::Bytes(_) | View::Opaque => true,
    }
}

/// PHP's complaint about an argument of the wrong type.
pub(super) fn type_error(argument: &str, wanted: &str, given: View<'_>) -> ConvertError {
    let given = type_name(given);
    ConvertError::Type(format!("{argument} must be of type {wanted}, {given} given").into())
}

/// What PHP's errors call a value's type.
pub(super) fn type_name(given: View<'_>) -> &'static str {
    match given {
        View::Null => "null",
        View::Bool(_) => "bool",
        View::Int(_) => "int",
        View::Double(_) => "float",
        View::Text(_) => "string",
        View::Array => "array",
        View::Bytes(_) => "danog\\MadelineProto\\TL\\Types\\Bytes",
        View::Opaque => "object",
    }
}

impl Conversions<'_> {
    /// A vector from an array with any keys; an object is none.
    pub(super) fn vector<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        id: VectorId,
        value: S,
    ) -> Encoded {
        if value.view() != View::Array || value.named("_").is_some() {
            return Err(at.convert(NO_ARRAY));
        }
        encoder.vector(at, id, value, self)
    }
}
