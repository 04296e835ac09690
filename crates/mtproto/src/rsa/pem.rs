//! PEM: Base64 between two lines that name what it is.

use base64ct::{Base64, Encoding};

use super::Error;

/// A block of a PEM text.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    body: &'a str,
}

impl Block<'_> {
    pub(super) fn decode(&self) -> Result<Vec<u8>, Error> {
        let base64: String = self.body.split_whitespace().collect();
        Base64::decode_vec(&base64).map_err(|_| Error::Base64)
    }
}

/// The blocks of a text, whatever else is in it.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
    text.split("-----BEGIN ").skip(1).filter_map(|block| {
        let (label, rest) = block.split_once("-----")?;
        let (body, end) = rest.split_once("-----END ")?;
        end.strip_prefix(label)?
            .starts_with("-----")
            .then_some(Block { label, body })
    })
}

/// A text of one block.
pub(super) fn write(label: &str, der: &[u8]) -> String {
    let base64 = Base64::encode_string(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}
