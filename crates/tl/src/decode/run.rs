//! One decoding: the walk over the bytes.

use std::io::Read;

use super::error::{DecodeError, DecodeErrorKind};
use super::sink::Sink;
use super::{Decoder, Shape};
use crate::encode::Key;
use crate::schema::{Definition, DefinitionId, Ty, VectorId};
use crate::tables::{MAX_WORDS, Making, Reading};
use crate::wire::{BOOL_FALSE, BOOL_TRUE, GZIP_PACKED, ReadError, Reader, VECTOR};

/// Nearly every item of a vector takes four bytes or more.
const MIN_ITEM: usize = 4;

/// How many bytes of memory waveforms and thumbnails may take up for each byte of input: several times what they do
/// in answers that hold many of them.
const EXPANSION: usize = 4;
/// How many bytes they may take up in any case: short answers have room for little beside them.
const EXPANDABLE: usize = 1 << 20;

type Result<T> = std::result::Result<T, DecodeError>;

pub(super) fn decode<S: Sink>(
    decoder: &Decoder<'_>,
    ty: Ty,
    bytes: &[u8],
    sink: &mut S,
) -> Result<(S::Value, usize)> {
    let mut budget = Budget {
        inflatable: decoder.limits.inflated,
        items: bytes.len() / MIN_ITEM,
        expandable: EXPANDABLE + bytes.len().saturating_mul(EXPANSION),
    };
    let reader = Reader::new(bytes);
    let mut run = Run {
        decoder,
        reader,
        sink,
        depth: 0,
        budget: &mut budget,
    };
    let value = run
        .value(ty)
        .map_err(|error| error.within(|| decoder.schema.spell(ty).to_string()))?;
    Ok((value, run.reader.position()))
}

/// The state of one decoding; what the shapes make of values is in `shaped`.
pub(super) struct Run<'r, 's, 'b, S> {
    pub(super) decoder: &'r Decoder<'s>,
    pub(super) reader: Reader<'b>,
    pub(super) sink: &'r mut S,
    pub(super) depth: u16,
    pub(super) budget: &'r mut Budget,
}

/// What one decoding may still use, however its values nest.
pub(super) struct Budget {
    /// Bytes that may come out of `gzip_packed`.
    inflatable: usize,
    /// Items that may be announced to the sink. Counts that nest can each be as large as the rest of the input holds;
    /// all of them together cannot be.
    items: usize,
    /// Bytes of memory that may be taken up by what is made of nothing: values that the input merely stands for.
    expandable: usize,
}

impl Budget {
    /// As many of `count` items as may be announced.
    pub(super) fn announce(&mut self, count: usize) -> usize {
        let announced = count.min(self.items);
        self.items -= announced;
        announced
    }
}

impl<'s, S: Sink> Run<'_, 's, '_, S> {
    pub(super) fn value(&mut self, ty: Ty) -> Result<S::Value> {
        let sink = &mut *self.sink;
        let value = match ty {
            Ty::Int => self.reader.int().map(|value| sink.int(i64::from(value))),
            Ty::Long => self.reader.long().map(|value| sink.int(value)),
            Ty::Double => self.reader.double().map(|value| sink.double(value)),
            Ty::String => self.reader.bytes().map(|value| sink.text(value)),
            Ty::Bytes => self.reader.bytes().map(|value| sink.bytes(value)),
            Ty::Flags => self.reader.id().map(|value| sink.int(i64::from(value))),
            Ty::Int128 => return self.fixed(16),
            Ty::Int256 => return self.fixed(32),
            Ty::Int512 => return self.fixed(64),
            Ty::True => Ok(sink.bool(true)),
            Ty::Bool => return self.bool(),
            Ty::Vector(id) => return self.vector(id, Reading::Plain),
            Ty::Bare(id) => return self.bare(id),
            Ty::Boxed(_) | Ty::Object => return self.boxed(ty),
        };
        value.map_err(|error| self.error(error))
    }

    fn fixed(&mut self, length: usize) -> Result<S::Value> {
        let bytes = self.reader.raw(length).map_err(|error| self.error(error))?;
        Ok(if self.decoder.shape == Shape::Raw {
            self.sink.bytes(bytes)
        } else {
            self.sink.text(bytes)
        })
    }

    fn bool(&mut self) -> Result<S::Value> {
        let value = match self.reader.peek_id().map_err(|error| self.error(error))? {
            BOOL_TRUE => true,
            BOOL_FALSE => false,
            GZIP_PACKED => return self.inflated(Ty::Bool),
            id => return Err(self.mismatch(Ty::Bool, id)),
        };
        self.skip_id()?;
        Ok(self.sink.bool(value))
    }

