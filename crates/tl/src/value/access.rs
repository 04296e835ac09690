//! Reading a value that should have a certain form.

use std::fmt;

use super::{Object, Value};

/// A field that is absent or of another kind than was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    object: String,
    field: String,
    expected: &'static str,
    found: &'static str,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            object,
            field,
            expected,
            found,
        } = self;
        write!(f, "{object}.{field}: expected {expected}, found {found}")
    }
}

impl std::error::Error for FieldError {}

static NULL: Value = Value::Null;

impl Value {
    /// The constructor's or method's name; empty for anything but an object.
    pub fn name(&self) -> &str {
        if let Self::Object(object) = self {
            object.name()
        } else {
            ""
        }
    }

    /// Whether it is an object of that constructor.
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Self::Object(object) if object.name() == name)
    }

    /// A field; `Null` where it is absent, or this is no object.
    pub fn get(&self, key: &str) -> &Value {
        if let Self::Object(object) = self {
            object.get(key).unwrap_or(&NULL)
        } else {
            &NULL
        }
    }

    /// Whether a field is there.
    pub fn has(&self, key: &str) -> bool {
        *self.get(key) != Self::Null
    }

    /// A `Bool` or `true` flag; false where it is absent.
    pub fn flag(&self, key: &str) -> bool {
        *self.get(key) == Self::Bool(true)
    }

    /// A field that is a whole number.
    pub fn int(&self, key: &str) -> Result<i64, FieldError> {
        self.get(key)
            .as_int()
            .ok_or_else(|| self.wrong(key, "a whole number"))
    }

    /// A field that is a floating-point number.
    pub fn double(&self, key: &str) -> Result<f64, FieldError> {
        if let Self::Double(value) = self.get(key) {
            Ok(*value)
        } else {
            Err(self.wrong(key, "a floating-point number"))
        }
    }

    /// A field that is a string in UTF-8.
    pub fn text(&self, key: &str) -> Result<&str, FieldError> {
        self.get(key)
            .as_text()
            .ok_or_else(|| self.wrong(key, "a string in UTF-8"))
    }

    /// A field that is bytes, or a string.
    pub fn bytes(&self, key: &str) -> Result<&[u8], FieldError> {
        self.get(key)
            .as_bytes()
            .ok_or_else(|| self.wrong(key, "bytes"))
    }

    /// A field that is a list.
    pub fn list(&self, key: &str) -> Result<&[Value], FieldError> {
        self.get(key)
            .as_list()
            .ok_or_else(|| self.wrong(key, "a list"))
    }

    /// A field that is an object.
    pub fn object(&self, key: &str) -> Result<&Value, FieldError> {
        let value = self.get(key);
        if matches!(value, Self::Object(_)) {
            Ok(value)
        } else {
            Err(self.wrong(key, "an object"))
        }
    }

    /// The whole number that this is.
    pub fn as_int(&self) -> Option<i64> {
        if let Self::Int(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    /// The string that this is, where it is UTF-8.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(value) = self {
            std::str::from_utf8(value).ok()
        } else {
            None
        }
    }

    /// The bytes, or the string, that this is.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(value) | Self::Text(value) = self {
            Some(value)
        } else {
            None
        }
    }

    /// The list that this is.
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Self::List(value) = self {
            Some(value)
        } else {
            None
        }
    }

    /// The object that this is.
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(value) = self {
            Some(value)
        } else {
            None
        }
    }

    fn wrong(&self, key: &str, expected: &'static str) -> FieldError {
        let object = match self {
            Self::Object(object) => object.name().to_owned(),
            other => other.kind().to_owned(),
        };
        FieldError {
            object,
            field: key.to_owned(),
            expected,
            found: self.get(key).kind(),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a truth value",
            Self::Int(_) => "a whole number",
            Self::Double(_) => "a floating-point number",
            Self::Text(_) => "a string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}
