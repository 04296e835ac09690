//! A schema: what can be said on the wire, by name and by id.

use std::fmt;

mod definition;

pub use definition::{Definition, Param, ParamKind};

use crate::tables::{self, Span, Tables, TypeRow, VectorRow, php_hash};
pub use crate::tables::{DefinitionId, KeyId, SchemaError, Ty, TypeId, VectorId};

#[allow(
    clippy::enum_glob_use,
    clippy::unreadable_literal,
    reason = "generated"
)]
mod generated {
    use std::borrow::Cow;

    use crate::tables::{
        DefinitionId, DefinitionRow, IdTable, KeyId, NameTable, ParamRow, Span, Tables, TypeId,
        TypeRow, VectorId, VectorRow,
    };
    use crate::tables::{Making::*, Reading::*, Ty::*};

    include!(concat!(env!("OUT_DIR"), "/schemas.rs"));
}

static API: Schema = Schema {
    tables: generated::API,
};
static MTPROTO: Schema = Schema {
    tables: generated::MTPROTO,
};

/// A TL schema as tables: constructors, methods, types and names.
///
/// [`Schema::api`] and [`Schema::mtproto`] are compiled in and cost nothing at start; [`Schema::parse`] makes one at
/// run time, which is freed when it is dropped.
#[derive(Debug)]
pub struct Schema {
    tables: Tables,
}

