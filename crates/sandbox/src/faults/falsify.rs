//! A result whose bytes are others than they should be.

use madeline_tl::Value;

/// The same with a bit changed in each `bytes` and `hash`, at any depth.
pub(crate) fn falsified(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.iter().map(falsified).collect()),
        Value::Object(object) => {
            let mut changed = object.clone();
            for (name, field) in object.fields() {
                let field = match field {
                    Value::Bytes(bytes) if matches!(name, "bytes" | "hash") => {
                        let mut bytes = bytes.clone();
                        if let Some(first) = bytes.first_mut() {
                            *first ^= 1;
                        }
                        Value::Bytes(bytes)
                    }
                    field => falsified(field),
                };
                changed.set(name.to_owned(), field);
            }
            Value::Object(changed)
        }
        other => other.clone(),
    }
}
