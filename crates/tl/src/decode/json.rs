//! JSON texts, which `dataJSON` carries, into a sink.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::sink::Sink;

/// The value of a text; null where it is no JSON. Nesting is bounded by `serde_json` (128).
pub(super) fn parse<S: Sink>(text: &[u8], sink: &mut S) -> S::Value {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Seed(sink).deserialize(&mut deserializer);
    match (value, deserializer.end()) {
        (Ok(value), Ok(())) => value,
        _ => sink.null(),
    }
}

struct Seed<'k, S>(&'k mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Seed<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Seed<'_, S> {
    type Value = S::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<S::Value, E> {
        Ok(self.0.null())
    }

    fn visit_bool<E>(self, value: bool) -> Result<S::Value, E> {
        Ok(self.0.bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<S::Value, E> {
        Ok(self.0.int(value))
    }

    /// PHP makes a float of a number above `PHP_INT_MAX`.
    #[allow(clippy::cast_precision_loss, reason = "as json_decode does")]
    fn visit_u64<E>(self, value: u64) -> Result<S::Value, E> {
        Ok(match i64::try_from(value) {
            Ok(value) => self.0.int(value),
            Err(_) => self.0.double(value as f64),
        })
    }

    fn visit_f64<E>(self, value: f64) -> Result<S::Value, E> {
        Ok(self.0.double(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<S::Value, E> {
        Ok(self.0.text(value.as_bytes()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<S::Value, A::Error> {
        let mut list = self.0.list(0);
        while let Some(item) = items.next_element_seed(Seed(&mut *self.0))? {
            self.0.push(&mut list, item);
        }
        Ok(self.0.finish_list(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<S::Value, A::Error> {
        let mut table = self.0.table(0);
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(Seed(&mut *self.0))?;
            self.0.set(&mut table, key.as_bytes(), value);
        }
        Ok(self.0.finish_table(table))
    }
}
