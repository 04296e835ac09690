//! Base64 as PHP's `base64_decode()` and `base64_encode()` have it.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Decodes; characters of another alphabet and padding are skipped, an incomplete byte at the end is dropped.
pub(crate) fn decode(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let mut bits = 0_u32;
    let mut count = 0;
    for character in text {
        let Some(value) = value(*character) else {
            continue;
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// Encodes with padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let index = (bits >> (18 - 6 * position) & 63) as usize;
            let character = ALPHABET.get(index).filter(|_| position <= chunk.len());
            text.push(character.map_or('=', |character| char::from(*character)));
        }
    }
    text
}

/// Encodes with the alphabet of links and without padding.
pub(crate) fn encode_url(bytes: &[u8]) -> String {
    encode(bytes)
        .trim_end_matches('=')
        .replace('+', "-")
        .replace('/', "_")
}

fn value(character: u8) -> Option<u8> {
    Some(match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"a", "YQ=="),
            (b"ab", "YWI="),
            (b"abc", "YWJj"),
            (b"\xff\xfe\xfd\xfc", "//79/A=="),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(encode_url(bytes), text.trim_matches('=').replace('/', "_"));
            assert_eq!(decode(text.as_bytes()), bytes);
        }
    }

    #[test]
    fn foreign_characters_are_skipped() {
        assert_eq!(decode(b"YW\nJj"), b"abc");
        assert_eq!(decode(b"YWI"), b"ab");
        assert_eq!(decode(b"Y"), b"");
        assert_eq!(decode(b"-_ \xff"), b"");
    }
}
