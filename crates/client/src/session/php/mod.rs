//! Reading what PHP has serialized, without making anything of it: no class is looked up and no code runs.
//!
//! A [`Document`] is walked once from end to end, without recursion and without a copy, to check its form and to note where
//! the values lie that others refer to. What is looked up in it is found by walking again from where its container begins.

mod cursor;
mod igbinary;
mod serialized;
#[cfg(test)]
mod tests;

use std::fmt;

/// How deep containers may lie in each other.
const DEPTH: usize = 4096;
/// How many references in a row are followed.
const HOPS: usize = 16;

/// Which of PHP's two notations it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// That of `serialize()`.
    Serialized,
    /// That of `igbinary_serialize()`, version 2.
    Igbinary,
}

/// Why bytes are no serialized value: where, and what was wanted there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    at: usize,
    wanted: &'static str,
}

/// A serialized value that is well-formed.
pub(super) struct Document<'d> {
    data: &'d [u8],
    notation: Notation,
    root: usize,
    /// Where the values begin that can be referred to, in their order.
    slots: Vec<usize>,
    /// The strings that igbinary writes only once.
    strings: Vec<&'d [u8]>,
}

/// A value of a document.
#[derive(Clone, Copy)]
pub(super) struct Value<'d> {
    document: &'d Document<'d>,
    at: usize,
}

/// A key of an array, or the name of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key<'d> {
    Int(i64),
    Text(&'d [u8]),
}

impl<'d> Document<'d> {
    /// Checks all of the bytes.
    pub(super) fn read(data: &'d [u8], notation: Notation) -> Result<Self, Malformed> {
        let root = match notation {
            Notation::Serialized => 0,
            Notation::Igbinary => igbinary::beginning(data)?,
        };
        let mut document = Self {
            data,
            notation,
            root,
            slots: Vec::new(),
            strings: Vec::new(),
        };
        let mut walk = Walk::from(root);
        while !walk.is_done {
            let at = walk.at;
            let read = walk.step(&document)?;
            if read.counts {
                document.slots.push(at);
            }
            document.strings.extend(read.strings.into_iter().flatten());
        }
        if walk.at == data.len() {
            Ok(document)
        } else {
            Err(Malformed {
                at: walk.at,
                wanted: "the end",
            })
        }
    }

    /// The value that everything else lies in.
    pub(super) fn root(&self) -> Value<'_> {
        Value {
            document: self,
            at: self.root,
        }
    }

    fn token(&self, at: usize, is_key: bool) -> Result<Read<'d>, Malformed> {
        match self.notation {
            Notation::Serialized => serialized::token(self.data, at, is_key),
            Notation::Igbinary => igbinary::token(self.data, at, is_key, &self.strings),
        }
    }
}

impl<'d> Value<'d> {
    /// An integer.
    pub(super) fn int(self) -> Option<i64> {
        match self.resolved()?.token {
            Token::Int(value) => Some(value),
            _ => None,
        }
    }

    /// True or false.
    pub(super) fn bool(self) -> Option<bool> {
        match self.resolved()?.token {
            Token::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A string.
    pub(super) fn text(self) -> Option<&'d [u8]> {
        match self.resolved()?.token {
            Token::Text(value) => Some(value),
            _ => None,
        }
    }

    /// What an array has under a key, or an object as a property, whichever class of it that is private to.
    pub(super) fn get(self, name: &str) -> Option<Value<'d>> {
        let is_named = |key: &[u8]| match key.strip_suffix(name.as_bytes()) {
            Some([]) => true,
            Some(prefix) => prefix.first() == Some(&0) && prefix.last() == Some(&0),
            None => false,
        };
        self.entries()
            .find(|(key, _)| matches!(key, Key::Text(key) if is_named(key)))
            .map(|(_, value)| value)
    }

    /// What an array or an object has; nothing of other values.
    pub(super) fn entries(self) -> impl Iterator<Item = (Key<'d>, Value<'d>)> {
        let document = self.document;
        let (mut left, mut at) = match self.resolved() {
            Some(Read {
                token: Token::Open(entries),
                next,
                ..
            }) => (entries, next),
            _ => (0, 0),
        };
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            let read = document.token(at, true).ok()?;
            let key = match read.token {
                Token::Int(key) => Key::Int(key),
                Token::Text(key) => Key::Text(key),
                _ => return None,
            };
            let value = Value {
                document,
                at: read.next,
            };
            at = value.end()?;
            Some((key, value))
        })
    }

    fn resolved(self) -> Option<Read<'d>> {
        let mut at = self.at;
        for _ in 0..HOPS {
            let read = self.document.token(at, false).ok()?;
            at = match read.token {
                Token::Shared => read.next,
                Token::Reference(slot) => *self.document.slots.get(slot)?,
                _ => return Some(read),
            };
        }
        None
    }

    fn end(self) -> Option<usize> {
        let mut walk = Walk::from(self.at);
        while !walk.is_done {
            walk.step(self.document).ok()?;
        }
        Some(walk.at)
    }
}

/// One step through a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'d> {
    Int(i64),
    Bool(bool),
    Text(&'d [u8]),
    /// An array or object with so many keys and values.
    Open(usize),
    /// A value that was written before, by its number.
    Reference(usize),
    /// The value behind it can be referred to.
    Shared,
    /// Null, a float, a case of an enumeration, what a class has written itself.
    Other,
}

/// A token, and what is said with it.
struct Read<'d> {
    token: Token<'d>,
    next: usize,
    /// Whether the value can be referred to, so that it has a number.
    counts: bool,
    /// Strings that get a number.
    strings: [Option<&'d [u8]>; 2],
}

/// A way through a value.
struct Walk {
    at: usize,
    /// Of each container that is open, how many keys and values are still to come.
    open: Vec<usize>,
    is_done: bool,
}

impl Walk {
    fn from(at: usize) -> Self {
        Self {
            at,
            open: Vec::new(),
            is_done: false,
        }
    }

    fn step<'d>(&mut self, document: &Document<'d>) -> Result<Read<'d>, Malformed> {
        let is_key = self.open.last().is_some_and(|left| left % 2 == 0);
        let read = document.token(self.at, is_key)?;
        if is_key && !matches!(read.token, Token::Int(_) | Token::Text(_)) {
            return Err(Malformed {
                at: self.at,
                wanted: "a key",
            });
        }
        if let Token::Open(entries) = read.token
            && (self.open.len() >= DEPTH || entries > document.data.len())
        {
            return Err(Malformed {
                at: self.at,
                wanted: "a smaller value",
            });
        }
        self.at = read.next;
        if read.token == Token::Shared {
            return Ok(read);
        }
        if let Some(left) = self.open.last_mut() {
            *left -= 1;
        }
        if let Token::Open(entries) = read.token {
            self.open.push(2 * entries);
        }
        while self.open.last() == Some(&0) {
            self.open.pop();
            if document.notation == Notation::Serialized {
                self.at = serialized::close(document.data, self.at)?;
            }
        }
        self.is_done = self.open.is_empty();
        Ok(read)
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is wanted at byte {}", self.wanted, self.at)
    }
}

impl std::error::Error for Malformed {}
