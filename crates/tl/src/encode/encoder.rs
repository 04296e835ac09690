//! The encoder: values of the wanted type straight to bytes, the rest to the hooks.

use super::convert::{Convert, Field};
use super::error::{EncodeError, EncodeErrorKind};
use super::place::{Place, describe};
use super::source::{Key, Source, View};
use crate::schema::{Definition, KeyId, Param, Schema, Ty, VectorId};
use crate::tables::{MAX_WORDS, ParamRow, php_hash};
use crate::wire::{TooLong, Writer};

/// How deep objects and vectors may nest. A script can build an array that contains itself.
const MAX_DEPTH: u16 = 128;

/// Writes values of one schema to the end of a vector.
#[derive(Debug)]
pub struct Encoder<'e> {
    schema: &'e Schema,
    out: &'e mut Vec<u8>,
    depth: u16,
}

impl<'e> Encoder<'e> {
    /// An encoder that appends to `out`.
    pub fn new(schema: &'e Schema, out: &'e mut Vec<u8>) -> Self {
        Self {
            schema,
            out,
            depth: 0,
        }
    }

    /// The schema.
    pub fn schema(&self) -> &'e Schema {
        self.schema
    }

    /// For bytes that a hook writes itself.
    #[inline]
    pub fn writer(&mut self) -> Writer<'_> {
        Writer::new(self.out)
    }

    /// Writes a `string` or `bytes`.
    pub fn bytes<E>(&mut self, at: &Place<'_>, bytes: &[u8]) -> Result<(), EncodeError<E>> {
        self.writer()
            .bytes(bytes)
            .map_err(|TooLong { length }| at.error(EncodeErrorKind::TooLong { length }))
    }

    /// Writes a value of the type `ty`, by way of the hook where it is not of this type.
    pub fn value<'a, S: Source<'a>, C: Convert<'a, S>>(
        &mut self,
        at: &Place<'_>,
        ty: Ty,
        value: S,
        convert: &mut C,
    ) -> Result<(), EncodeError<C::Error>> {
        match (ty, value.view()) {
            (Ty::Int, View::Int(number)) if i32::try_from(number).is_ok() => {
                self.writer().int(number as i32);
            }
            (Ty::Long, View::Int(number)) => self.writer().long(number),
            (Ty::Double, View::Double(number)) => self.writer().double(number),
            (Ty::String | Ty::Bytes, View::Text(bytes) | View::Bytes(bytes)) => {
                return self.bytes(at, bytes);
            }
            (Ty::Int128, View::Text(bytes) | View::Bytes(bytes)) if bytes.len() == 16 => {
                self.writer().raw(bytes);
            }
            (Ty::Int256, View::Text(bytes) | View::Bytes(bytes)) if bytes.len() == 32 => {
                self.writer().raw(bytes);
            }
            (Ty::Int512, View::Text(bytes) | View::Bytes(bytes)) if bytes.len() == 64 => {
                self.writer().raw(bytes);
            }
            (Ty::Bool | Ty::Object, View::Bool(truth)) => self.writer().bool(truth),
            (Ty::Flags, View::Int(word)) if u32::try_from(word).is_ok() => {
                self.writer().id(word as u32);
            }
            (Ty::Object, View::Text(bytes) | View::Bytes(bytes)) => self.writer().raw(bytes),
            (Ty::Vector(id), View::Array) if value.is_list() => {
                return self.vector(at, id, value, convert);
            }
            (Ty::Boxed(_), View::Array) => {
                if let Some(definition) =
                    constructor(self.schema, value).filter(|definition| definition.ty() == ty)
                {
                    return self.boxed(at, definition, value, convert);
                }
                return self.converted(at, ty, value, convert);
            }
            (Ty::Object, View::Array) => {
                if let Some(definition) =
                    constructor(self.schema, value).or_else(|| method(self.schema, value))
                {
                    return self.boxed(at, definition, value, convert);
                }
                return self.converted(at, ty, value, convert);
            }
            (Ty::Bare(number), View::Array) => {
                let named = constructor(self.schema, value);
                match self.schema.definition(number) {
                    Some(wanted) if named.is_none_or(|named| named == wanted) => {
                        return self.bare(at, wanted, value, convert);
                    }
                    _ => return self.converted(at, ty, value, convert),
                }
            }
            _ => return self.converted(at, ty, value, convert),
        }
        Ok(())
    }

    /// Writes an array as an object of that constructor, whatever its `_` says.
    pub fn boxed<'a, S: Source<'a>, C: Convert<'a, S>>(
        &mut self,
        at: &Place<'_>,
        definition: Definition<'_>,
        object: S,
        convert: &mut C,
    ) -> Result<(), EncodeError<C::Error>> {
        if definition.row().hooked && convert.object(self, at, definition, object)? {
            return Ok(());
        }
        self.definition(&at.object(definition), definition, object, convert)
    }

    /// Writes the items of an array as a vector.
    pub fn vector<'a, S: Source<'a>, C: Convert<'a, S>>(
        &mut self,
        at: &Place<'_>,
        id: VectorId,
        items: S,
        convert: &mut C,
    ) -> Result<(), EncodeError<C::Error>> {
        self.deeper(at)?;
        let (boxed, item) = self.schema.vector(id);
        if boxed {
            self.writer().id(crate::wire::VECTOR);
        }
        let head = self.out.len();
        self.writer().id(0);
        let mut count = 0;
        for value in items.items() {
            self.value(&at.item(count), item, value, convert)?;
            count += 1;
        }
        // Counted rather than asked for: the items decide.
        self.writer().patch(head, count as u32);
        self.depth -= 1;
        Ok(())
    }

    /// The error that the schema has no constructor of the name under `_`, where there is one.
    pub fn check_constructor<'a, E, S: Source<'a>>(
        &self,
        at: &Place<'_>,
        value: S,
    ) -> Result<(), EncodeError<E>> {
        match constructor_name(self.schema, value) {
            Some(name) if constructor(self.schema, value).is_none() => {
                let name = String::from_utf8_lossy(name).into_owned();
                Err(at.error(EncodeErrorKind::UnknownConstructor { name }))
            }
            _ => Ok(()),
        }
    }

    /// Writes the id and the parameters; `at` is the definition itself.
    pub(super) fn definition<'a, S: Source<'a>, C: Convert<'a, S>>(
        &mut self,
        at: &Place<'_>,
        definition: Definition<'_>,
        object: S,
        convert: &mut C,
    ) -> Result<(), EncodeError<C::Error>> {
        self.writer().id(definition.id());
        self.params(at, definition, object, convert)
    }

    fn bare<'a, S: Source<'a>, C: Convert<'a, S>>(
        &mut self,
        at: &Place<'_>,
        definition: Definition<'_>,
        object: S,
        convert: &mut C,
    ) -> Result<(), EncodeError<C::Error>> {
        self.params(&at.object(definition), definition, object, convert)
    }

    fn params<'a, S: Source<'a>, C: Convert<'a, S>>(
        &mut self,
        at: &Place<'_>,
        definition: Definition<'_>,
        object: S,
        convert: &mut C,
    ) -> Result<(), EncodeError<C::Error>> {
        self.deeper(at)?;
        let mut words = [Word::default(); MAX_WORDS];
        for row in definition.param_rows() {
            let param = Param::new(definition.schema(), row);
            let at = at.param(param);
            if row.ty == Ty::Flags {
                if let Some(word) = words.get_mut(usize::from(row.word)) {
                    let given = convert.flags(&at, param, object).map_err(|error| {
                        error.found(&at, || {
                            let key = Key::new(self.schema, row.key);
                            let found = object.field(key).map(|value| describe(self.schema, value));
                            format!("expected #, found {}", found.unwrap_or_default())
                        })
                    })?;
                    *word = Word {
                        position: self.out.len(),
                        given,
                        bits: given,
                    };
                    self.writer().id(given);
                }
                continue;
            }
            let field = self.field(&at, row, object, convert)?;
            if let Some(word) = words.get_mut(usize::from(row.word)) {
                let bit = 1 << row.bit;
                if row.ty == Ty::True {
                    let truth = self.truth(&at, field, convert)?;
                    match truth {
                        Some(true) => word.bits |= bit,
                        Some(false) => word.bits &= !(bit & word.given),
                        None if word.given & bit != 0 => {
                            convert.missing(self, &at, param, object)?;
                        }
                        None => {}
                    }
                    continue;
                }
                if matches!(field, Field::Absent) {
                    let wanted = word.bits & bit != 0
                        || row.shared && self.has_sibling(&at, definition, row, object, convert)?;
                    if !wanted {
                        continue;
                    }
                }
                word.bits |= bit;
            }
            match field {
                Field::Given(value) => self.value(&at, row.ty, value, convert)?,
                Field::Own => convert.own(self, &at, param, object)?,
                Field::Absent => convert.missing(self, &at, param, object).map_err(|error| {
                    error.found(&at, || "expected a value, found none".to_owned())
                })?,
            }
        }
        for word in words.iter().filter(|word| word.bits != word.given) {
            self.writer().patch(word.position, word.bits);
        }
        self.depth -= 1;
        Ok(())
    }

    /// Leaves a value to the hook.
    fn converted<'a, S: Source<'a>, C: Convert<'a, S>>(
        &mut self,
        at: &Place<'_>,
        ty: Ty,
        value: S,
        convert: &mut C,
    ) -> Result<(), EncodeError<C::Error>> {
        let schema = self.schema;
        convert.value(self, at, ty, value).map_err(|error| {
            error.found(at, || {
                format!(
                    "expected {}, found {}",
                    schema.spell(ty),
                    describe(schema, value)
                )
            })
        })
    }

    #[inline]
    fn field<'a, S: Source<'a>, C: Convert<'a, S>>(
        &self,
        at: &Place<'_>,
        row: &ParamRow,
        object: S,
        convert: &mut C,
    ) -> Result<Field<S>, EncodeError<C::Error>> {
        let given = object
            .field(Key::new(self.schema, row.key))
            .filter(|value| value.view() != View::Null);
        if row.hooked {
            return convert.field(at, Param::new(self.schema, row), object, given);
        }
        Ok(given.map_or(Field::Absent, Field::Given))
    }

    fn truth<'a, S: Source<'a>, C: Convert<'a, S>>(
        &self,
        at: &Place<'_>,
        field: Field<S>,
        convert: &mut C,
    ) -> Result<Option<bool>, EncodeError<C::Error>> {
        match field {
            Field::Absent => Ok(None),
            Field::Own => Ok(Some(true)),
            Field::Given(value) => match value.view() {
                View::Bool(truth) => Ok(Some(truth)),
                _ => convert.truth(self, at, value).map(Some),
            },
        }
    }

    /// Whether a later parameter on the same bit has a value, so that this one must have one too.
    fn has_sibling<'a, S: Source<'a>, C: Convert<'a, S>>(
        &self,
        at: &Place<'_>,
        definition: Definition<'_>,
        this: &ParamRow,
        object: S,
        convert: &mut C,
    ) -> Result<bool, EncodeError<C::Error>> {
        let same =
            |row: &&ParamRow| row.word == this.word && row.bit == this.bit && row.key != this.key;
        for row in definition
            .param_rows()
            .iter()
            .filter(same)
            .filter(|row| row.ty != Ty::Flags)
        {
            let field = self.field(at, row, object, convert)?;
            let given = match row.ty {
                Ty::True => self.truth(at, field, convert)?.unwrap_or(false),
                _ => !matches!(field, Field::Absent),
            };
            if given {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn deeper<E>(&mut self, at: &Place<'_>) -> Result<(), EncodeError<E>> {
        if self.depth == MAX_DEPTH {
            return Err(at.error(EncodeErrorKind::TooDeep));
        }
        self.depth += 1;
        Ok(())
    }
}

/// A flags word that is being put together.
#[derive(Clone, Copy, Default)]
struct Word {
    position: usize,
    /// The bits that [`Convert::flags`] set.
    given: u32,
    bits: u32,
}

/// The text under `_`.
pub(super) fn constructor_name<'a, S: Source<'a>>(schema: &Schema, value: S) -> Option<&'a [u8]> {
    match value.field(Key::new(schema, KeyId::CONSTRUCTOR))?.view() {
        View::Text(name) => Some(name),
        _ => None,
    }
}

#[inline]
fn constructor<'a, 's, S: Source<'a>>(schema: &'s Schema, value: S) -> Option<Definition<'s>> {
    let field = value.field(Key::new(schema, KeyId::CONSTRUCTOR))?;
    let View::Text(name) = field.view() else {
        return None;
    };
    schema.constructor_hashed(name, field.hash().unwrap_or_else(|| php_hash(name)))
}

fn method<'a, 's, S: Source<'a>>(schema: &'s Schema, value: S) -> Option<Definition<'s>> {
    let name = constructor_name(schema, value)?;
    schema.method_hashed(name, php_hash(name))
}
