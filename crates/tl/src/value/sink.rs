//! Decoding into a [`Value`].

use std::borrow::Cow;

use super::{Name, Object, Value};
use crate::decode::Sink;
use crate::encode::Key;
use crate::schema::{Definition, KeyId, Schema};

/// Builds [`Value`]s.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValueSink;

impl Sink for ValueSink {
    type Value = Value;
    type Map = Object;
    type List = Vec<Value>;

    fn null(&mut self) -> Value {
        Value::Null
    }

    fn bool(&mut self, value: bool) -> Value {
        Value::Bool(value)
    }

    fn int(&mut self, value: i64) -> Value {
        Value::Int(value)
    }

    fn double(&mut self, value: f64) -> Value {
        Value::Double(value)
    }

    fn text(&mut self, value: &[u8]) -> Value {
        Value::Text(value.to_vec())
    }

    fn bytes(&mut self, value: &[u8]) -> Value {
        Value::Bytes(value.to_vec())
    }

    fn map(&mut self, definition: Definition<'_>, capacity: usize) -> Object {
        Object {
            name: name(definition.schema(), definition.key()),
            fields: Vec::with_capacity(capacity),
        }
    }

    fn put(&mut self, map: &mut Object, key: Key<'_>, value: Value) {
        map.fields.push((name(key.schema(), key.id()), value));
    }

    fn finish_map(&mut self, map: Object, _definition: Definition<'_>) -> Value {
        Value::Object(map)
    }

    fn list(&mut self, capacity: usize) -> Vec<Value> {
        Vec::with_capacity(capacity)
    }

    fn push(&mut self, list: &mut Vec<Value>, value: Value) {
        list.push(value);
    }

    fn finish_list(&mut self, list: Vec<Value>) -> Value {
        Value::List(list)
    }

    fn table(&mut self, capacity: usize) -> Object {
        Object {
            name: Cow::Borrowed(""),
            fields: Vec::with_capacity(capacity),
        }
    }

    fn set(&mut self, table: &mut Object, key: &[u8], value: Value) {
        let key = String::from_utf8_lossy(key);
        match table.fields.iter_mut().find(|(name, _)| **name == *key) {
            Some((_, slot)) => *slot = value,
            None => table.fields.push((Cow::Owned(key.into_owned()), value)),
        }
    }

    fn finish_table(&mut self, table: Object) -> Value {
        Value::Object(table)
    }
}

/// Names of compiled-in schemas live as long as the program; those of others are copied.
fn name(schema: &Schema, key: KeyId) -> Name {
    schema
        .static_key(key)
        .map_or_else(|| Cow::Owned(schema.key(key).to_owned()), Cow::Borrowed)
}
