//! Walking over the parameters of one object, with the place of each.

use std::fmt;
use std::ops::Range;

use madeline_tl::wire::{ReadError, Reader, VECTOR};
use madeline_tl::{DecodeError, Decoder, Param, ParamKind, Schema, Sink, Ty};

/// How many flags words a constructor has at most.
const WORDS: usize = 4;

/// Why a walk ended early.
pub(super) enum Problem {
    Read(ReadError),
    Decode(DecodeError),
    Unknown(u32),
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Problem {
        Problem::Read(error)
    }
}

impl From<DecodeError> for Problem {
    fn from(error: DecodeError) -> Problem {
        Problem::Decode(error)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Read(error) => error.fmt(f),
            Problem::Decode(error) => error.fmt(f),
            Problem::Unknown(id) => {
                write!(f, "expected a constructor of the schema, found {id:08x}")
            }
        }
    }
}

/// A place in an object.
pub(super) struct Walk<'b> {
    schema: &'b Schema,
    reader: Reader<'b>,
    /// Where the reader began in the whole.
    start: usize,
}

impl<'b> Walk<'b> {
    pub(super) fn new(schema: &'b Schema, bytes: &'b [u8], start: usize) -> Walk<'b> {
        Walk {
            schema,
            reader: Reader::new(bytes.get(start..).unwrap_or_default()),
            start,
        }
    }

    /// Walks over a boxed object: `visit` reads each parameter that has a value.
    pub(super) fn object(
        &mut self,
        mut visit: impl FnMut(Param<'b>, &mut Walk<'b>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let id = self.reader.id()?;
        let definition = self.schema.by_id(id).ok_or(Problem::Unknown(id))?;
        let mut words = [0_u32; WORDS];
        for param in definition.params() {
            match param.kind() {
                ParamKind::Flags { word } => {
                    let read = self.reader.id()?;
                    if let Some(word) = words.get_mut(usize::from(word)) {
                        *word = read;
                    }
                }
                ParamKind::Optional { word, bit } => {
                    let word = words.get(usize::from(word)).copied().unwrap_or(0);
                    if word >> bit & 1 == 1 {
                        visit(param, self)?;
                    }
                }
                ParamKind::Mandatory => visit(param, self)?,
            }
        }
        Ok(())
    }

    /// Walks over a vector: `visit` reads each item.
    pub(super) fn list(
        &mut self,
        ty: Ty,
        mut visit: impl FnMut(Ty, &mut Walk<'b>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let Ty::Vector(vector) = ty else {
            let found = self.reader.peek_id()?;
            return Err(ReadError::Constructor {
                wanted: VECTOR,
                found,
            }
            .into());
        };
        let (boxed, item) = self.schema.vector(vector);
        let count = if boxed {
            self.reader.vector(4)?
        } else {
            self.reader.count(4)?
        };
        for _ in 0..count {
            visit(item, self)?;
        }
        Ok(())
    }

    /// Reads a value into a sink; gives its place, too.
    pub(super) fn value<S: Sink>(
        &mut self,
        decoder: &Decoder<'_>,
        ty: Ty,
        sink: &mut S,
    ) -> Result<(S::Value, Range<usize>), Problem> {
        let start = self.position();
        let (value, length) = decoder.decode(ty, self.reader.rest(), sink)?;
        self.reader.raw(length)?;
        Ok((value, start..self.position()))
    }

    pub(super) fn int(&mut self) -> Result<i32, Problem> {
        Ok(self.reader.int()?)
    }

    fn position(&self) -> usize {
        self.start + self.reader.position()
    }
}