impl Schema {
    /// Telegram's API at the compiled-in layer.
    pub fn api() -> &'static Schema {
        &API
    }

    /// The service messages of MTProto itself. Its layer is 0.
    pub fn mtproto() -> &'static Schema {
        &MTPROTO
    }

    /// Makes a schema of a TL file. `layer` goes before the file's own `// LAYER n` comment; one of them must be there.
    ///
    /// Sections begin with `---types---` and `---functions---`; a file begins with types. Ids that a definition does
    /// not name are computed; ids that it names are taken as they are, since Telegram's do not always match.
    ///
    /// # Errors
    /// The first place where the file cannot be used: syntax, a name or id twice, an unknown type, a condition that
    /// hangs on no earlier `#` or on a bit above 31, `true` without a condition.
    pub fn parse(source: &str, layer: Option<i32>) -> Result<Schema, SchemaError> {
        tables::compile(source, layer).map(|tables| Schema { tables })
    }

    /// The layer of the schema.
    pub fn layer(&self) -> i32 {
        self.tables.layer
    }

    /// All constructors, in the order of the TL file.
    pub fn constructors(&self) -> impl ExactSizeIterator<Item = Definition<'_>> {
        let rows = self
            .tables
            .definitions
            .split_at_checked(usize::from(self.tables.constructors));
        rows.map_or(&[][..], |(constructors, _)| constructors)
            .iter()
            .map(|row| Definition::new(self, row))
    }

    /// All methods, in the order of the TL file.
    pub fn methods(&self) -> impl ExactSizeIterator<Item = Definition<'_>> {
        let rows = self
            .tables
            .definitions
            .split_at_checked(usize::from(self.tables.constructors));
        rows.map_or(&[][..], |(_, methods)| methods)
            .iter()
            .map(|row| Definition::new(self, row))
    }

    /// The constructor of that name, such as `inputPeerUser`.
    pub fn constructor(&self, name: &str) -> Option<Definition<'_>> {
        self.constructor_hashed(name.as_bytes(), php_hash(name.as_bytes()))
    }

    /// The constructor of that name, given PHP's hash of it (`ZSTR_H`) as well.
    #[inline]
    pub fn constructor_hashed(&self, name: &[u8], hash: u64) -> Option<Definition<'_>> {
        let row = self
            .tables
            .constructor_names
            .find(hash, |row| self.is_named(row, name))?;
        self.definition(DefinitionId(row))
    }

    /// The method of that name, such as `messages.sendMessage`.
    pub fn method(&self, name: &str) -> Option<Definition<'_>> {
        self.method_hashed(name.as_bytes(), php_hash(name.as_bytes()))
    }

    /// The method of that name, given PHP's hash of it (`ZSTR_H`) as well.
    pub fn method_hashed(&self, name: &[u8], hash: u64) -> Option<Definition<'_>> {
        let first = self.tables.constructors;
        let row = self
            .tables
            .method_names
            .find(hash, |row| self.is_named(first + row, name))?;
        self.definition(DefinitionId(first + row))
    }

    /// The constructor with that id.
    pub fn constructor_by_id(&self, id: u32) -> Option<Definition<'_>> {
        self.by_id(id).filter(|definition| !definition.is_method())
    }

    /// The method with that id.
    pub fn method_by_id(&self, id: u32) -> Option<Definition<'_>> {
        self.by_id(id).filter(Definition::is_method)
    }

    /// The constructor or method with that id.
    #[inline]
    pub fn by_id(&self, id: u32) -> Option<Definition<'_>> {
        let definitions = &self.tables.definitions;
        let row = self.tables.ids.find(id, |row| {
            definitions
                .get(usize::from(row))
                .is_some_and(|row| row.id == id)
        })?;
        self.definition(DefinitionId(row))
    }

    /// The definition with that number; numbers run through constructors, then methods.
    #[inline]
    pub fn definition(&self, id: DefinitionId) -> Option<Definition<'_>> {
        self.tables
            .definitions
            .get(usize::from(id.0))
            .map(|row| Definition::new(self, row))
    }

    /// The namespaces of methods: `account`, `auth`, …, sorted.
    pub fn namespaces(&self) -> impl ExactSizeIterator<Item = &str> {
        self.tables
            .namespaces
            .iter()
            .map(|span| self.tables.text(*span))
    }

    /// The name behind a key; empty for a key of another, larger schema.
    #[inline]
    pub fn key(&self, key: KeyId) -> &str {
        self.tables.key(key)
    }

    /// Every parameter's name and every constructor's and method's, once; a [`KeyId`] is the index here.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.tables.keys.iter().map(|span| self.tables.text(*span))
    }

    /// The key of a name.
    pub fn find_key(&self, name: &str) -> Option<KeyId> {
        let hash = php_hash(name.as_bytes());
        self.tables
            .key_names
            .find(hash, |row| self.key(KeyId(row)) == name)
            .map(KeyId)
    }

    /// The type of that spelling: `InputPeer`, `Vector<long>`, `vector<int>`, `bytes`. Vectors only of such items as
    /// some definition has vectors of.
    pub fn ty(&self, expression: &str) -> Option<Ty> {
        let vector = |rest: &str, boxed| {
            let item = self.ty(rest.strip_suffix('>')?)?;
            let row = self
                .tables
                .vectors
                .iter()
                .position(|row| row.boxed == boxed && row.item == item)?;
            Some(Ty::Vector(VectorId(row as u16)))
        };
        Some(match expression {
            "int" => Ty::Int,
            "long" => Ty::Long,
            "double" => Ty::Double,
            "string" => Ty::String,
            "bytes" => Ty::Bytes,
            "int128" => Ty::Int128,
            "int256" => Ty::Int256,
            "int512" => Ty::Int512,
            "Bool" => Ty::Bool,
            "true" => Ty::True,
            "#" => Ty::Flags,
            "Object" | "X" | "!X" => Ty::Object,
            _ => {
                if let Some(rest) = expression.strip_prefix("Vector<") {
                    return vector(rest, true);
                }
                if let Some(rest) = expression.strip_prefix("vector<") {
                    return vector(rest, false);
                }
                if expression
                    .rsplit('.')
                    .next()?
                    .starts_with(|first: char| first.is_ascii_lowercase())
                {
                    return self
                        .constructor(expression)
                        .map(|definition| Ty::Bare(definition.number()));
                }
                let hash = php_hash(expression.as_bytes());
                let named = |row: u16| self.type_name(TypeId(row)) == expression;
                Ty::Boxed(TypeId(self.tables.type_names.find(hash, named)?))
            }
        })
    }

    /// The name of a boxed type.
    pub fn type_name(&self, id: TypeId) -> &str {
        self.tables
            .types
            .get(usize::from(id.0))
            .map_or("", |row| self.tables.text(row.name))
    }

    /// The constructors of a boxed type, in the order of the TL file.
    pub fn constructors_of(&self, id: TypeId) -> impl Iterator<Item = Definition<'_>> {
        let row = self.tables.types.get(usize::from(id.0)).copied();
        let TypeRow { first, count, .. } = row.unwrap_or(TypeRow {
            name: Span { start: 0, len: 0 },
            first: 0,
            count: 0,
            min: 0,
        });
        let members = self
            .tables
            .members
            .iter()
            .skip(usize::from(first))
            .take(usize::from(count));
        members.filter_map(|id| self.definition(*id))
    }

    /// What a vector type holds: whether it is boxed (with the vector's id before the count), and the items' type.
    pub fn vector(&self, id: VectorId) -> (bool, Ty) {
        self.vector_row(id)
            .map_or((true, Ty::Object), |row| (row.boxed, row.item))
    }

    /// A type as it is written in TL, for messages.
    pub fn spell(&self, ty: Ty) -> Spelling<'_> {
        Spelling { schema: self, ty }
    }

    /// The name behind a key, where the schema is compiled in.
    pub(crate) fn static_key(&self, key: KeyId) -> Option<&'static str> {
        let std::borrow::Cow::Borrowed(text) = self.tables.text else {
            return None;
        };
        let span = self.tables.keys.get(usize::from(key.0))?;
        text.get(span.start as usize..(span.start + span.len) as usize)
    }

    pub(crate) fn vector_row(&self, id: VectorId) -> Option<&VectorRow> {
        self.tables.vectors.get(usize::from(id.0))
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    fn is_named(&self, row: u16, name: &[u8]) -> bool {
        let definition = self.tables.definitions.get(usize::from(row));
        definition.is_some_and(|row| self.key(row.key).as_bytes() == name)
    }
}

/// Displays a type as it is written in TL.
#[derive(Clone, Copy, Debug)]
pub struct Spelling<'s> {
    schema: &'s Schema,
    ty: Ty,
}

impl fmt::Display for Spelling<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.ty {
            Ty::Int => "int",
            Ty::Long => "long",
            Ty::Double => "double",
            Ty::String => "string",
            Ty::Bytes => "bytes",
            Ty::Int128 => "int128",
            Ty::Int256 => "int256",
            Ty::Int512 => "int512",
            Ty::Bool => "Bool",
            Ty::True => "true",
            Ty::Flags => "#",
            Ty::Object => "Object",
            Ty::Boxed(id) => self.schema.type_name(id),
            Ty::Bare(id) => self
                .schema
                .definition(id)
                .map_or("", |definition| definition.name()),
            Ty::Vector(id) => {
                let (boxed, item) = self.schema.vector(id);
                let name = if boxed { "Vector" } else { "vector" };
                return write!(f, "{name}<{}>", self.schema.spell(item));
            }
        };
        f.write_str(name)
    }
}