    pub(super) fn vector(&mut self, id: VectorId, reading: Reading) -> Result<S::Value> {
        let ty = Ty::Vector(id);
        let Some(row) = self.decoder.schema.vector_row(id) else {
            return Err(self.mismatch(ty, VECTOR));
        };
        if row.boxed {
            match self.reader.peek_id().map_err(|error| self.error(error))? {
                VECTOR => self.skip_id()?,
                GZIP_PACKED => return self.inflated(ty),
                found => return Err(self.mismatch(ty, found)),
            }
        }
        let count = self
            .reader
            .count(row.min as usize)
            .map_err(|error| self.error(error))?;
        self.deeper()?;
        let mut list = self.sink.list(self.budget.announce(count));
        for index in 0..count {
            let item = if reading == Reading::RawLong {
                self.raw_long()
            } else {
                self.value(row.item)
            };
            let item = item.map_err(|error| error.within(|| format!("[{index}]")))?;
            self.sink.push(&mut list, item);
        }
        self.depth -= 1;
        Ok(self.sink.finish_list(list))
    }

    fn bare(&mut self, id: DefinitionId) -> Result<S::Value> {
        match self.decoder.schema.definition(id) {
            Some(definition) => self.make(definition),
            None => Err(self.mismatch(Ty::Bare(id), 0)),
        }
    }

    pub(super) fn boxed(&mut self, ty: Ty) -> Result<S::Value> {
        let start = self.reader.position();
        let id = self.reader.peek_id().map_err(|error| self.error(error))?;
        let Some(definition) = self.decoder.schema.by_id(id) else {
            return match (id, ty) {
                (GZIP_PACKED, _) => self.inflated(ty),
                (BOOL_TRUE | BOOL_FALSE, Ty::Object) => self.bool(),
                _ => Err(self.unknown(id)),
            };
        };
        if ty != Ty::Object && (definition.is_method() || definition.ty() != ty) {
            return Err(self.mismatch(ty, id));
        }
        self.skip_id()?;
        let value = self.make(definition)?;
        if definition.is_peer() {
            self.sink.seen(definition, self.reader.since(start));
        }
        Ok(value)
    }

    /// Whatever the shape makes of a constructor's parameters.
    fn make(&mut self, definition: Definition<'s>) -> Result<S::Value> {
        if self.decoder.shape == Shape::Raw {
            return self.map(definition);
        }
        match definition.row().making {
            Making::Map => self.map(definition),
            Making::StrippedSize => self.stripped_size(definition),
            Making::Peer if self.decoder.shape != Shape::V8 => self.map(definition),
            Making::Peer => self.peer_number(definition),
            Making::BoolTrue => Ok(self.sink.bool(true)),
            Making::BoolFalse => Ok(self.sink.bool(false)),
            Making::Null => Ok(self.sink.null()),
            Making::DataJson => {
                let text = self.reader.bytes().map_err(|error| self.error(error))?;
                Ok(self.sink.json(text))
            }
            Making::JsonScalar => {
                self.deeper()?;
                let ty = definition
                    .param_rows()
                    .first()
                    .map_or(Ty::Object, |row| row.ty);
                let value = self.value(ty)?;
                self.depth -= 1;
                Ok(value)
            }
            Making::JsonObject => self.json_object(definition),
        }
    }

    fn map(&mut self, definition: Definition<'s>) -> Result<S::Value> {
        self.deeper()?;
        let mut map = self.sink.map(definition, self.capacity(definition));
        self.params(definition, &mut map)
            .map_err(|error| error.within(|| definition.name().to_owned()))?;
        self.depth -= 1;
        Ok(self.sink.finish_map(map, definition))
    }

    /// The number of fields, from the flags words with which the parameters begin.
    pub(super) fn capacity(&self, definition: Definition<'_>) -> usize {
        let row = definition.row();
        let [first, second] = row.valued;
        let [first_bits, second_bits] = row.bits;
        let raw = self.decoder.shape == Shape::Raw;
        let mut ahead = self.reader.clone();
        let mut word = |number: u8| {
            if number < row.leading {
                ahead.id().unwrap_or(0)
            } else {
                0
            }
        };
        let optional = |word: u32, valued: u32, bits: u32| {
            (word & if raw { valued | bits } else { valued }).count_ones()
        };
        let optional =
            optional(word(0), first, first_bits) + optional(word(1), second, second_bits);
        usize::from(row.mandatory)
            + optional as usize
            + if raw { 0 } else { usize::from(row.trues) }
    }

