//! PHP values as the recordings write them: JSON with tags for what JSON has not.

use std::fmt;

use madeline_tl::{EntryKey, Key, Source, View};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A PHP value.
#[derive(Clone, Debug)]
pub(crate) enum Tagged {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Vec<u8>),
    /// A `Bytes` object.
    Bytes(Vec<u8>),
    Array(Vec<(TaggedKey, Tagged)>),
    /// Any other object: its class and what is recorded of it.
    Object(String, Vec<(TaggedKey, Tagged)>),
}

/// A key of an array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TaggedKey {
    Index(i64),
    Name(String),
}

impl TaggedKey {
    /// PHP makes a number of a key that is written like one.
    fn of(name: String) -> Self {
        match name.parse::<i64>() {
            Ok(index) if index.to_string() == name => Self::Index(index),
            _ => Self::Name(name),
        }
    }
}

impl Tagged {
    pub(crate) fn list(items: Vec<Tagged>) -> Self {
        Self::Array((0..).map(TaggedKey::Index).zip(items).collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Tagged> {
        let Self::Array(entries) = self else {
            return None;
        };
        entries
            .iter()
            .find(|(key, _)| matches!(key, TaggedKey::Name(key) if key == name))
            .map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Tagged> {
        let Self::Array(entries) = self else {
            return None;
        };
        entries
            .iter_mut()
            .find(|(key, _)| matches!(key, TaggedKey::Name(key) if key == name))
            .map(|(_, value)| value)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Tagged> {
        let entries = if let Self::Array(entries) = self {
            entries.as_mut_slice()
        } else {
            &mut []
        };
        entries.iter_mut().map(|(_, value)| value)
    }

    /// The value that a tagged object stands for; itself where it has no tag.
    fn untag(mut entries: Vec<(TaggedKey, Tagged)>) -> Result<Self, String> {
        let Some((TaggedKey::Name(tag), first)) = entries.first() else {
            return Ok(Self::Array(entries));
        };
        let text = if let Tagged::Text(text) = first {
            String::from_utf8_lossy(text).into_owned()
        } else {
            String::new()
        };
        Ok(match tag.as_str() {
            "$bytes" => Self::Bytes(base64(&text)?),
            "$bin" => Self::Text(base64(&text)?),
            "$float" => Self::Float(
                text.parse()
                    .map_err(|_| format!("expected a float, found {text}"))?,
            ),
            "$obj" | "$enum" => Self::Object(text, entries.split_off(1)),
            _ => Self::Array(entries),
        })
    }
}

/// Equal as `===` of PHP, with the order of keys; objects by what is recorded of them, floats by their bits.
impl PartialEq for Tagged {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Text(a), Self::Text(b)) | (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a, a_fields), Self::Object(b, b_fields)) => {
                a == b && a_fields == b_fields
            }
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for Tagged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TaggedVisitor)
    }
}

struct TaggedVisitor;

impl<'de> Visitor<'de> for TaggedVisitor {
    type Value = Tagged;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tagged JSON")
    }

    fn visit_unit<E>(self) -> Result<Tagged, E> {
        Ok(Tagged::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tagged, E> {
        Ok(Tagged::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tagged, E> {
        Ok(Tagged::Int(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Tagged, E> {
        i64::try_from(value).map(Tagged::Int).map_err(E::custom)
    }

    fn visit_str<E>(self, value: &str) -> Result<Tagged, E> {
        Ok(Tagged::Text(value.as_bytes().to_vec()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tagged, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tagged::list(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tagged, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = members.next_entry()? {
            entries.push((TaggedKey::of(key), value));
        }
        Tagged::untag(entries).map_err(serde::de::Error::custom)
    }
}

impl<'a> Source<'a> for &'a Tagged {
    type Items = Box<dyn Iterator<Item = &'a Tagged> + 'a>;

    fn view(self) -> View<'a> {
        match self {
            Tagged::Null => View::Null,
            Tagged::Bool(value) => View::Bool(*value),
            Tagged::Int(value) => View::Int(*value),
            Tagged::Float(value) => View::Double(*value),
            Tagged::Text(value) => View::Text(value),
            Tagged::Bytes(value) => View::Bytes(value),
            Tagged::Array(_) => View::Array,
            Tagged::Object(..) => View::Opaque,
        }
    }

    fn field(self, key: Key<'_>) -> Option<Self> {
        self.get(key.name())
    }

    fn named(self, name: &str) -> Option<Self> {
        self.get(name)
    }

    fn entries<E>(
        self,
        mut visit: impl FnMut(EntryKey<'a>, Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let Tagged::Array(entries) = self else {
            return Ok(());
        };
        entries.iter().try_for_each(|(key, value)| match key {
            TaggedKey::Index(index) => visit(EntryKey::Index(*index), value),
            TaggedKey::Name(name) => visit(EntryKey::Name(name.as_bytes()), value),
        })
    }

    fn is_list(self) -> bool {
        let Tagged::Array(entries) = self else {
            return false;
        };
        entries
            .iter()
            .zip(0..)
            .all(|((key, _), index)| *key == TaggedKey::Index(index))
    }

    fn len(self) -> usize {
        if let Tagged::Array(entries) = self {
            entries.len()
        } else {
            0
        }
    }

    fn items(self) -> Self::Items {
        let entries = if let Tagged::Array(entries) = self {
            entries.as_slice()
        } else {
            &[]
        };
        Box::new(entries.iter().map(|(_, value)| value))
    }
}

fn base64(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for character in text.bytes().filter(|character| *character != b'=') {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err(format!("expected base64, found {text}")),
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Ok(bytes)
}
