//! Encoding from a [`Value`].

use std::slice;

use super::{Name, Value};
use crate::encode::{EntryKey, Key, Source, View};
use crate::schema::KeyId;

/// A value while it is encoded: a whole one, or the name of an object as the value of its `_`.
#[derive(Clone, Copy, Debug)]
pub enum ValueRef<'a> {
    /// A value.
    Value(&'a Value),
    /// The name of an object.
    Name(&'a str),
}

impl<'a> From<&'a Value> for ValueRef<'a> {
    fn from(value: &'a Value) -> Self {
        Self::Value(value)
    }
}

impl<'a> Source<'a> for ValueRef<'a> {
    type Items = Items<'a>;

    fn view(self) -> View<'a> {
        match self {
            Self::Name(name) => View::Text(name.as_bytes()),
            Self::Value(value) => match value {
                Value::Null => View::Null,
                Value::Bool(value) => View::Bool(*value),
                Value::Int(value) => View::Int(*value),
                Value::Double(value) => View::Double(*value),
                Value::Text(value) => View::Text(value),
                Value::Bytes(value) => View::Bytes(value),
                Value::List(_) | Value::Object(_) => View::Array,
            },
        }
    }

    fn field(self, key: Key<'_>) -> Option<Self> {
        let Self::Value(Value::Object(object)) = self else {
            return None;
        };
        if key.id() == KeyId::CONSTRUCTOR {
            return Some(Self::Name(&object.name)).filter(|_| !object.name.is_empty());
        }
        object.get(key.name()).map(Self::Value)
    }

    fn named(self, name: &str) -> Option<Self> {
        let Self::Value(Value::Object(object)) = self else {
            return None;
        };
        if name == "_" {
            return Some(Self::Name(&object.name)).filter(|_| !object.name.is_empty());
        }
        object.get(name).map(Self::Value)
    }

    fn entries<E>(
        self,
        mut visit: impl FnMut(EntryKey<'a>, Self) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Value(Value::List(items)) => items
                .iter()
                .zip(0..)
                .try_for_each(|(item, index)| visit(EntryKey::Index(index), Self::Value(item))),
            Self::Value(Value::Object(object)) => {
                if !object.name.is_empty() {
                    visit(EntryKey::Name(b"_"), Self::Name(&object.name))?;
                }
                let mut fields = object.fields.iter();
                fields.try_for_each(|(name, value)| {
                    visit(EntryKey::Name(name.as_bytes()), Self::Value(value))
                })
            }
            _ => Ok(()),
        }
    }

    fn is_list(self) -> bool {
        matches!(self, Self::Value(Value::List(_)))
    }

    fn len(self) -> usize {
        match self {
            Self::Value(Value::List(items)) => items.len(),
            Self::Value(Value::Object(object)) => object.fields.len(),
            _ => 0,
        }
    }

    fn items(self) -> Items<'a> {
        match self {
            Self::Value(Value::List(items)) => Items::List(items.iter()),
            Self::Value(Value::Object(object)) => Items::Fields(object.fields.iter()),
            _ => Items::List([].iter()),
        }
    }
}

/// The items of a list, or the values of an object.
#[derive(Clone, Debug)]
pub enum Items<'a> {
    /// Of a list.
    List(slice::Iter<'a, Value>),
    /// Of an object.
    Fields(slice::Iter<'a, (Name, Value)>),
}

impl<'a> Iterator for Items<'a> {
    type Item = ValueRef<'a>;

    fn next(&mut self) -> Option<ValueRef<'a>> {
        match self {
            Self::List(items) => items.next().map(ValueRef::Value),
            Self::Fields(fields) => fields.next().map(|(_, value)| ValueRef::Value(value)),
        }
    }
}
