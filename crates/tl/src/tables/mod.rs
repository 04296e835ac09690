//! The schema as plain rows with offsets into one text.
//!
//! The same rows are made at build time (build.rs includes this module and prints them as constants) and at run time
//! (`Schema::parse`), so nothing here may depend on the rest of the crate. Every table is a `Cow`: compiled-in tables
//! are borrowed and cost nothing at start, run-time tables are owned and freed with their schema.

use std::borrow::Cow;

mod compile;
mod hash;
mod params;
mod print;
mod reading;
mod sizes;
mod statement;

pub(crate) use compile::compile;
#[allow(
    unused_imports,
    reason = "build.rs, which includes this module too, uses neither"
)]
pub(crate) use hash::php_hash;
pub(crate) use hash::{IdTable, NameTable};
#[allow(
    unused_imports,
    reason = "build.rs, which includes this module too, uses neither"
)]
pub use statement::SchemaError;

/// Index of a name in [`crate::Schema::keys`]: a parameter's name, or the name of a constructor or method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub u16);

impl KeyId {
    /// `_`, the key under which an object carries its constructor's name. The same in every schema.
    pub const CONSTRUCTOR: KeyId = KeyId(0);
    /// `inflated`, which `photoStrippedSize` gains for scripts. The same in every schema.
    pub const INFLATED: KeyId = KeyId(1);
    /// `to_id`, which messages carry beside `peer_id` in the oldest shape. The same in every schema.
    pub const TO_ID: KeyId = KeyId(2);
}

/// The names of the keys that every schema has, in the order of the constants of [`KeyId`].
pub(crate) const FIXED_KEYS: [&str; 3] = ["_", "inflated", "to_id"];

/// Index of a boxed type, such as `InputPeer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u16);

/// Index of a vector type, such as `Vector<InputPeer>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VectorId(pub u16);

/// Index of a definition: constructors first, methods after them, each in the order of the TL file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefinitionId(pub u16);

/// The type of a parameter, of a vector's items or of a method's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// `int`, 32 bits.
    Int,
    /// `long`, 64 bits.
    Long,
    /// `double`, 64 bits.
    Double,
    /// `string`: bytes that are meant to be UTF-8.
    String,
    /// `bytes`.
    Bytes,
    /// `int128`, 16 bytes.
    Int128,
    /// `int256`, 32 bytes.
    Int256,
    /// `int512`, 64 bytes.
    Int512,
    /// `Bool`: boolTrue or boolFalse.
    Bool,
    /// `true` behind a flag: no bytes, the bit is the value.
    True,
    /// `#`: the word whose bits say which optional parameters are there.
    Flags,
    /// `Vector<t>` or `vector<t>`.
    Vector(VectorId),
    /// A boxed type: the constructor's id, then its parameters.
    Boxed(TypeId),
    /// A bare type: the parameters of one known constructor.
    Bare(DefinitionId),
    /// `Object`, `!X` or `X`: anything boxed, of a type that the schema does not say.
    Object,
}

/// How a parameter is given to scripts; one for each shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As it is.
    Plain,
    /// Read and left out.
    Skip,
    /// An `access_hash`, left out unless the decoder keeps hashes.
    AccessHash,
    /// `random_bytes`: checked for its length and left out.
    Padding,
    /// The id of a basic group: negated.
    Chat,
    /// The id of a channel: -1000000000000 - id.
    Channel,
    /// As `Channel`, of a channel itself: checked to be one.
    OwnChannel,
    /// `bytes` that scripts get as a string.
    Text,
    /// A `long`, or a vector of them, that scripts get as a string of 8 bytes.
    RawLong,
    /// The packed loudness of a voice message: a list of 100 ints.
    Waveform,
    /// An optional `Bool`: false where it is absent.
    OrFalse,
    /// A peer as one number, where the shape keeps others as arrays.
    PeerNumber,
    /// A peer that is given under `to_id` as well.
    PeerTwice,
}

/// What scripts get for a whole constructor; what the [`Reading`]s of its parameters say, where it is `Map`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Making {
    /// An array of its parameters.
    Map,
    /// `boolTrue`, `true`.
    BoolTrue,
    /// `boolFalse`.
    BoolFalse,
    /// `jsonNull`.
    Null,
    /// Peers: a number where the shape has peers as numbers, else an array. The parameter's own [`Reading`] does it.
    Peer,
    /// `dataJSON`: the parsed text.
    DataJson,
    /// `jsonBool`, `jsonNumber`, `jsonString`, `jsonArray`: their only parameter.
    JsonScalar,
    /// `jsonObject`: its members by their keys.
    JsonObject,
    /// `photoStrippedSize`: with the complete JPEG beside it.
    StrippedSize,
}

