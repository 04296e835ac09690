//! Decodes into PHP values as scripts get them, buttons as objects.

use madeline_tl::{Definition, Key, Sink};

use crate::tagged::{Tagged, TaggedKey};

const BUTTON: &str = "danog\\MadelineProto\\TL\\Types\\Button";

/// Builds [`Tagged`] values.
pub(crate) struct TaggedSink;

impl Sink for TaggedSink {
    type Value = Tagged;
    type Map = Vec<(TaggedKey, Tagged)>;
    type List = Vec<Tagged>;

    fn null(&mut self) -> Tagged {
        Tagged::Null
    }

    fn bool(&mut self, value: bool) -> Tagged {
        Tagged::Bool(value)
    }

    fn int(&mut self, value: i64) -> Tagged {
        Tagged::Int(value)
    }

    fn double(&mut self, value: f64) -> Tagged {
        Tagged::Float(value)
    }

    fn text(&mut self, value: &[u8]) -> Tagged {
        Tagged::Text(value.to_vec())
    }

    fn bytes(&mut self, value: &[u8]) -> Tagged {
        Tagged::Bytes(value.to_vec())
    }

    fn map(&mut self, definition: Definition<'_>, _: usize) -> Self::Map {
        vec![(
            TaggedKey::Name("_".to_owned()),
            Tagged::Text(definition.name().as_bytes().to_vec()),
        )]
    }

    fn put(&mut self, map: &mut Self::Map, key: Key<'_>, value: Tagged) {
        map.push((TaggedKey::Name(key.name().to_owned()), value));
    }

    fn finish_map(&mut self, map: Self::Map, definition: Definition<'_>) -> Tagged {
        let mut value = Tagged::Array(map);
        if definition.is_message() {
            let rows = value
                .get_mut("reply_markup")
                .and_then(|markup| markup.get_mut("rows"));
            for row in rows.into_iter().flat_map(Tagged::values_mut) {
                for button in row
                    .get_mut("buttons")
                    .into_iter()
                    .flat_map(Tagged::values_mut)
                {
                    *button = object_of(button);
                }
            }
        }
        value
    }

    fn list(&mut self, _: usize) -> Vec<Tagged> {
        Vec::new()
    }

    fn push(&mut self, list: &mut Vec<Tagged>, value: Tagged) {
        list.push(value);
    }

    fn finish_list(&mut self, list: Vec<Tagged>) -> Tagged {
        Tagged::list(list)
    }

    fn table(&mut self, _: usize) -> Self::Map {
        Vec::new()
    }

    fn set(&mut self, table: &mut Self::Map, key: &[u8], value: Tagged) {
        table.push((
            TaggedKey::Name(String::from_utf8_lossy(key).into_owned()),
            value,
        ));
    }

    fn finish_table(&mut self, table: Self::Map) -> Tagged {
        Tagged::Array(table)
    }
}

fn object_of(button: &Tagged) -> Tagged {
    let label = button.get("text").cloned().unwrap_or(Tagged::Null);
    let fields = [("label", label), ("button", button.clone())];
    Tagged::Object(
        BUTTON.to_owned(),
        fields
            .map(|(name, value)| (TaggedKey::Name(name.to_owned()), value))
            .into(),
    )
}
