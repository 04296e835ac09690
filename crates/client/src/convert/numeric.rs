//! PHP's rules for numbers: what `is_numeric()` takes, what `(int)` makes of it, how `(string)` writes a float.
//!
//! Scripts give ids and limits as `"5"`, `5.0` or `" 5 "`; these rules decide which of them pass and what they mean.

use std::ops::Range;

/// The floats that are within 64 bits: from −2⁶³, below 2⁶³.
const INTS: Range<f64> = -9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0;

/// A number as PHP reads it from a numeric string.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// Fits into 64 bits and has neither point nor exponent.
    Int(i64),
    /// Everything else, integers beyond 64 bits included.
    Double(f64),
}

/// How PHP's number formatting is asked to write a float.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    /// `(string) $float` with PHP's default of 14 significant digits.
    Text,
    /// `json_encode($float)`: as many digits as are needed to read the same value back.
    Json,
}

/// What `is_numeric()` says of a string: its number, or `None`.
///
/// White space is allowed on both sides; hexadecimal, `INF` and `1_000` are not numeric.
pub(crate) fn parse(text: &[u8]) -> Option<Number> {
    let text = trim(text);
    let digits = text
        .strip_prefix(b"-")
        .or_else(|| text.strip_prefix(b"+"))
        .unwrap_or(text);
    let (whole, rest) = take_digits(digits);
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(after) => {
            let (fraction, rest) = take_digits(after);
            (Some(fraction), rest)
        }
        None => (None, rest),
    };
    if whole.is_empty() && fraction.unwrap_or_default().is_empty() {
        return None;
    }
    let exponent = match rest {
        [] => false,
        [b'e' | b'E', after @ ..] => {
            let power = after
                .strip_prefix(b"-")
                .or_else(|| after.strip_prefix(b"+"))
                .unwrap_or(after);
            let (power, rest) = take_digits(power);
            if power.is_empty() || !rest.is_empty() {
                return None;
            }
            true
        }
        _ => return None,
    };
    let text = std::str::from_utf8(text).ok()?;
    if fraction.is_none()
        && !exponent
        && let Ok(number) = text.parse()
    {
        return Some(Number::Int(number));
    }
    text.parse().ok().map(Number::Double)
}

/// `(int) $string` of a numeric string; `None` where `is_numeric()` is false. Too large numbers stop at the ends.
pub(crate) fn int_of_text(text: &[u8]) -> Option<i64> {
    parse(text).map(|number| match number {
        Number::Int(number) => number,
        Number::Double(number) => number as i64,
    })
}

/// `(int) $float`: towards zero, modulo 2⁶⁴ beyond the ends, 0 for what is not finite.
pub(crate) fn int_of_double(number: f64) -> i64 {
    const RANGE: f64 = 18_446_744_073_709_551_616.0; // 2⁶⁴
    if !number.is_finite() {
        return 0;
    }
    let number = number.trunc();
    if INTS.contains(&number) {
        return number as i64;
    }
    number.rem_euclid(RANGE) as u64 as i64
}

/// The integer that a float is; `None` where it has a fraction or lies beyond 64 bits.
pub(crate) fn exact_int(number: f64) -> Option<i64> {
    (INTS.contains(&number) && number.fract() == 0.0).then_some(number as i64)
}

/// A float in PHP's notation: `1.5`, `1.0E+25`, `-INF`; `1.0e+25` in JSON, which has no infinities.
pub(crate) fn text_of_double(number: f64, style: Style) -> String {
    if number.is_nan() {
        return "NAN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "INF" } else { "-INF" }.to_owned();
    }
    let (scientific, precision, letter) = match style {
        Style::Text => (format!("{number:.13e}"), 14, 'E'),
        Style::Json => (format!("{number:e}"), 17, 'e'),
    };
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (sign, mantissa) = mantissa
        .strip_prefix('-')
        .map_or(("", mantissa), |rest| ("-", rest));
    let mut digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.truncate(digits.trim_end_matches('0').len().max(1));
    let point = exponent + 1;
    if point > precision || point < -3 {
        let (first, rest) = digits.split_at(1);
        let rest = if rest.is_empty() { "0" } else { rest };
        let direction = if exponent < 0 { '-' } else { '+' };
        return format!(
            "{sign}{first}.{rest}{letter}{direction}{}",
            exponent.unsigned_abs()
        );
    }
    let Ok(whole) = usize::try_from(point) else {
        return format!(
            "{sign}0.{}{digits}",
            "0".repeat(point.unsigned_abs() as usize)
        );
    };
    if whole == 0 {
        return format!("{sign}0.{digits}");
    }
    if digits.len() <= whole {
        return format!("{sign}{digits}{}", "0".repeat(whole - digits.len()));
    }
    let (whole, fraction) = digits.split_at(whole);
    format!("{sign}{whole}.{fraction}")
}

