//! The notation of `serialize()`, with one letter for each type (<https://www.php.net/manual/en/function.serialize.php>).

use super::cursor::Cursor;
use super::{Malformed, Read, Token};

const STRING: &str = "a string of its length";

/// Reads the token at a place. Every value but `R` has a number; keys have none.
pub(super) fn token(data: &[u8], at: usize, is_key: bool) -> Result<Read<'_>, Malformed> {
    let mut cursor = Cursor { data, at };
    let letter = cursor.byte("a type")?;
    let token = match letter {
        b'N' => {
            cursor.expect(b";")?;
            Token::Other
        }
        b'b' => {
            cursor.expect(b":")?;
            let value = match cursor.until(b';')? {
                b"0" => false,
                b"1" => true,
                _ => return cursor.wants("0 or 1"),
            };
            Token::Bool(value)
        }
        b'i' => {
            cursor.expect(b":")?;
            Token::Int(cursor.number(b';')?)
        }
        b'd' => {
            cursor.expect(b":")?;
            cursor.until(b';')?;
            Token::Other
        }
        b's' => {
            cursor.expect(b":")?;
            let text = cursor.quoted()?;
            cursor.expect(b";")?;
            Token::Text(text)
        }
        b'E' => {
            cursor.expect(b":")?;
            cursor.quoted()?;
            cursor.expect(b";")?;
            Token::Other
        }
        b'a' => {
            cursor.expect(b":")?;
            cursor.open()?
        }
        b'O' => {
            cursor.expect(b":")?;
            cursor.quoted()?;
            cursor.expect(b":")?;
            cursor.open()?
        }
        b'C' => {
            cursor.expect(b":")?;
            cursor.quoted()?;
            cursor.expect(b":")?;
            let length = cursor.number(b':')?;
            cursor.expect(b"{")?;
            cursor.take(length, STRING)?;
            cursor.expect(b"}")?;
            Token::Other
        }
        b'r' | b'R' => {
            cursor.expect(b":")?;
            match cursor.number::<usize>(b';')?.checked_sub(1) {
                Some(slot) => Token::Reference(slot),
                None => return cursor.wants("the number of a value"),
            }
        }
        _ => {
            cursor.at = at;
            return cursor.wants("a type");
        }
    };
    Ok(Read {
        token,
        next: cursor.at,
        counts: !is_key && letter != b'R',
        strings: [None, None],
    })
}

/// Reads the end of an array or object.
pub(super) fn close(data: &[u8], at: usize) -> Result<usize, Malformed> {
    let mut cursor = Cursor { data, at };
    cursor.expect(b"}")?;
    Ok(cursor.at)
}

/// What this notation is made of.
impl<'d> Cursor<'d> {
    fn byte(&mut self, wanted: &'static str) -> Result<u8, Malformed> {
        let Some(&byte) = self.data.get(self.at) else {
            return self.wants(wanted);
        };
        self.at += 1;
        Ok(byte)
    }

    fn expect(&mut self, text: &'static [u8]) -> Result<(), Malformed> {
        if self.rest().starts_with(text) {
            self.at += text.len();
            return Ok(());
        }
        self.wants(match text {
            b":" => "a colon",
            b";" => "a semicolon",
            b"\"" => "a quotation mark",
            b"{" => "an opening brace",
            _ => "a closing brace",
        })
    }

    /// What stands before a delimiter, which is near: numbers are short.
    fn until(&mut self, delimiter: u8) -> Result<&'d [u8], Malformed> {
        let near = self.rest();
        let near = near.get(..32).unwrap_or(near);
        let length = near.iter().position(|byte| *byte == delimiter);
        let Some(text) = length.and_then(|length| near.get(..length)) else {
            return self.wants("a number");
        };
        self.at += text.len() + 1;
        Ok(text)
    }

    fn number<N: std::str::FromStr>(&mut self, delimiter: u8) -> Result<N, Malformed> {
        let at = self.at;
        let text = std::str::from_utf8(self.until(delimiter)?).ok();
        text.and_then(|text| text.parse().ok()).ok_or(Malformed {
            at,
            wanted: "a number",
        })
    }

    /// A length, and so many bytes between quotation marks.
    fn quoted(&mut self) -> Result<&'d [u8], Malformed> {
        let length = self.number(b':')?;
        self.expect(b"\"")?;
        let text = self.take(length, STRING)?;
        self.expect(b"\"")?;
        Ok(text)
    }

    fn open(&mut self) -> Result<Token<'d>, Malformed> {
        let entries = self.number(b':')?;
        self.expect(b"{")?;
        Ok(Token::Open(entries))
    }
}
