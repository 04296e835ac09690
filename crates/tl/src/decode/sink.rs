//! What the codec gives values to.

use super::json;
use crate::encode::Key;
use crate::schema::Definition;

/// Builds values of the host language, pushed one by one.
///
/// A map is begun with [`Sink::map`], filled by [`Sink::put`] and made a value by [`Sink::finish_map`]; lists alike.
/// Where decoding fails, what is begun is dropped.
pub trait Sink {
    /// A value.
    type Value;
    /// An object that is being filled.
    type Map;
    /// A list that is being filled.
    type List;

    /// No value: `jsonNull`.
    fn null(&mut self) -> Self::Value;

    /// A truth value.
    fn bool(&mut self, value: bool) -> Self::Value;

    /// A whole number.
    fn int(&mut self, value: i64) -> Self::Value;

    /// A floating-point number.
    fn double(&mut self, value: f64) -> Self::Value;

    /// A string; not necessarily UTF-8.
    fn text(&mut self, value: &[u8]) -> Self::Value;

    /// Bytes, which scripts get as a `Bytes` object.
    fn bytes(&mut self, value: &[u8]) -> Self::Value;

    /// Begins an object. `capacity` is how many fields will follow beside `_`, which the sink itself adds; it is
    /// exact for nearly all objects, and no more than a hint.
    fn map(&mut self, definition: Definition<'_>, capacity: usize) -> Self::Map;

    /// Adds a field. No key comes twice.
    fn put(&mut self, map: &mut Self::Map, key: Key<'_>, value: Self::Value);

    /// Ends an object. Where `definition.is_message()`, the map holds the whole message: `peer_id`, `from_id`, `id`
    /// and, in `reply_markup`, the buttons that scripts get as objects.
    fn finish_map(&mut self, map: Self::Map, definition: Definition<'_>) -> Self::Value;

    /// Begins a list of so many items; fewer are announced where counts claim more than the input can hold, so that
    /// what is allocated for `capacity` stays a small multiple of the input.
    fn list(&mut self, capacity: usize) -> Self::List;

    /// Adds an item.
    fn push(&mut self, list: &mut Self::List, value: Self::Value);

    /// Ends a list.
    fn finish_list(&mut self, list: Self::List) -> Self::Value;

    /// Begins a table with free keys, of a JSON object.
    fn table(&mut self, capacity: usize) -> Self::Map;

    /// Adds or replaces a member of a table.
    fn set(&mut self, table: &mut Self::Map, key: &[u8], value: Self::Value);

    /// Ends a table.
    fn finish_table(&mut self, table: Self::Map) -> Self::Value;

    /// The value of a JSON text; null where it is none.
    fn json(&mut self, text: &[u8]) -> Self::Value
    where
        Self: Sized,
    {
        json::parse(text, self)
    }

    /// The serialized form, id included, of a user, a chat or the full form of one, where one has been decoded.
    fn seen(&mut self, definition: Definition<'_>, bytes: &[u8]) {
        let (_, _) = (definition, bytes);
    }
}