fn trim(text: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c);
    let start = text
        .iter()
        .position(|byte| !blank(byte))
        .unwrap_or(text.len());
    let end = text
        .iter()
        .rposition(|byte| !blank(byte))
        .map_or(start, |last| last + 1);
    text.get(start..end).unwrap_or_default()
}

fn take_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numeric_strings_are_those_of_php() {
        for (text, number) in [
            ("5", Number::Int(5)),
            ("+5", Number::Int(5)),
            (" -5\t\n\r\x0b\x0c", Number::Int(-5)),
            ("007", Number::Int(7)),
            ("9223372036854775807", Number::Int(i64::MAX)),
            (
                "9223372036854775808",
                Number::Double(9_223_372_036_854_775_808.0),
            ),
            (".5", Number::Double(0.5)),
            ("5.", Number::Double(5.0)),
            ("1e3", Number::Double(1000.0)),
            ("-.5E-3 ", Number::Double(-0.0005)),
        ] {
            assert_eq!(parse(text.as_bytes()), Some(number), "{text:?}");
        }
    }

    #[test]
    fn other_strings_are_not_numeric() {
        for text in [
            "", " ", ".", "-", "abc", "0x1A", "1_0", "1e", "1e+", "INF", "NAN", "- 5", "1\0",
            "1 2", "5a", "\u{661}",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(parse(b"\xff"), None);
    }

    #[test]
    fn numeric_strings_beyond_64_bits_stop_at_the_ends() {
        assert_eq!(int_of_text(b"1e30"), Some(i64::MAX));
        assert_eq!(int_of_text(b"-99999999999999999999"), Some(i64::MIN));
        assert_eq!(int_of_text(b"1.9"), Some(1));
        assert_eq!(int_of_text(b"x"), None);
    }

    #[test]
    fn floats_beyond_64_bits_wrap_around() {
        assert_eq!(int_of_double(1e30), 5_076_964_154_930_102_272);
        assert_eq!(int_of_double(9.3e18), -9_146_744_073_709_551_616);
        assert_eq!(int_of_double(-5.9), -5);
        assert_eq!(int_of_double(f64::NAN), 0);
        assert_eq!(int_of_double(f64::INFINITY), 0);
        for (number, int) in [
            (5.0, Some(5)),
            (-1_000_000_000_009.0, Some(-1_000_000_000_009)),
            (5.5, None),
            (9_223_372_036_854_775_808.0, None),
            (f64::NAN, None),
            (f64::NEG_INFINITY, None),
        ] {
            assert_eq!(exact_int(number), int, "{number}");
        }
    }

    #[test]
    fn floats_are_written_as_php_writes_them() {
        for (number, text, json) in [
            (1.0, "1", "1"),
            (1.5, "1.5", "1.5"),
            (-0.0, "-0", "-0"),
            (1.0 / 3.0, "0.33333333333333", "0.3333333333333333"),
            (1e14, "1.0E+14", "100000000000000"),
            (12_345_678_901_234.0, "12345678901234", "12345678901234"),
            (1e15, "1.0E+15", "1000000000000000"),
            (1e17, "1.0E+17", "1.0e+17"),
            (1.5e25, "1.5E+25", "1.5e+25"),
            (0.0001, "0.0001", "0.0001"),
            (0.5, "0.5", "0.5"),
            (0.00001, "1.0E-5", "1.0e-5"),
        ] {
            assert_eq!(text_of_double(number, Style::Json), json);
            assert_eq!(text_of_double(number, Style::Text), text);
        }
        assert_eq!(text_of_double(f64::NEG_INFINITY, Style::Text), "-INF");
        assert_eq!(text_of_double(f64::NAN, Style::Text), "NAN");
    }
}
