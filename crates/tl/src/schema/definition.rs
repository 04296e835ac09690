//! Handles on the rows of a schema.

use std::fmt;

use super::{DefinitionId, KeyId, Schema, Ty};
use crate::tables::{DefinitionRow, ParamRow, Reading};

/// A constructor or a method of a schema.
#[derive(Clone, Copy)]
pub struct Definition<'s> {
    schema: &'s Schema,
    row: &'s DefinitionRow,
}

impl<'s> Definition<'s> {
    #[inline]
    pub(super) fn new(schema: &'s Schema, row: &'s DefinitionRow) -> Self {
        Self { schema, row }
    }

    /// The full name, with its namespace: `messages.sendMessage`, `inputPeerUser`.
    pub fn name(self) -> &'s str {
        self.schema.key(self.row.key)
    }

    /// The key of the full name.
    #[inline]
    pub fn key(self) -> KeyId {
        self.row.key
    }

    /// `messages` of `messages.sendMessage`.
    pub fn namespace(self) -> Option<&'s str> {
        Some(self.name().rsplit_once('.')?.0)
    }

    /// `sendMessage` of `messages.sendMessage`.
    pub fn short_name(self) -> &'s str {
        self.name().rsplit('.').next().unwrap_or_default()
    }

    /// The number on the wire.
    #[inline]
    pub fn id(self) -> u32 {
        self.row.id
    }

    /// Its number in the schema, by which tables beside the schema can be indexed.
    pub fn number(self) -> DefinitionId {
        let start = self.schema.tables().definitions.as_ptr().addr();
        DefinitionId(
            ((std::ptr::from_ref(self.row).addr() - start) / size_of::<DefinitionRow>()) as u16,
        )
    }

    /// The type that a constructor belongs to, or that a method answers with.
    #[inline]
    pub fn ty(self) -> Ty {
        self.row.ty
    }

    /// Whether it is a method.
    #[inline]
    pub fn is_method(&self) -> bool {
        self.row.method
    }

    /// Whether it is the `message` constructor, the buttons of which scripts get as objects.
    #[inline]
    pub fn is_message(self) -> bool {
        self.row.message
    }

    /// Whether it is a user, a chat or the full form of one, which the decoder reports to [`crate::Sink::seen`].
    #[inline]
    pub fn is_peer(self) -> bool {
        self.row.peer
    }

    /// The parameters, flags words included, in the order of the wire.
    #[inline]
    pub fn params(self) -> impl ExactSizeIterator<Item = Param<'s>> + Clone {
        let schema = self.schema;
        self.param_rows()
            .iter()
            .map(move |row| Param { schema, row })
    }

    /// The parameter of that name.
    pub fn param(self, name: &str) -> Option<Param<'s>> {
        self.params().find(|param| param.name() == name)
    }

    /// The schema that it is a part of.
    #[inline]
    pub fn schema(self) -> &'s Schema {
        self.schema
    }

    #[inline]
    pub(crate) fn row(self) -> &'s DefinitionRow {
        self.row
    }

    #[inline]
    pub(crate) fn param_rows(self) -> &'s [ParamRow] {
        let first = self.row.first as usize;
        self.schema
            .tables()
            .params
            .get(first..first + usize::from(self.row.count))
            .unwrap_or_default()
    }
}

impl fmt::Debug for Definition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{:08x}", self.name(), self.id())
    }
}

impl PartialEq for Definition<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.row, other.row)
    }
}

impl Eq for Definition<'_> {}

/// A parameter of a definition.
#[derive(Clone, Copy)]
pub struct Param<'s> {
    schema: &'s Schema,
    row: &'s ParamRow,
}

/// Whether a parameter has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// It always has a value.
    Mandatory,
    /// It has a value where a bit of a flags word says so.
    Optional {
        /// Which of the definition's flags words, from 0.
        word: u8,
        /// The bit, 0 to 31.
        bit: u8,
    },
    /// It is a flags word, which the codec computes; scripts neither give nor see it.
    Flags {
        /// Its number among the definition's flags words, from 0.
        word: u8,
    },
}

impl<'s> Param<'s> {
    #[inline]
    pub(crate) fn new(schema: &'s Schema, row: &'s ParamRow) -> Self {
        Self { schema, row }
    }

    /// The name.
    pub fn name(self) -> &'s str {
        self.schema.key(self.row.key)
    }

    /// The key of the name.
    #[inline]
    pub fn key(self) -> KeyId {
        self.row.key
    }

    /// The type, without its condition.
    #[inline]
    pub fn ty(self) -> Ty {
        self.row.ty
    }

    /// Whether it may be left out: conditions and flags words.
    #[inline]
    pub fn optional(self) -> bool {
        self.row.word != ParamRow::MANDATORY
    }

    /// Whether it is `bytes` that scripts know as a string: `dcOption.secret`, `peer_tag` …
    pub fn is_text(self) -> bool {
        self.row.reading.contains(&Reading::Text)
    }

    /// Whether it has to be there, and which bit says so.
    pub fn kind(self) -> ParamKind {
        let ParamRow { ty, word, bit, .. } = *self.row;
        match (ty, word) {
            (Ty::Flags, word) => ParamKind::Flags { word },
            (_, ParamRow::MANDATORY) => ParamKind::Mandatory,
            (_, word) => ParamKind::Optional { word, bit },
        }
    }

    /// The schema that it is a part of.
    #[inline]
    pub fn schema(self) -> &'s Schema {
        self.schema
    }
}

impl fmt::Debug for Param<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name(), self.schema.spell(self.ty()))
    }
}
