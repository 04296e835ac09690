//! PHP values of values that Rust code made.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_tl::{Object, Value};

use super::entries::insert;
use super::sink;
use crate::exceptions::Thrown;
use crate::types::bytes;

/// The PHP value: objects become arrays, with `_` first where they have a name.
pub(crate) fn of(value: &Value) -> Result<Zval, Thrown> {
    Ok(match value {
        Value::Null => Zval::new(),
        Value::Bool(truth) => truth.into_zval(false)?,
        Value::Int(number) => number.into_zval(false)?,
        Value::Double(number) => number.into_zval(false)?,
        Value::Text(text) => sink::text(text),
        Value::Bytes(content) => {
            // SAFETY: a new object with one reference, which the box takes.
            unsafe { ZBox::from_raw(bytes::new(content)) }.into_zval(false)?
        }
        Value::List(items) => {
            let mut list = ZendHashTable::with_capacity(items.len() as u32);
            for item in items {
                list.push(of(item)?)?;
            }
            sink::array(list)
        }
        Value::Object(object) => of_object(object)?,
    })
}

fn of_object(object: &Object) -> Result<Zval, Thrown> {
    let mut table = ZendHashTable::with_capacity(object.fields().len() as u32 + 1);
    if !object.name().is_empty() {
        table.insert("_", object.name())?;
    }
    for (name, value) in object.fields() {
        let value = of(value)?;
        // Decimal numbers are int keys, as everywhere in PHP.
        match name.parse::<i64>() {
            Ok(number) if number.to_string() == name => {
                table.insert(number, value)?;
            }
            _ => insert(&mut table, name.as_bytes(), value),
        }
    }
    Ok(sink::array(table))
}
