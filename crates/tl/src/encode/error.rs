//! Why a value could not be encoded.

use std::error::Error;
use std::fmt;

/// An error of encoding, with the place where it happened.
///
/// `E` is the error of the [`crate::Convert`] hook.
#[derive(Debug)]
pub struct EncodeError<E> {
    /// Boxed, so that a result of the codec fits into a register.
    inner: Box<Inner<E>>,
}

#[derive(Debug)]
struct Inner<E> {
    path: String,
    kind: EncodeErrorKind<E>,
}

/// What is wrong.
#[derive(Debug)]
pub enum EncodeErrorKind<E> {
    /// The value is not of the wanted type.
    Mismatch {
        /// The type in TL's spelling.
        expected: String,
        /// What came, in a few words.
        found: String,
    },
    /// A mandatory parameter, or one whose flag is set, has no value.
    Missing {
        /// Its name.
        param: String,
    },
    /// The schema has no constructor of that name.
    UnknownConstructor {
        /// The name that was under `_`.
        name: String,
    },
    /// A string or bytes longer than TL can carry (16 MiB).
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// Values nest deeper than the codec follows.
    TooDeep,
    /// The hook's own.
    Convert(E),
}

impl<E> EncodeError<E> {
    /// An error at a place that the path describes.
    pub fn new(path: String, kind: EncodeErrorKind<E>) -> Self {
        Self {
            inner: Box::new(Inner { path, kind }),
        }
    }

    /// The place: `messages.sendMessage → reply_markup → rows[0]`.
    pub fn path(&self) -> &str {
        &self.inner.path
    }

    /// What is wrong.
    pub fn kind(&self) -> &EncodeErrorKind<E> {
        &self.inner.kind
    }

    /// The place and what is wrong there.
    pub fn into_parts(self) -> (String, EncodeErrorKind<E>) {
        (self.inner.path, self.inner.kind)
    }
}

impl<E: fmt::Display> fmt::Display for EncodeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.inner.path)?;
        match &self.inner.kind {
            EncodeErrorKind::Mismatch { expected, found } => {
                write!(f, "expected {expected}, found {found}")
            }
            EncodeErrorKind::Missing { param } => {
                write!(f, "expected a value for {param}, found none")
            }
            EncodeErrorKind::UnknownConstructor { name } => {
                write!(f, "expected a constructor of the schema, found {name}")
            }
            EncodeErrorKind::TooLong { length } => {
                write!(
                    f,
                    "expected at most {} bytes, found {length}",
                    crate::wire::MAX_BYTES
                )
            }
            EncodeErrorKind::TooDeep => f.write_str("expected values that nest less deep"),
            EncodeErrorKind::Convert(error) => error.fmt(f),
        }
    }
}

impl<E: Error + 'static> Error for EncodeError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if let EncodeErrorKind::Convert(error) = &self.inner.kind {
            Some(error)
        } else {
            None
        }
    }
}
