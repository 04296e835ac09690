//! A plain value: what Rust code encodes from and decodes into.

use std::borrow::Cow;

mod access;
mod codec;
mod from;
mod sink;
mod source;

pub use access::FieldError;
pub use codec::{
    append_bytes, boxed_from_bytes, boxed_to_bytes, from_bytes, method_from_bytes, method_to_bytes,
    to_bytes,
};
pub use sink::ValueSink;
pub use source::{Items, ValueRef};

/// A TL value: a primitive, a list, or an object of some constructor (or method).
///
/// Numbers of every width are `Int`; `int128` and the like are `Bytes`; text need not be UTF-8.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value; the same as an absent one.
    #[default]
    Null,
    /// `Bool`, or a `true` flag.
    Bool(bool),
    /// `int`, `long` and `#`.
    Int(i64),
    /// `double`.
    Double(f64),
    /// `string`.
    Text(Vec<u8>),
    /// `bytes`, `int128`, `int256`, `int512`; where anything boxed is wanted (`!X`), its serialized form.
    Bytes(Vec<u8>),
    /// `Vector`.
    List(Vec<Value>),
    /// A constructor or a method with its parameters.
    Object(Object),
}

/// A constructor's or method's name, and its parameters by theirs.
///
/// Two objects are equal where their names are and their fields in the same order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    name: Name,
    fields: Vec<(Name, Value)>,
}

/// Borrowed for the names of compiled-in schemas and of Rust code.
type Name = Cow<'static, str>;

impl Object {
    /// An object without fields; with an empty name, a table of free keys.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            fields: Vec::new(),
        }
    }

    /// The constructor's or method's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value of a field; `None` where it is absent.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.fields
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// Sets a field, in place where there is one of that name. `Null` removes it.
    pub fn set(&mut self, key: impl Into<Cow<'static, str>>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        if value == Value::Null {
            self.fields.retain(|(name, _)| *name != key);
        } else if let Some((_, slot)) = self.fields.iter_mut().find(|(name, _)| *name == key) {
            *slot = value;
        } else {
            self.fields.push((key, value));
        }
    }

    /// The fields in order.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.fields.iter().map(|(name, value)| (&**name, value))
    }
}

/// Makes an object: `object!("inputPeerUser", user_id: 5, access_hash: hash)`.
///
/// A value is anything that a [`Value`] can be made from; a field that is `None` is left out.
#[macro_export]
macro_rules! object {
    ($name:expr $(, $key:ident : $value:expr)* $(,)?) => {{
        #[allow(unused_mut, reason = "there may be no fields")]
        let mut object = $crate::Object::new($name);
        $(object.set(::std::stringify!($key).trim_start_matches("r#"), $value);)*
        $crate::Value::Object(object)
    }};
}
