//! What the codec asks values from.

use crate::schema::{KeyId, Schema};

/// A value as the codec sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum View<'a> {
    /// No value: the same as an absent one.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// A string.
    Text(&'a [u8]),
    /// Bytes that are marked as such: a `Bytes` object.
    Bytes(&'a [u8]),
    /// A list, or an object with keys.
    Array,
    /// Something that only the host language knows: any other object, a resource.
    Opaque,
}

/// A key of an array, as [`Source::entries`] tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKey<'a> {
    /// The position in a list, or a number that is a key.
    Index(i64),
    /// A name.
    Name(&'a [u8]),
}

/// A value of the host language: a zval, a [`crate::Value`].
///
/// `'a` is how long the texts of the value live.
pub trait Source<'a>: Copy {
    /// The items of a list, or the values of an object.
    type Items: Iterator<Item = Self>;

    /// What it is.
    fn view(self) -> View<'a>;

    /// The value under a key; `None` where it is no object or the key is absent. `Null` counts as absent.
    fn field(self, key: Key<'_>) -> Option<Self>;

    /// The value under a name that no schema need know, such as the bot API's `parse_mode`; as [`Source::field`].
    fn named(self, name: &str) -> Option<Self>;

    /// Calls `visit` with each key and value of an array, in order, until it fails; not at all for anything else.
    fn entries<E>(self, visit: impl FnMut(EntryKey<'a>, Self) -> Result<(), E>) -> Result<(), E>;

    /// Whether it is an array with the keys 0, 1, 2, … in this order; an empty array is.
    fn is_list(self) -> bool;

    /// How many items or fields an array has.
    fn len(self) -> usize;

    /// The items or fields' values of an array, in order; empty for anything else.
    fn items(self) -> Self::Items;

    /// Whether an array has no items.
    fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// What it is called in messages, where only the host language knows: the class of an object.
    fn description(self) -> Option<String> {
        None
    }

    /// PHP's hash of a text, where it is at hand.
    fn hash(self) -> Option<u64> {
        None
    }
}

/// The key of a field: a number for sources that keep a table of keys, a name for the others.
#[derive(Clone, Copy, Debug)]
pub struct Key<'k> {
    schema: &'k Schema,
    id: KeyId,
}

impl<'k> Key<'k> {
    /// A key of that schema.
    #[inline]
    pub fn new(schema: &'k Schema, id: KeyId) -> Self {
        Self { schema, id }
    }

    /// The index in [`Schema::keys`].
    #[inline]
    pub fn id(self) -> KeyId {
        self.id
    }

    /// The name.
    #[inline]
    pub fn name(self) -> &'k str {
        self.schema.key(self.id)
    }

    /// The schema that the index belongs to.
    #[inline]
    pub fn schema(self) -> &'k Schema {
        self.schema
    }
}
