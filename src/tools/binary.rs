//! Numbers and texts as bytes.

use ext_php_rs::types::{ZendStr, Zval};
use madeline_mtproto::Random;
use madeline_mtproto::random::OsRandom;
use madeline_tl::inflate_stripped;

use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::types::bytes;
use crate::zval::entries::values;
use crate::zval::sink;

const INT: &[Param] = &[Param::required(c"value", Type::INT)];
const BYTES: &[Param] = &[Param::required(c"value", Type::STRING)];
const DATA: &[Param] = &[Param::required(c"data", Type::STRING)];
const STRING: &[Param] = &[Param::required(c"string", Type::STRING)];

/// Static methods.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"packSignedInt", |frame: &mut Frame<'_>| {
        let value: i32 = in_range(frame, i64::from(i32::MIN), i64::from(i32::MAX))?;
        give(frame, &value.to_le_bytes())
    })
    .params(INT)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"packUnsignedInt", |frame: &mut Frame<'_>| {
        let value: u32 = in_range(frame, 0, i64::from(u32::MAX))?;
        give(frame, &value.to_le_bytes())
    })
    .params(INT)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"packSignedLong", |frame: &mut Frame<'_>| {
        let value = frame.int(0).unwrap_or_default();
        give(frame, &value.to_le_bytes())
    })
    .params(INT)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"packDouble", |frame: &mut Frame<'_>| {
        let value = frame.arg(0).and_then(Zval::double).unwrap_or_default();
        give(frame, &value.to_le_bytes())
    })
    .params(&[Param::required(c"value", Type::FLOAT)])
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"unpackSignedInt", |frame: &mut Frame<'_>| {
        let value = i32::from_le_bytes(exactly(frame)?);
        frame.give(i64::from(value))
    })
    .params(BYTES)
    .returns(Type::INT)
    .of_class(),
    Method::new(c"unpackSignedLong", |frame: &mut Frame<'_>| {
        let value = i64::from_le_bytes(exactly(frame)?);
        frame.give(value)
    })
    .params(BYTES)
    .returns(Type::INT)
    .of_class(),
    Method::new(c"unpackSignedLongString", |frame: &mut Frame<'_>| {
        let value = match frame.int(0) {
            Some(value) => value,
            None => i64::from_le_bytes(exactly(frame)?),
        };
        frame.give(value.to_string())
    })
    .params(&[Param::required(c"value", Type::STRING.or(Type::INT))])
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"unpackDouble", |frame: &mut Frame<'_>| {
        let value = f64::from_le_bytes(exactly(frame)?);
        frame.give(value)
    })
    .params(BYTES)
    .returns(Type::FLOAT)
    .of_class(),
    Method::new(c"inflateStripped", |frame: &mut Frame<'_>| {
        let stripped = frame.bytes(0).unwrap_or_default();
        let jpeg = inflate_stripped(stripped);
        give(frame, if jpeg.is_empty() { stripped } else { &jpeg })
    })
    .params(&[Param::required(c"stripped", Type::STRING)])
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"base64urlEncode", |frame: &mut Frame<'_>| {
        give(frame, &base64url(frame.bytes(0).unwrap_or_default()))
    })
    .params(DATA)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"base64urlDecode", |frame: &mut Frame<'_>| {
        let mut text = frame.bytes(0).unwrap_or_default().to_vec();
        replace(&mut text, [(b'-', b'+'), (b'_', b'/')]);
        let data = function::call("base64_decode", vec![&sink::text(&text)]);
        give(frame, bytes_of(data.as_ref()))
    })
    .params(DATA)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"rleEncode", |frame: &mut Frame<'_>| {
        let encoded = rle_encode(frame.bytes(0).unwrap_or_default());
        give(frame, &encoded)
    })
    .params(STRING)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"rleDecode", |frame: &mut Frame<'_>| {
        let decoded = rle_decode(frame.bytes(0).unwrap_or_default());
        give(frame, &decoded)
    })
    .params(STRING)
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"random", random)
        .params(&[Param::required(c"length", Type::INT)])
        .returns(Type::STRING)
        .of_class(),
    Method::new(c"randomInt", random_int)
        .params(&[Param::optional(c"modulus", Type::INT, c"0")])
        .returns(Type::INT)
        .of_class(),
    Method::new(c"posmod", |frame: &mut Frame<'_>| {
        let (number, modulus) = (
            frame.int(0).unwrap_or_default(),
            frame.int(1).unwrap_or_default(),
        );
        let rest = number.checked_rem_euclid(modulus).ok_or_else(|| {
            Thrown::Exception(format!(
                "posmod({number}, {modulus}): the modulus must not be 0"
            ))
        })?;
        frame.give(rest)
    })
    .params(&[
        Param::required(c"a", Type::INT),
        Param::required(c"b", Type::INT),
    ])
    .returns(Type::INT)
    .of_class(),
    Method::new(c"genVectorHash", vector_hash)
        .params(&[Param::required(c"longs", Type::ARRAY)])
        .returns(Type::STRING)
        .of_class(),
];

