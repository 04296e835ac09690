//! The notation of the igbinary extension (<https://github.com/igbinary/igbinary>): a byte for each type, big-endian numbers,
//! and each string only once.

use super::cursor::Cursor;
use super::{Malformed, Read, Token};

/// What comes first: the version.
const VERSION: &[u8] = &[0, 0, 0, 2];

const VALUE: &str = "a value of its length";

/// Where the value begins.
pub(super) fn beginning(data: &[u8]) -> Result<usize, Malformed> {
    if data.starts_with(VERSION) {
        Ok(VERSION.len())
    } else {
        Err(Malformed {
            at: 0,
            wanted: "igbinary's version 2",
        })
    }
}

/// Reads the token at a place. Arrays and objects have a number, and what stands behind the mark of a reference.
pub(super) fn token<'d>(
    data: &'d [u8],
    at: usize,
    is_key: bool,
    known: &[&'d [u8]],
) -> Result<Read<'d>, Malformed> {
    let mut cursor = Cursor { data, at };
    let kind = cursor.big_endian(1)?;
    let mut counts = false;
    let mut strings = [None, None];
    let token = match kind {
        // Null and floats.
        0x00 => Token::Other,
        0x0c => {
            cursor.take(8, VALUE)?;
            Token::Other
        }
        0x01..=0x03 => Token::Reference(cursor.size(width(kind, 0x01))?),
        0x22..=0x24 => Token::Reference(cursor.size(width(kind, 0x22))?),
        0x04 => Token::Bool(false),
        0x05 => Token::Bool(true),
        0x06 | 0x08 | 0x0a => cursor.int(width_of_int(kind, 0x06), false)?,
        0x07 | 0x09 | 0x0b => cursor.int(width_of_int(kind, 0x07), true)?,
        0x20 => cursor.int(8, false)?,
        0x21 => cursor.int(8, true)?,
        0x0d => Token::Text(&[]),
        0x0e..=0x10 => Token::Text(cursor.known(width(kind, 0x0e), known)?),
        0x11..=0x13 => {
            let text = cursor.text(width(kind, 0x11))?;
            strings = [Some(text), None];
            Token::Text(text)
        }
        0x26 => {
            let text = cursor.text(8)?;
            strings = [Some(text), None];
            Token::Text(text)
        }
        0x14..=0x16 => {
            counts = true;
            Token::Open(cursor.size(width(kind, 0x14))?)
        }
        0x17..=0x1c => {
            counts = true;
            if kind < 0x1a {
                strings = [Some(cursor.text(width(kind, 0x17))?), None];
            } else {
                cursor.known(width(kind, 0x1a), known)?;
            }
            cursor.object(&mut strings)?
        }
        0x25 => {
            // A container has a number of its own, and what is referred to has one already.
            let behind = data.get(cursor.at).copied().unwrap_or_default();
            counts = !matches!(behind, 0x01..=0x03 | 0x14..=0x1c | 0x22..=0x24);
            Token::Shared
        }
        _ => {
            cursor.at = at;
            return cursor.wants("a type");
        }
    };
    Ok(Read {
        token,
        next: cursor.at,
        counts: counts && !is_key,
        strings,
    })
}

/// Types of a kind come in three widths: of one, two and four bytes.
fn width(kind: u64, first: u64) -> usize {
    1 << (kind - first)
}

/// As [`width`], where the negative ones lie between.
fn width_of_int(kind: u64, first: u64) -> usize {
    1 << ((kind - first) / 2)
}

/// What this notation is made of.
impl<'d> Cursor<'d> {
    fn big_endian(&mut self, width: usize) -> Result<u64, Malformed> {
        let bytes = self.take(width, VALUE)?;
        Ok(bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn size(&mut self, width: usize) -> Result<usize, Malformed> {
        let number = self.big_endian(width)?;
        usize::try_from(number).or_else(|_| self.wants("a smaller value"))
    }

    fn int(&mut self, width: usize, is_negative: bool) -> Result<Token<'d>, Malformed> {
        let size = self.big_endian(width)?;
        let int = size.cast_signed();
        Ok(Token::Int(if is_negative {
            int.wrapping_neg()
        } else {
            int
        }))
    }

    fn text(&mut self, width: usize) -> Result<&'d [u8], Malformed> {
        let length = self.size(width)?;
        self.take(length, VALUE)
    }

    fn known(&mut self, width: usize, known: &[&'d [u8]]) -> Result<&'d [u8], Malformed> {
        let at = self.at;
        let number = self.size(width)?;
        known.get(number).copied().ok_or(Malformed {
            at,
            wanted: "the number of a string",
        })
    }

    /// What follows the name of a class: its properties, a case of an enumeration, or what the class has written itself.
    fn object(&mut self, strings: &mut [Option<&'d [u8]>; 2]) -> Result<Token<'d>, Malformed> {
        let kind = self.big_endian(1)?;
        match kind {
            0x14..=0x16 => Ok(Token::Open(self.size(width(kind, 0x14))?)),
            0x1d..=0x1f => {
                let length = self.size(width(kind, 0x1d))?;
                self.take(length, VALUE)?;
                Ok(Token::Other)
            }
            0x27 => {
                let kind = self.big_endian(1)?;
                match kind {
                    0x0d => {}
                    0x0e..=0x10 => drop(self.take(width(kind, 0x0e), VALUE)?),
                    0x11..=0x13 => strings[1] = Some(self.text(width(kind, 0x11))?),
                    _ => return self.wants("the name of a case"),
                }
                Ok(Token::Other)
            }
            _ => self.wants("an object"),
        }
    }
}
