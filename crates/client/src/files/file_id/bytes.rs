//! The text of an id: runs of zeros shortened, in the URL's base64 without padding.

use crate::convert::base64;

const LONGEST_RUN: u8 = 250;

pub(super) fn encode(bytes: &[u8]) -> String {
    let mut short = Vec::with_capacity(bytes.len());
    let mut zeros = 0_u8;
    for byte in bytes {
        if *byte == 0 && zeros < LONGEST_RUN {
            zeros += 1;
            continue;
        }
        if zeros > 0 {
            short.extend([0, zeros]);
            zeros = 0;
        }
        if *byte == 0 {
            zeros = 1;
        } else {
            short.push(*byte);
        }
    }
    if zeros > 0 {
        short.extend([0, zeros]);
    }
    base64::encode_url(&short)
}

/// The bytes behind a text; `None` where a character is not of the alphabet.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let is_digit =
        |character: u8| character.is_ascii_alphanumeric() || matches!(character, b'-' | b'_');
    let text = text.trim_end_matches('=');
    if !text.bytes().all(is_digit) {
        return None;
    }
    let plain = text.replace('-', "+").replace('_', "/");
    let short = base64::decode(plain.as_bytes());
    let mut bytes = Vec::with_capacity(short.len() * 2);
    let mut short = short.into_iter();
    while let Some(byte) = short.next() {
        if byte == 0 {
            let run = usize::from(short.next()?);
            bytes.resize(bytes.len() + run, 0);
        } else {
            bytes.push(byte);
        }
    }
    Some(bytes)
}