    pub(super) fn params(&mut self, definition: Definition<'s>, map: &mut S::Map) -> Result<()> {
        let raw = self.decoder.shape == Shape::Raw;
        let shape = match self.decoder.shape {
            Shape::Raw | Shape::V8 => 0,
            Shape::V7 => 1,
            Shape::V4 => 2,
        };
        let mut words = [0_u32; MAX_WORDS];
        for row in definition.param_rows() {
            let word = words.get_mut(usize::from(row.word));
            if row.ty == Ty::Flags {
                let read = self.reader.id().map_err(|error| self.error(error))?;
                if let Some(word) = word {
                    *word = read;
                }
                continue;
            }
            let key = Key::new(self.decoder.schema, row.key);
            let reading = if raw {
                Reading::Plain
            } else {
                row.reading.get(shape).copied().unwrap_or(Reading::Plain)
            };
            if let Some(word) = word {
                let set = *word >> row.bit & 1 == 1;
                if row.ty == Ty::True {
                    if set || !raw {
                        let value = self.sink.bool(set);
                        self.sink.put(map, key, value);
                    }
                    continue;
                }
                if !set {
                    if reading == Reading::OrFalse {
                        let value = self.sink.bool(false);
                        self.sink.put(map, key, value);
                    }
                    continue;
                }
            }
            let value = match reading {
                Reading::Plain | Reading::OrFalse => self.value(row.ty).map(Some),
                reading => self.shaped(row, reading, map),
            };
            if let Some(value) = value.map_err(|error| error.within(|| key.name().to_owned()))? {
                self.sink.put(map, key, value);
            }
        }
        Ok(())
    }

    /// The value that is packed here. What comes out is bounded for the whole decoding, so that nesting gains nothing.
    fn inflated(&mut self, ty: Ty) -> Result<S::Value> {
        self.skip_id()?;
        let packed = self.reader.bytes().map_err(|error| self.error(error))?;
        let mut bytes = Vec::new();
        let limit = self.budget.inflatable as u64;
        let read = flate2::read::GzDecoder::new(packed)
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes);
        if read.is_err() {
            return Err(self.fail(DecodeErrorKind::Gzip));
        }
        let Some(left) = self.budget.inflatable.checked_sub(bytes.len()) else {
            return Err(self.fail(DecodeErrorKind::TooLarge));
        };
        self.budget.inflatable = left;
        self.budget.items += bytes.len() / MIN_ITEM;
        self.budget.expandable += bytes.len().saturating_mul(EXPANSION);
        self.deeper()?;
        let mut run = Run {
            decoder: self.decoder,
            reader: Reader::new(&bytes),
            sink: &mut *self.sink,
            depth: self.depth,
            budget: &mut *self.budget,
        };
        let value = run.value(ty)?;
        run.reader.finish().map_err(|error| run.error(error))?;
        self.depth -= 1;
        Ok(value)
    }

    pub(super) fn skip_id(&mut self) -> Result<()> {
        self.reader
            .id()
            .map(drop)
            .map_err(|error| self.error(error))
    }

    pub(super) fn deeper(&mut self) -> Result<()> {
        if self.depth >= self.decoder.limits.depth {
            return Err(self.fail(DecodeErrorKind::TooDeep));
        }
        self.depth += 1;
        Ok(())
    }

    /// Accounts for a value that takes up more memory than the input that it is made of.
    pub(super) fn expand(&mut self, bytes: usize) -> Result<()> {
        match self.budget.expandable.checked_sub(bytes) {
            Some(left) => self.budget.expandable = left,
            None => return Err(self.fail(DecodeErrorKind::Expansion)),
        }
        Ok(())
    }

    #[cold]
    pub(super) fn error(&self, error: ReadError) -> DecodeError {
        self.fail(DecodeErrorKind::Read(error))
    }

    #[cold]
    fn unknown(&self, id: u32) -> DecodeError {
        self.fail(DecodeErrorKind::UnknownConstructor { id })
    }

    #[cold]
    pub(super) fn mismatch(&self, expected: Ty, id: u32) -> DecodeError {
        let schema = self.decoder.schema;
        let found = match (id, schema.by_id(id)) {
            (_, Some(definition)) => definition.name().to_owned(),
            (VECTOR, None) => "vector".to_owned(),
            (id, None) => return self.unknown(id),
        };
        self.fail(DecodeErrorKind::Mismatch {
            expected: schema.spell(expected).to_string(),
            found,
        })
    }

    #[cold]
    pub(super) fn fail(&self, kind: DecodeErrorKind) -> DecodeError {
        DecodeError::new(kind, self.reader.position())
    }
}