/// Runs of zeros end here: their length is one byte.
const LONGEST_RUN: u8 = u8::MAX;

fn give(frame: &mut Frame<'_>, bytes: &[u8]) -> Result<(), Thrown> {
    frame.give(sink::text(bytes))
}

fn bytes_of(value: Option<&Zval>) -> &[u8] {
    value
        .and_then(Zval::zend_str)
        .map_or(&[][..], ZendStr::as_bytes)
}

fn replace(text: &mut [u8], pairs: [(u8, u8); 2]) {
    for byte in text {
        for (from, to) in pairs {
            if *byte == from {
                *byte = to;
                break;
            }
        }
    }
}

/// An int argument that fits.
fn in_range<T: TryFrom<i64>>(frame: &Frame<'_>, least: i64, most: i64) -> Result<T, Thrown> {
    let value = frame.int(0).unwrap_or_default();
    value.try_into().map_err(|_| {
        Thrown::Tl(if value > most {
            format!("Provided value {value} is bigger than {most}")
        } else {
            format!("Provided value {value} is smaller than {least}")
        })
    })
}

/// A string argument of this many bytes.
fn exactly<const N: usize>(frame: &Frame<'_>) -> Result<[u8; N], Thrown> {
    bytes_of(frame.arg(0))
        .try_into()
        .map_err(|_| Thrown::Tl(format!("Given value is not {N} bytes long")))
}

/// Bytes in base64 with the letters of URLs, without `=` at the end.
pub(crate) fn base64url(bytes: &[u8]) -> Vec<u8> {
    let mut text = bytes::base64(bytes).as_bytes().to_vec();
    text.retain(|byte| *byte != b'=');
    replace(&mut text, [(b'+', b'-'), (b'/', b'_')]);
    text
}

/// Runs of zeros as a zero and their length, as in the bot API's file ids.
fn rle_encode(bytes: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(bytes.len());
    let mut zeros = 0_u8;
    for &byte in bytes {
        if byte == 0 && zeros < LONGEST_RUN {
            zeros += 1;
            continue;
        }
        if zeros > 0 {
            encoded.extend([0, zeros]);
            zeros = 0;
        }
        if byte == 0 {
            zeros = 1;
        } else {
            encoded.push(byte);
        }
    }
    if zeros > 0 {
        encoded.extend([0, zeros]);
    }
    encoded
}

fn rle_decode(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut bytes = bytes.iter();
    while let Some(&byte) = bytes.next() {
        if byte == 0 {
            let run = bytes.next().copied().unwrap_or_default();
            decoded.resize(decoded.len() + usize::from(run), 0);
        } else {
            decoded.push(byte);
        }
    }
    decoded
}

fn random(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let length = frame.int(0).unwrap_or_default();
    let length = usize::try_from(length)
        .map_err(|_| Thrown::Exception(format!("random(): {length} is no length")))?;
    let mut bytes = vec![0; length];
    OsRandom.fill(&mut bytes);
    give(frame, &bytes)
}

/// A number from 0 up to the modulus; without one, any number.
fn random_int(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let mut bytes = [0; 8];
    OsRandom.fill(&mut bytes);
    let modulus = frame.int(0).unwrap_or_default();
    if modulus < 0 {
        return Err(Thrown::Exception(format!(
            "randomInt(): the modulus must not be negative, {modulus} is"
        )));
    }
    let number = i64::from_le_bytes(bytes);
    frame.give(number.checked_rem_euclid(modulus).unwrap_or(number))
}

/// The hash of a list of ids: <https://core.telegram.org/api/offsets#hash-generation>.
fn vector_hash(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let mut hash = 0_u64;
    for id in frame.array(0).into_iter().flat_map(values) {
        let id = id
            .long()
            .ok_or_else(|| Thrown::Tl("Given value isn't numeric".to_owned()))?;
        hash ^= hash >> 21;
        hash ^= hash << 35;
        hash ^= hash >> 4;
        hash = hash.wrapping_add(id as u64);
    }
    give(frame, &hash.to_le_bytes())
}