/// Where a piece of the text lies, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// A boxed type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeRow {
    pub(crate) name: Span,
    /// Where its constructors begin in [`Tables::members`].
    pub(crate) first: u16,
    pub(crate) count: u16,
    /// The shortest value in bytes, the constructor's id included.
    pub(crate) min: u32,
}

/// A vector type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VectorRow {
    pub(crate) boxed: bool,
    pub(crate) item: Ty,
    /// The shortest item in bytes; never 0, so that counts are bounded by the bytes that are there.
    pub(crate) min: u32,
}

/// A parameter of a definition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ParamRow {
    pub(crate) key: KeyId,
    pub(crate) ty: Ty,
    /// Which of the definition's flags words holds its bit; [`ParamRow::MANDATORY`] where it has none. For a flags
    /// word itself: its own number.
    pub(crate) word: u8,
    pub(crate) bit: u8,
    /// Another parameter of the definition hangs on the same bit.
    pub(crate) shared: bool,
    /// Encoding asks [`crate::Convert::field`] about it.
    pub(crate) hooked: bool,
    /// By shape: V8, V7, V4. Raw is always plain.
    pub(crate) reading: [Reading; 3],
}

impl ParamRow {
    /// The `word` of parameters that are always there.
    pub(crate) const MANDATORY: u8 = u8::MAX;
}

/// How many flags words a definition can have.
pub(crate) const MAX_WORDS: usize = 4;

/// A constructor or a method.
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent facts about one definition"
)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct DefinitionRow {
    pub(crate) id: u32,
    pub(crate) key: KeyId,
    pub(crate) ty: Ty,
    pub(crate) method: bool,
    /// Where its parameters begin in [`Tables::params`].
    pub(crate) first: u32,
    pub(crate) count: u16,
    pub(crate) making: Making,
    /// A user, a chat or the full form of one: the decoder reports where its bytes lie.
    pub(crate) peer: bool,
    /// A `message`: scripts get objects for its buttons.
    pub(crate) message: bool,
    /// Encoding asks [`crate::Convert::object`] about it.
    pub(crate) hooked: bool,
    /// The shortest value in bytes, without the id.
    pub(crate) min: u32,
    /// How many parameters are neither optional nor flags words.
    pub(crate) mandatory: u16,
    /// How many parameters are `true` flags.
    pub(crate) trues: u16,
    /// The flags words with which the bytes begin, at most two: known before anything else is read.
    pub(crate) leading: u8,
    /// The bits of optional parameters that have a value, in the leading words.
    pub(crate) valued: [u32; 2],
    /// The bits of `true` flags, in the leading words.
    pub(crate) bits: [u32; 2],
}

/// A whole schema.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub(crate) layer: i32,
    pub(crate) text: Cow<'static, str>,
    pub(crate) keys: Cow<'static, [Span]>,
    pub(crate) types: Cow<'static, [TypeRow]>,
    pub(crate) members: Cow<'static, [DefinitionId]>,
    pub(crate) vectors: Cow<'static, [VectorRow]>,
    pub(crate) params: Cow<'static, [ParamRow]>,
    pub(crate) definitions: Cow<'static, [DefinitionRow]>,
    /// How many of the definitions are constructors.
    pub(crate) constructors: u16,
    /// The namespaces of methods, sorted.
    pub(crate) namespaces: Cow<'static, [Span]>,
    pub(crate) ids: IdTable,
    pub(crate) constructor_names: NameTable,
    pub(crate) method_names: NameTable,
    pub(crate) type_names: NameTable,
    pub(crate) key_names: NameTable,
}

impl Tables {
    /// The piece of the text that the span names; empty where there is none, which rows of one schema never do.
    pub(crate) fn text(&self, span: Span) -> &str {
        let start = span.start as usize;
        self.text
            .get(start..start + span.len as usize)
            .unwrap_or_default()
    }

    pub(crate) fn key(&self, key: KeyId) -> &str {
        self.keys
            .get(usize::from(key.0))
            .map_or("", |span| self.text(*span))
    }
}
